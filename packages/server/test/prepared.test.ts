/**
 * Answers that lie ready are the answers that would be made: the same bytes and fields, in the same order, for whoever may
 * have them and as long as they would be the same. `Max-Forwards` makes a request go the long way and changes nothing else.
 */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RelayServer } from '../src/relay-server.ts';
import { startOrigin } from './support/origin.ts';
import { fetchRaw, type RawResponse } from './support/rawHttp.ts';
import { comparable, compare, field, LONG_WAY } from './support/ready.ts';
import { MONDAY_11, startRelayTo, startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';
import { type HttpUpstream, startHttpUpstream, startScriptedUpstream } from './support/upstreams.ts';

describe('an answer of a typed route that lies ready', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay();
  });
  afterAll(() => test.close());

  const URIS = ['/restaurant', '/restaurant/nanna', '/restaurant/jons', '/menus?region=solna', '/dishes?q=lax'];

  it.each(URIS)('is the one that would be made: %s', async (uri) => {
    const url = test.relay.url + uri;
    const { ready, made } = await compare(url);
    expect(ready).toEqual(made);
    expect(field(ready, 'cache-status')).toMatch(/^lunch-relay; hit; ttl=\d+$/);
    const etag = `If-None-Match: ${field(ready, 'etag')}`;
    for (const asking of [{ method: 'HEAD' }, { headers: [etag] }, { method: 'HEAD', headers: [etag] }]) {
      const { ready, made } = await compare(url, asking);
      expect(ready).toEqual(made);
    }
  });

  it('is the same at every time of the day, whatever the upstream says meanwhile', async () => {
    const steps = fc.array(
      fc.record({
        aheadMs: fc.oneof(fc.constant(0), fc.integer({ max: 5_000 }), fc.integer({ max: 5 * 3_600_000 })).map(Math.abs),
        uri: fc.constantFrom(...URIS),
        event: fc.constantFrom('nothing', 'nothing', 'empty', 'mended', 'W4', 'W9', 'purged'),
      }),
      { minLength: 10, maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 7 * 24 * 60 }), steps, async (minutes, events) => {
        let now = MONDAY_11 + minutes * 60_000;
        for (const { aheadMs, uri, event } of events) {
          now += aheadMs;
          test.setNow(now);
          if (event === 'empty') test.simulator.setParserFault(['nanna']);
          if (event === 'mended') test.simulator.setParserFault('none');
          if (event === 'W4' || event === 'W9') test.simulator.setWire(event);
          if (event === 'purged') await test.relay.purge();
          const { ready, made } = await compare(test.relay.url + uri);
          expect(ready).toEqual(made);
        }
        test.simulator.clearFaults();
        await test.relay.purge();
      }),
      { numRuns: 8, seed: 8 },
    );
    test.setNow(MONDAY_11);
  }, 60_000);

  it('is as old as it is, and gone when it is no longer fresh', async () => {
    const url = `${test.relay.url}/restaurant/omni`;
    const { ready } = await compare(url);
    expect(field(ready, 'age')).toBe('0');
    test.setNow(MONDAY_11 + 59_000);
    const later = await fetchRaw(url);
    expect(field(later, 'age')).toBe('59');
    expect(later.body.toString()).toBe((await fetchRaw(url, { headers: [LONG_WAY] })).body.toString());
    test.setNow(MONDAY_11 + 3 * 3_600_000);
    expect(field(await fetchRaw(url), 'cache-status')).not.toContain('ttl=');
    test.setNow(MONDAY_11);
  });

  it('is logged and counted like any other', async () => {
    const url = `${test.relay.url}/restaurant/nanna`;
    await compare(url);
    const count = async () => {
      const metrics = await (await fetch(`${test.relay.adminUrl}/metrics`)).text();
      const figure = (metric: string) =>
        Number(
          metrics
            .split('\n')
            .find((line) => line.startsWith(metric))
            ?.split(' ')[1],
        );
      return [
        figure('lunch_relay_request_duration_seconds_count{route="getRestaurant",status_class="2xx"}'),
        figure('lunch_relay_request_duration_seconds_bucket{le="+Inf",route="getRestaurant",status_class="2xx"}'),
        figure('lunch_relay_cache_results_total{result="hit"}'),
        figure('lunch_relay_served_overdue_seconds_count'),
      ];
    };
    const before = await count();
    await fetchRaw(url, { headers: ['X-Request-Id: ready-1'] });
    expect(await count()).toEqual(before.map((value) => value + 1));
    const line = test.logged.find(({ requestId }) => requestId === 'ready-1');
    expect(line).toMatchObject({ route: 'getRestaurant', status: 200, cache: 'hit', url: '/restaurant/nanna' });
  });

  it('tells each client its own id', async () => {
    const url = `${test.relay.url}/restaurant/nanna`;
    await compare(url, { headers: ['X-Request-Id: first'] });
    expect(field(await fetchRaw(url, { headers: ['X-Request-Id: second'] }), 'x-request-id')).toBe('second');
    const made = field(await fetchRaw(url), 'x-request-id');
    expect(made).toMatch(/^[\da-f]{16}-\d+$/);
    expect(field(await fetchRaw(url), 'x-request-id')).not.toBe(made);
  });

  it('does not tell one client of the limit of another', async () => {
    const limited = await startTestRelay({ settings: { CLIENT_RATE_LIMIT: '5' } });
    try {
      const first = await fetchRaw(`${limited.relay.url}/restaurant/nanna`);
      expect(field(first, 'ratelimit')).toBeDefined();
      const { ready } = await compare(`${limited.relay.url}/restaurant/nanna`);
      expect(field(ready, 'ratelimit')).toBeUndefined();
    } finally {
      await limited.close();
    }
  });
});

describe('a relayed answer that lies ready', () => {
  let relay: RelayServer;
  let upstream: HttpUpstream;
  let now = MONDAY_11;
  let asked = 0;
  let next: { status: number; fields: ReadonlyArray<readonly [string, string]>; body: string };

  beforeAll(async () => {
    upstream = await startHttpUpstream((request, response) => {
      asked++;
      const { status, fields, body } = next;
      response.sendDate = false;
      const flat = [['date', new Date(now).toUTCString()] as const, ...fields].flat();
      response
        .writeHead(status, flat)
        .end(request.method === 'HEAD' || status === 204 ? undefined : `${body} ${asked}`);
    });
    relay = await startRelayTo(upstream.url, { UPSTREAM_CONCURRENCY: '0' }, { clock: () => now, random: () => 0.5 });
  });
  afterAll(async () => {
    await relay.close();
    await upstream.close();
  });

  const FIELDS = [
    ['Cache-Control', 'max-age=60'],
    ['Cache-Control', 'max-age=5, stale-while-revalidate=20'],
    ['Cache-Control', 'no-cache'],
    ['ETag', '"a"'],
    ['ETag', 'W/"a"'],
    ['Last-Modified', 'Mon, 23 Nov 2026 09:00:00 GMT'],
    ['Vary', 'Accept-Language'],
    ['Vary', 'X-Kind, Accept-Language'],
    ['Set-Cookie', 'a=b'],
    ['Age', '7'],
    ['X-Request-Id', 'of-the-upstream'],
    ['Cache-Status', 'other; hit'],
    ['Location', '/api/elsewhere'],
    ['Content-Type', 'text/plain'],
  ] as const;

  const ASKED = [
    'Accept-Language: sv',
    'Accept-Language: en',
    'X-Kind: one',
    'X-Kind: two',
    'Connection: X-Kind, close',
    'Origin: https://example.org',
    'If-None-Match: "a"',
    'If-None-Match: W/"a"',
    'If-None-Match: "b", "a"',
    'If-None-Match: *',
    'If-Modified-Since: Mon, 23 Nov 2026 09:00:00 GMT',
    'Range: bytes=0-2',
    'Cache-Control: no-cache',
    'Authorization: Bearer x',
  ];

  const step = fc.record({
    aheadMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30_000 })),
    event: fc.constantFrom('nothing', 'nothing', 'answer', 'answer', 'purged', 'posted'),
    status: fc.constantFrom(200, 200, 200, 404, 301, 204),
    fields: fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 5 }),
    asked: fc.uniqueArray(fc.constantFrom(...ASKED), { maxLength: 3 }),
    method: fc.constantFrom('GET', 'GET', 'HEAD'),
    prefix: fc.constantFrom('', '/relay_anything'),
  });

  it('is the one that would be made, whatever the upstream and clients say', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 12 }), async (steps) => {
        await relay.purge();
        next = { status: 200, fields: [['Cache-Control', 'max-age=60']], body: 'one' };
        for (const { aheadMs, event, status, fields, asked: headers, method, prefix } of steps) {
          now += aheadMs;
          const url = `${relay.url}${prefix}/thing?a=1`;
          if (event === 'answer') next = { status, fields: [['Cache-Control', 'public'], ...fields], body: 'next' };
          if (event === 'purged') await relay.purge('/thing?a=1');
          if (event === 'posted') await fetchRaw(url, { method: 'POST', body: 'x' });
          for (let earlier = 0; earlier < 3; earlier++) await fetchRaw(url, { method, headers });
          const before = asked;
          const ready = comparable(await fetchRaw(url, { method, headers }));
          const made = comparable(await fetchRaw(url, { method, headers: [...headers, LONG_WAY] }));
          const isHit = /^lunch-relay; hit; ttl=\d+$/.test(field(ready, 'cache-status') ?? '');
          if (asked !== before && !isHit) continue; // not out of the cache: each is an answer of its own
          compared++;
          expect(ready).toEqual(made);
        }
      }),
      { numRuns: 60, seed: 9 },
    );
    expect(compared).toBeGreaterThan(100);
  }, 60_000);
});

describe('an answer that announced trailers', () => {
  it('lies ready without that: they are not kept, and there is no place for them', async () => {
    const [head, body] = [
      'Cache-Control: max-age=60\r\nETag: "a"\r\nTrailer: X-Sum',
      '2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n',
    ];
    const upstream = await startScriptedUpstream(
      (socket) => void socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${head}\r\n\r\n${body}`),
    );
    const relay = await startRelayTo(upstream.url, {}, { clock: () => MONDAY_11 });
    try {
      for (const asking of [{}, { method: 'HEAD' }, { headers: ['If-None-Match: "a"'] }]) {
        const { ready, made } = await compare(`${relay.url}/x`, asking);
        expect(ready).toEqual(made);
        expect([field(ready, 'trailer'), field(ready, 'cache-status')]).toEqual([
          undefined,
          expect.stringMatching(/hit/),
        ]);
      }
    } finally {
      await relay.close();
      await upstream.close();
    }
  });
});

describe('a variant that lies ready', () => {
  it('is not for who takes the field back that chose it (RFC 9110, section 7.6.1)', async () => {
    const origin = await startOrigin({ RELAY_REQUEST_DIRECTIVES: 'ignore' });
    try {
      origin.answers({ headers: { 'Cache-Control': 'max-age=60', Vary: 'X-Kind' } });
      const kind = ['X-Kind: one', 'Connection: close'];
      const { ready } = await compare(`${origin.url}/thing`, { headers: kind });
      const other = await fetchRaw(`${origin.url}/thing`, { headers: [...kind, 'Connection: X-Kind'] });
      expect(other.body.toString()).not.toBe(ready.body);
    } finally {
      await origin.close();
    }
  });
});

describe('a relay that is too busy', () => {
  it('still sends what lies ready', async () => {
    // on a clock that stands: what lies ready does so until the full minute
    const { relay, close } = await startTestRelay({ settings: { SHED_LAG_MS: '20' } });
    try {
      // until it has come out of the cache more than once: on a busy machine some of these are turned away, too
      let hits = 0;
      const isHit = (answer: RawResponse) => /; hit; ttl=/.test(field(answer, 'cache-status') ?? '');
      await until(async () => isHit(await fetchRaw(`${relay.url}/restaurant/nanna`)) && ++hits === 3);
      let statuses: [ready: string, made: string] = ['', ''];
      // what blocks is the event loop of this process, which is the relay's, too
      for (let tries = 0; tries < 50 && !/ 503 /.test(statuses[1]); tries++) {
        for (let round = 0; round < 8; round++) {
          const end = performance.now() + 60;
          while (performance.now() < end);
          await new Promise((resume) => setImmediate(resume));
        }
        const made = fetchRaw(`${relay.url}/restaurant/nanna`, { headers: [LONG_WAY] });
        const ready = fetchRaw(`${relay.url}/restaurant/nanna`);
        statuses = [(await ready).statusLine, (await made).statusLine];
      }
      expect(statuses).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 503 Service Unavailable']);
    } finally {
      await close();
    }
  });
});

/** What the cache of relayed answers promises as a whole: one call for many, nothing false, and an answer when all else fails. */
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { closedAfterEach } from '../../support/closing.ts';
import { connectRaw, fetchRaw } from '../../support/rawHttp.ts';
import { startRedis } from '../../support/redis.ts';
import { MONDAY_11, startRelayTo, startTestRelay, type TestRelay } from '../../support/relay.ts';
import { until } from '../../support/until.ts';
import { startHttpUpstream } from '../../support/upstreams.ts';

const MENU = '/relay_anything/restaurant/nanna';
const HOUR = 3_600_000;
const GUARDED = { UPSTREAM_CALLS_PER_MINUTE: '60', UPSTREAM_RETRIES: '1', UPSTREAM_BREAKER: '1' };

const closing = closedAfterEach();

async function start(settings: Record<string, string> = {}): Promise<TestRelay> {
  const test = await startTestRelay({ settings });
  closing.push(test.close);
  return test;
}

/** Status, and what Cache-Status says without its figures. */
async function ask(url: string, path: string, init?: RequestInit): Promise<string> {
  const answer = await fetch(url + path, init);
  await answer.text();
  const told = answer.headers.get('cache-status')?.replace(/lunch-relay; |; ttl=-?\d+|; fwd-status=\d+/g, '') ?? 'none';
  return `${answer.status} ${told}`;
}

describe('many requests for one menu', () => {
  it('within its freshness cost the upstream one call, with the default settings', async () => {
    const test = await start(GUARDED);
    const answers = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const many = await Promise.all(Array.from({ length: 100 }, () => ask(test.relay.url, MENU)));
      for (const answer of many) answers.add(answer);
    }
    expect(test.simulator.requestCount()).toBe(1);
    expect([...answers].every((answer) => answer.startsWith('200 '))).toBe(true);
    expect(answers).toContain('200 hit');
  });

  it('in a cold storm wait for one call, and get the same bytes', async () => {
    const test = await start(GUARDED);
    test.simulator.setLatency(300);
    const bodies = await Promise.all(
      Array.from({ length: 300 }, () => fetch(test.relay.url + MENU).then((answer) => answer.text())),
    );
    expect(new Set(bodies).size).toBe(1);
    expect(test.simulator.requestCount()).toBe(1);
  });

  it('are answered although the first client leaves', async () => {
    const test = await start();
    test.simulator.setLatency(200);
    const first = new AbortController();
    const left = fetch(test.relay.url + MENU, { signal: first.signal }).catch(() => 'left');
    await until(() => test.simulator.requestCount() === 1);
    const others = Array.from({ length: 5 }, () => ask(test.relay.url, MENU));
    await new Promise((resolve) => setTimeout(resolve, 50));
    first.abort();
    expect(await left).toBe('left');
    expect(new Set(await Promise.all(others))).toEqual(new Set(['200 fwd=uri-miss; collapsed']));
    expect(test.simulator.requestCount()).toBe(1);
  });

  it('end the call when all clients have left', async () => {
    const test = await start();
    test.simulator.setFault('*', { kind: 'hang' });
    const clients = await Promise.all(Array.from({ length: 3 }, () => connectRaw(test.relay.url)));
    for (const client of clients) client.send(`GET ${MENU} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => test.simulator.openConnections() === 1);
    for (const client of clients) client.socket.destroy();
    await until(() => test.simulator.openConnections() === 0);
  });

  it('do not wait for long for a body that comes slowly', async () => {
    const upstream = await startHttpUpstream((_request, response) => {
      response.writeHead(200, { 'Cache-Control': 'max-age=60', 'Content-Length': 4 }).write('so');
      setTimeout(() => response.end('on'), 600);
    });
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url, { UPSTREAM_TIMEOUT_MS: '400', UPSTREAM_CONCURRENCY: '0' });
    closing.push(relay.close);
    const texts = await Promise.all(
      Array.from({ length: 3 }, () => fetch(`${relay.url}/slow`).then((answer) => answer.text())),
    );
    expect(texts).toEqual(['soon', 'soon', 'soon']);
  });

  it('do not queue for what cannot be stored', async () => {
    let asked = 0;
    const upstream = await startHttpUpstream((_request, response) => {
      asked += 1;
      setTimeout(() => response.writeHead(200, { 'Cache-Control': 'private' }).end(String(asked)), 100);
    });
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url, { UPSTREAM_CONCURRENCY: '0' });
    closing.push(relay.close);
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(relay.url, '/mine')));
    expect(new Set(answers)).toEqual(new Set(['200 fwd=uri-miss']));
    expect(asked).toBe(20);
    // two rounds of 100 ms, not twenty
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});

describe('an upstream that fails', () => {
  const FAULTS = [
    { kind: 'reset-before-headers' },
    ...([429, 500, 502, 503, 504] as const).map((status) => ({ kind: 'status', status }) as const),
    { kind: 'hang' },
    { kind: 'delay', delayMs: 5_000 },
  ] as const;

  it.each(FAULTS)('%j: what is stored stands in for an hour, and no longer', async (fault) => {
    const isLate = fault.kind === 'hang' || fault.kind === 'delay';
    const test = await start({ UPSTREAM_TIMEOUT_MS: isLate ? '300' : '10000' });
    await ask(test.relay.url, '/version');
    test.simulator.setFault('*', fault);
    expect(await ask(test.relay.url, '/version')).toBe('200 hit; detail=stale-if-error');
    test.setNow(MONDAY_11 + 0.9 * HOUR);
    expect(await ask(test.relay.url, '/version')).toBe('200 hit; detail=stale-if-error');
    test.setNow(MONDAY_11 + 1.1 * HOUR);
    expect(await ask(test.relay.url, '/version')).toMatch(/^(?:429|50[0234]) /);
  });

  it('is asked again after some seconds, not by everybody at once', async () => {
    const test = await start();
    await ask(test.relay.url, '/version');
    test.simulator.setFault('*', { kind: 'reset-before-headers' });
    await ask(test.relay.url, '/version');
    test.simulator.resetRequests();
    for (let round = 0; round < 20; round++) expect(await ask(test.relay.url, '/version')).toBe('200 hit');
    expect(test.simulator.requestCount()).toBe(0);
    test.simulator.clearFaults();
    test.setNow(MONDAY_11 + 6_000);
    expect(await ask(test.relay.url, '/version')).toBe('200 fwd=stale; stored');
  });

  it.each(['reset-after-headers', 'truncate'] as const)('%s: half an answer is never stored', async (kind) => {
    const test = await start();
    test.simulator.setFault('/restaurant/nanna', { kind }, { times: 1 });
    const reading = fetch(test.relay.url + MENU).then((answer) => answer.text());
    await expect(reading).rejects.toThrow();
    expect(await ask(test.relay.url, MENU)).toBe('200 fwd=uri-miss; stored');
  });
});

describe('what has changed meanwhile', () => {
  it('is not stored: a GET that began before a POST is for who asked', async () => {
    let release = () => {};
    let state = 'old';
    const upstream = await startHttpUpstream(({ method }, response) => {
      const body = state;
      const send = () => response.writeHead(200, { 'Cache-Control': 'max-age=600' }).end(body);
      if (method === 'POST') {
        state = 'new';
        send();
      } else if (body === 'old') release = send;
      else send();
    });
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url);
    closing.push(relay.close);
    const text = async (init?: RequestInit) => (await fetch(`${relay.url}/x`, init)).text();
    const first = text();
    await until(() => release.name === 'send');
    await text({ method: 'POST' });
    expect(await text()).toBe('new');
    release();
    expect(await first).toBe('old');
    expect(await text()).toBe('new');
  });
});

describe('what others may get', () => {
  it('cannot be poisoned by fields that are not part of the key', async () => {
    const upstream = await startHttpUpstream(({ headers, url }, response) => {
      response.setHeader('Cache-Control', 'max-age=60');
      response.end(JSON.stringify([url, headers.host, headers['x-forwarded-host'], headers['x-forwarded-for']]));
    });
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url);
    closing.push(relay.close);
    const poisoned = await fetch(`${relay.url}/x`, {
      headers: { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-For': '6.6.6.6', Forwarded: 'host=evil.example' },
    });
    expect(await poisoned.text()).not.toMatch(/evil|6\.6\.6\.6/);
    expect(await ask(relay.url, '/x')).toBe('200 hit');
  });

  it('is stored under what the upstream was sent, not under what the client took out again', async () => {
    const upstream = await startHttpUpstream(({ headers }, response) => {
      response.setHeader('Cache-Control', 'max-age=60').setHeader('Vary', 'Accept-Language');
      response.end(JSON.stringify([headers.origin, headers['accept-language']]));
    });
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url);
    closing.push(relay.close);
    const lines = ['Origin: http://a', 'Accept-Language: sv', 'Connection: origin, accept-language'];
    await fetchRaw(`${relay.url}/x`, { headers: lines });
    const honest = await fetch(`${relay.url}/x`, { headers: { Origin: 'http://a', 'Accept-Language': 'sv' } });
    expect(await honest.text()).toBe('["http://a","sv"]');
  });

  it.each(['X-Forwarded-For', 'X-Forwarded-Host', 'Forwarded', 'Host', 'Via'])(
    'is nothing that varies with %s, which the relay says itself',
    async (field) => {
      const upstream = await startHttpUpstream((_, response) => {
        response.writeHead(200, { 'Cache-Control': 'max-age=60', Vary: field }).end('x');
      });
      closing.push(upstream.close);
      const relay = await startRelayTo(upstream.url);
      closing.push(relay.close);
      for (let round = 0; round < 2; round++) expect(await ask(relay.url, '/x')).toBe('200 fwd=uri-miss');
    },
  );

  it('is apart for who sends Origin, and nothing of who sends Authorization', async () => {
    const test = await start();
    expect(await ask(test.relay.url, MENU)).toBe('200 fwd=uri-miss; stored');
    const origin = { headers: { Origin: 'https://example.org' } };
    const answer = await fetch(test.relay.url + MENU, origin);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(await ask(test.relay.url, MENU, origin)).toBe('200 hit');
    const other = '/relay_anything/restaurant/jons';
    const authorized = { headers: { Authorization: 'Bearer x' } };
    expect(await ask(test.relay.url, other, authorized)).toBe('200 fwd=uri-miss');
    expect(await ask(test.relay.url, other)).toBe('200 fwd=uri-miss; stored');
  });

  it('ignores Cache-Control of clients unless it is told to honour it', async () => {
    const request = { headers: { 'Cache-Control': 'no-cache' } };
    const kind = await start();
    await ask(kind.relay.url, MENU);
    expect(await ask(kind.relay.url, MENU, request)).toBe('200 hit');
    const honouring = await start({ RELAY_REQUEST_DIRECTIVES: 'honour' });
    await ask(honouring.relay.url, MENU);
    expect(await ask(honouring.relay.url, MENU, request)).toBe('200 fwd=request; stored');
    const only = { headers: { 'Cache-Control': 'only-if-cached' } };
    expect(await ask(honouring.relay.url, MENU, only)).toBe('200 hit');
    expect(await ask(honouring.relay.url, '/version', only)).toBe('504 none');
  });
});

describe('with Redis', () => {
  it('a second relay answers from what the first has stored, and both go on without it', async () => {
    const redis = await startRedis();
    closing.push(() => redis.stop());
    const first = await start({ REDIS_URL: redis.url });
    const second = await startTestRelay({ settings: { REDIS_URL: redis.url, UPSTREAM_URL: first.simulator.url } });
    closing.push(second.close);
    const isUp = async ({ relay }: TestRelay) =>
      (await (await fetch(`${relay.adminUrl}/readyz`)).text()).includes('"redis":"up"');
    await until(() => isUp(first));
    await until(() => isUp(second));
    expect(await ask(first.relay.url, MENU)).toBe('200 fwd=uri-miss; stored');
    await until(async () => (await ask(second.relay.url, MENU)) === '200 hit');
    expect(await (await fetch(second.relay.url + MENU)).text()).toBe(
      await (await fetch(first.relay.url + MENU)).text(),
    );
    await redis.kill();
    expect(await ask(first.relay.url, MENU)).toBe('200 hit');
    expect(await ask(second.relay.url, '/relay_anything/restaurant/jons')).toBe('200 fwd=uri-miss; stored');
  });
});

describe('a connection to the upstream', () => {
  it('serves the next call, too, where what is stored is confirmed', async () => {
    const connections = new Set<Socket>();
    const upstream = await startHttpUpstream(({ socket, headers }, response) => {
      connections.add(socket);
      response.setHeaders(new Map(Object.entries({ ETag: '"1"', 'Cache-Control': 'max-age=0' })));
      if (headers['if-none-match'] === undefined) response.end('body');
      else response.writeHead(304).end();
    });
    closing.push(upstream.close);
    const relay = await startRelayTo(upstream.url);
    closing.push(relay.close);
    const answers: string[] = [];
    for (let call = 0; call < 4; call++) answers.push(await ask(relay.url, '/x'));
    expect(answers).toEqual(['200 fwd=uri-miss; stored', ...new Array<string>(3).fill('200 fwd=stale; stored')]);
    expect(connections.size).toBe(1);
  });
});

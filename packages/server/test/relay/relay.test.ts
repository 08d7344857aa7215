/** The raw relay in front of the simulated upstream: what it adds, keeps back and brings home. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { fetchRaw, type RawResponse } from '../support/rawHttp.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { until } from '../support/until.ts';

const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];

describe('the raw relay', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '300' } });
  });
  afterEach(() => {
    test.simulator.clearFaults();
    test.simulator.resetRequests();
  });
  afterAll(() => test.close());

  const echo = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(test.relay.url + path, init);
    return (await response.json()) as { method: string; url: string; rawHeaders: string[]; body: string };
  };
  const fieldsOf = (rawHeaders: string[]) =>
    Object.fromEntries(
      rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1]]] : [])),
    );

  it('adds Via, Cache-Status and X-Request-Id, and nothing else', async () => {
    const direct = await fetchRaw(`${test.simulator.url}/version`);
    const relayed = await fetchRaw(`${test.relay.url}/version`);
    const names = (response: RawResponse) =>
      response.headers.map(([name]) => name.toLowerCase()).filter((name) => !OF_THE_CONNECTION.includes(name));
    expect(names(relayed)).toEqual([...names(direct), 'cache-status', 'via', 'x-request-id']);
  });

  it('reaches the URIs that the relay answers itself under its prefix', async () => {
    const response = await request(test.relay.url).get('/relay_anything/restaurant/nanna').expect(200);
    expect(Object.keys(response.body as object)).toEqual(['restaurant']);
    await request(test.relay.url).get('/relay_anything').expect(200);
    await request(test.relay.url).get('/relay_anything?x=1').expect(200);
    expect(test.simulator.requests.map(({ url }) => url)).toEqual(['/api/restaurant/nanna', '/api', '/api?x=1']);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'hands on %s with path, query and body',
    async (method) => {
      const body = method === 'GET' ? undefined : 'åäö \u0000 body';
      const seen = await echo('/_sim/echo?a=1&a=%20+%2F', { method, ...(body && { body }) });
      expect(seen).toMatchObject({ method, url: '/api/_sim/echo?a=1&a=%20+%2F' });
      expect(Buffer.from(seen.body, 'base64').toString()).toBe(body ?? '');
    },
  );

  it('hands on a chunked body', async () => {
    const stream = new ReadableStream({
      start(controller) {
        for (const part of ['one ', 'two ', 'three']) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const seen = await echo('/_sim/echo', { method: 'POST', body: stream, duplex: 'half' });
    expect(Buffer.from(seen.body, 'base64').toString()).toBe('one two three');
  });

  it('keeps Cache-Control, Pragma and the fields of the connection from the upstream', async () => {
    const response = await fetchRaw(`${test.relay.url}/_sim/echo`, {
      headers: [
        'Cache-Control: no-cache',
        'Pragma: no-cache',
        'Connection: X-Secret',
        'X-Secret: 1',
        'TE: trailers',
        'Keep-Alive: 5',
        'If-None-Match: "x"',
        'X-Kept: a',
        'X-Kept: b',
      ],
    });
    const { rawHeaders } = JSON.parse(response.body.toString()) as { rawHeaders: string[] };
    const fields = fieldsOf(rawHeaders);
    expect(Object.keys(fields)).not.toEqual(expect.arrayContaining(['cache-control']));
    for (const name of ['cache-control', 'pragma', 'x-secret', 'keep-alive']) expect(fields).not.toHaveProperty([name]);
    expect(fields).toMatchObject({
      'if-none-match': '"x"',
      host: new URL(test.simulator.url).host,
      via: '1.1 lunch-relay',
      // the relay's own: it passes trailers on
      te: 'trailers',
      connection: 'TE',
    });
    expect(rawHeaders.filter((_, index) => rawHeaders[index - 1] === 'X-Kept')).toEqual(['a', 'b']);
  });

  it('does not let Connection take the framing of a body away', async () => {
    const response = await fetchRaw(`${test.relay.url}/_sim/echo`, {
      method: 'POST',
      body: 'whole',
      headers: ['Connection: content-length, host'],
    });
    const seen = JSON.parse(response.body.toString()) as { body: string };
    expect(Buffer.from(seen.body, 'base64').toString()).toBe('whole');
  });

  it.each([
    ['an absolute URL of the upstream', (api: string) => `${api}/version`, '/version'],
    ['the upstream’s base URL', (api: string) => api, '/'],
    ['a path', () => '/api/version?x=1#y', '/version?x=1#y'],
    ['a relative path', () => 'echo', '/_sim/echo'],
    ['another host', () => 'https://example.org/x', 'https://example.org/x'],
    ['a host without a scheme', () => '//example.org/x', 'http://example.org/x'],
    ['what would be read as a host', (api: string) => `${api}//example.org/x`, '/relay_anything//example.org/x'],
  ])('brings a redirect to %s into its own URI space', async (_, to, expected) => {
    const target = encodeURIComponent(to(test.simulator.url));
    const response = await fetch(`${test.relay.url}/_sim/redirect?status=302&to=${target}`, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(expected);
  });

  it('makes a redirect out of the base path absolute', async () => {
    const response = await fetch(`${test.relay.url}/_sim/redirect?status=302&to=/elsewhere`, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(`${test.simulator.origin}/elsewhere`);
  });

  it.each([
    [{ kind: 'reset-before-headers' }, 502, 'upstream_unreachable'],
    [{ kind: 'hang' }, 504, 'upstream_timeout'],
  ] as const)('answers %j with a problem %i %s', async (fault, status, code) => {
    test.simulator.setFault('*', fault);
    for (const method of ['get', 'post'] as const) {
      const response = await request(test.relay.url)[method]('/not/stored').expect(status);
      expect(response.body).toMatchObject({ status, code });
    }
  });

  it.each([{ kind: 'reset-after-headers' }, { kind: 'truncate' }] as const)(
    'cuts the answer short too after %j',
    async (fault) => {
      test.simulator.setFault('/restaurant/elma', fault);
      const reading = fetch(`${test.relay.url}/relay_anything/restaurant/elma`).then((response) => response.text());
      await expect(reading).rejects.toThrow();
    },
  );

  it('ends the upstream call when the client leaves', async () => {
    test.simulator.setFault('/version', { kind: 'drip', intervalMs: 20 });
    const leaving = new AbortController();
    const response = await fetch(`${test.relay.url}/version`, { signal: leaving.signal });
    const before = test.simulator.openConnections();
    leaving.abort();
    await expect(response.text()).rejects.toThrow();
    await until(() => !(test.simulator.openConnections() >= before));
  });

  it.each([
    ['/version', 'all answers are passed on'],
    ['/', 'the first of each two answers is a redirect that is followed'],
  ])('uses connections to the upstream again for %s, where %s', async (path) => {
    await fetch(test.relay.url + path).then((response) => response.text());
    const before = test.simulator.connectionsAccepted;
    for (let round = 0; round < 20; round++) await fetch(test.relay.url + path).then((response) => response.text());
    expect(test.simulator.connectionsAccepted - before).toBeLessThanOrEqual(1);
  });

  it('serves many at the same time', async () => {
    const bodies = await Promise.all(
      Array.from({ length: 100 }, () =>
        fetch(`${test.relay.url}/_sim/bytes?size=10000`).then((response) => response.arrayBuffer()),
      ),
    );
    expect(bodies.every((body) => body.byteLength === 10_000)).toBe(true);
  });
});

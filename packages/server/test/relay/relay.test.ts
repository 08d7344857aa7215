/** The raw relay against the upstream itself: the same request to both, and what comes over the wire compared. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { WireVersion } from '@lunch-relay/upstream-sim';
import request from 'supertest';
import { fetchRaw, type RawResponse, sendRaw } from '../support/rawHttp.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { until } from '../support/until.ts';

const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];
const ADDED = ['age', 'cache-status', 'via', 'x-request-id'];

/** What must be the same on both ways. */
function comparable(response: RawResponse, locationPrefix: (location: string) => string = (location) => location) {
  const headers = response.headers
    .filter(([name]) => ![...OF_THE_CONNECTION, ...ADDED].includes(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${name.toLowerCase() === 'location' ? locationPrefix(value) : value}`);
  return { statusLine: response.statusLine, headers, body: response.body.toString('latin1') };
}

const PATHS = [
  '',
  '/',
  '/restaurant',
  '/restaurant/',
  '/restaurant/nanna',
  '/restaurant/nanna/',
  '/restaurant/jorpes',
  '/restaurant/nosuch',
  '/restaurants',
  '/version',
  '/no/such/path',
  '/a..b/%20;x=1//y?q=%2e%2e/..&q=2',
  '/_sim/headers',
  '/_sim/status/418',
  '/_sim/status/204',
  '/_sim/status/304',
  '/_sim/status/500',
  '/_sim/gzip',
  '/_sim/chunked',
  '/_sim/bytes?size=300000',
];

describe.each<WireVersion>(['W9', 'W6', 'W4'])('relayed from wire version %s', (wire) => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay({ simulator: { wire } });
  });
  afterAll(() => test.close());

  it.each(PATHS.flatMap((path) => ['GET', 'HEAD', 'POST'].map((method) => [method, path] as const)))(
    '%s %s is the upstream’s answer, byte for byte',
    async (method, path) => {
      const options = { method, headers: ['Accept: */*', 'Origin: https://example.org'] };
      const relayed = await fetchRaw(`${test.relay.url}/relay_anything${path}`, options);
      // the relay's root is the upstream's base URL, which has no slash at its end
      let direct = await fetchRaw(test.simulator.url + (path === '/' ? '' : path), options);
      const isLoop = direct.headers.some(
        ([name, value]) => name.toLowerCase() === 'location' && value === `${test.simulator.url}/`,
      );
      // base URL and slash are one URI in the relay: it follows this redirect itself
      if (isLoop && method !== 'POST') direct = await fetchRaw(`${test.simulator.url}/`, options);
      const inRelay = (location: string) => location.replace(test.simulator.url, '/relay_anything');
      expect(comparable(relayed)).toEqual(comparable(direct, inRelay));
    },
  );

  it('brings redirects back under the prefix that the client used', async () => {
    const [asked, canonical] =
      wire === 'W4' ? ['/restaurant/nanna', '/restaurant/nanna/'] : ['/restaurant/nanna/', '/restaurant/nanna'];
    if (wire === 'W6') return; // knows no redirects
    const location = async (path: string) =>
      (await fetch(test.relay.url + path, { redirect: 'manual' })).headers.get('location');
    expect(await location(`/relay_anything${asked}`)).toBe(`/relay_anything${canonical}`);
    if (wire === 'W9') expect(await location(asked)).toBe(canonical); // on W4 it is a typed route
  });
});

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
    ['/restaurant/../../x'],
    ['/restaurant/%2e%2e/%2e%2e/x'],
    ['/%2e%2e/x'],
    ['/%252e%252e%252fx'],
    ['/..%2fx'],
    ['/..%5cx'],
    ['/..;/x'],
    ['/relay_anything/../x'],
    ['http://other.example/../x'],
    ['*'],
    ['ftp://other.example/x'],
  ])('refuses %s without asking the upstream', async (target) => {
    const response = await sendRaw(test.relay.url, [`GET ${target} HTTP/1.1`, 'Host: relay']);
    expect(response.statusLine).toBe('HTTP/1.1 400 Bad Request');
    if (response.body.length > 0) expect(JSON.parse(response.body.toString())).toMatchObject({ code: 'invalid_path' });
    expect(test.simulator.requestCount()).toBe(0);
  });

  it.each([
    ['//host/', '/api//host/'],
    ['//host/restaurant', '/api//host/restaurant'],
    ['http://other.example/version', '/api/version'],
    ['http://other.example', '/api'],
    ['https://user@other.example:1/version?x#y', '/api/version?x#y'],
    ['/a..b', '/api/a..b'],
    ['/%20;x', '/api/%20;x'],
    ['/a%2Fb', '/api/a%2Fb'],
    ['/?q=../x', '/api?q=../x'],
  ])('takes %s below the base path: %s', async (target, path) => {
    await sendRaw(test.relay.url, [`GET ${target} HTTP/1.1`, 'Host: relay']);
    expect(test.simulator.requests.map(({ url }) => url)).toEqual([path]);
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
    test.simulator.setFault('/version', fault);
    for (const method of ['get', 'post'] as const) {
      const response = await request(test.relay.url)[method]('/version').expect(status);
      expect(response.body).toMatchObject({ status, code });
    }
  });

  it.each([{ kind: 'reset-after-headers' }, { kind: 'truncate' }] as const)(
    'cuts the answer short too after %j',
    async (fault) => {
      test.simulator.setFault('/restaurant/nanna', fault);
      const reading = fetch(`${test.relay.url}/relay_anything/restaurant/nanna`).then((response) => response.text());
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

  it('uses connections to the upstream again', async () => {
    await fetch(`${test.relay.url}/version`).then((response) => response.text());
    const before = test.simulator.connectionsAccepted;
    for (let round = 0; round < 20; round++)
      await fetch(`${test.relay.url}/version`).then((response) => response.text());
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

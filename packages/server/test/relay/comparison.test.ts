/**
 * The promise of the raw relay: the same request to the upstream itself and through the relay, and what comes over the wire
 * compared: status line, fields in order and number, body. What may differ is named here, and nowhere else.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WireVersion } from '@lunch-relay/upstream-sim';
import { fetchRaw, type RawResponse } from '../support/rawHttp.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

/** How a body is framed is a matter of each connection. */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];
const ADDED = ['age', 'cache-status', 'via', 'x-request-id'];

function comparable(response: RawResponse, brought: (location: string) => string = (location) => location) {
  const headers = response.headers
    .filter(([name]) => ![...OF_THE_CONNECTION, ...ADDED].includes(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${name.toLowerCase() === 'location' ? brought(value) : value}`);
  return {
    statusLine: response.statusLine,
    headers,
    body: response.body.toString('latin1'),
    isWhole: response.isWhole,
  };
}

const PATHS = [
  '',
  '/',
  '/?x=1',
  '/restaurant',
  '/restaurant/',
  '/restaurant?region=solna',
  '/restaurant/nanna',
  '/restaurant/nanna/',
  '/restaurant/jorpes',
  '/restaurant/nosuch',
  '/restaurants',
  '/version',
  '/version?x=%20&y=a+b&y',
  '/no/such/path',
  '/a..b/%20;x=1//y?q=%2e%2e/..&q=2',
  '/%C3%A5%e5',
  '/_sim/headers',
  '/_sim/status/206',
  '/_sim/status/304',
  '/_sim/status/418',
  '/_sim/status/503',
  '/_sim/status/599',
  '/_sim/gzip',
  '/_sim/chunked',
  '/_sim/bytes?size=0',
  '/_sim/bytes?size=300000',
  '/_sim/redirect?to=/elsewhere&status=301',
];

type Ask = { method: string; path: string; headers?: string[]; body?: string; version?: string };

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const ORIGIN = 'Origin: https://example.org';

const ASKS: Ask[] = [
  ...PATHS.flatMap((path) => METHODS.map((method) => ({ method, path, headers: [ORIGIN] }))),
  ...['/version', '/no/such/path', '/_sim/chunked', '/_sim/headers'].flatMap((path) => [
    { method: 'GET', path },
    { method: 'GET', path, version: '1.0' },
    { method: 'HEAD', path, version: '1.0' },
    { method: 'POST', path, body: 'a=1', headers: ['Content-Type: application/x-www-form-urlencoded'] },
    { method: 'GET', path, headers: ['Accept-Encoding: gzip, br', 'Accept: text/html'] },
    { method: 'GET', path, headers: ['If-None-Match: "x"', 'If-Modified-Since: Mon, 23 Nov 2026 10:00:00 GMT'] },
    { method: 'GET', path, headers: ['Range: bytes=0-3'] },
    { method: 'GET', path, headers: ['Authorization: Basic eDp5', 'Cookie: a=1; b=2'] },
    { method: 'OPTIONS', path, headers: [ORIGIN, 'Access-Control-Request-Method: GET'] },
    { method: 'PROPFIND', path, headers: ['Depth: 1'] },
  ]),
];

const nameOf = ({ method, path, headers = [], version = '1.1' }: Ask) =>
  `${method} ${path} ${version} ${headers.filter((header) => header !== ORIGIN).join()}`;

/** The relay's own without the prefix. */
const isTyped = ({ method, path, headers = [] }: Ask) =>
  /^\/restaurant(?:\/[^/?]+)?(?:\?|$)/.test(path) && (method === 'GET' || method === 'HEAD' || headers.length > 1);

describe.each<WireVersion>(['W9', 'W6', 'W4'])('through the relay, wire version %s', (wire) => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay({ simulator: { wire } });
  });
  afterAll(() => test.close());

  describe.each(['/relay_anything', ''])('under "%s"', (prefix) => {
    it.each(ASKS.filter((ask) => prefix !== '' || !isTyped(ask)).map((ask) => [nameOf(ask), ask] as const))(
      '%s is the upstream’s answer',
      async (_, { method, path, headers = [], body = '', version = '1.1' }) => {
        const options = { method, headers, body, version };
        // what is stored of a GET answers HEAD, too, and the upstream does not know HEAD everywhere
        if (method === 'HEAD') await test.relay.purge();
        const relayed = await fetchRaw(test.relay.url + prefix + path, options);
        // the relay's root is the upstream's base URL, which has no slash at its end
        const asked = test.simulator.url + path.replace(/^\/(?=\?|$)/, '');
        let direct = await fetchRaw(asked, options);
        // base URL and slash are one URI in the relay: it follows this redirect itself, unless a body would be sent twice
        const isLoop = direct.headers.some(([, value]) => value.split('?')[0] === `${test.simulator.url}/`);
        if (isLoop && (method === 'GET' || method === 'HEAD')) {
          direct = await fetchRaw(asked.replace(/\/api(?=\?|$)/, '/api/'), options);
        }
        const brought = (location: string) =>
          location.startsWith('/elsewhere')
            ? test.simulator.origin + location
            : location.replace(test.simulator.url, prefix);
        // a proxy says when an answer came that does not say it itself (RFC 9110, section 6.6.1)
        const isDated = direct.headers.some(([name]) => name.toLowerCase() === 'date');
        const asSent = relayed.headers.filter(([name]) => isDated || name !== 'Date');
        expect(comparable({ ...relayed, headers: asSent })).toEqual(comparable(direct, brought));
      },
    );
  });

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

/** Bytes that two servers in a row could take for different requests: the upstream must see one, the same, or none. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { exchangeRaw, parseRaw } from '../support/rawHttp.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

let test: TestRelay;
beforeAll(async () => {
  test = await startTestRelay();
});
afterEach(() => test.simulator.resetRequests());
afterAll(() => test.close());

/** A request behind the one that is tested: seen by the upstream, it has been smuggled. */
const HIDDEN = 'GET /_sim/hidden HTTP/1.1\r\nHost: x\r\n\r\n';
const post = (lines: string[], body = '') =>
  `${['POST /_sim/echo HTTP/1.1', 'Host: relay', ...lines].join('\r\n')}\r\n\r\n${body}`;
const chunked = (body: string, field = 'Transfer-Encoding: chunked') => post([field], body);
const get = (head: string) => `${head}\r\n\r\n`;

const MALFORMED = '400 Bad Request';
const REFUSED: Array<[string, string, status?: string]> = [
  ['a length and chunks', post(['Content-Length: 5', 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`)],
  ['chunks and a length', post(['Transfer-Encoding: chunked', 'Content-Length: 5'], `0\r\n\r\n${HIDDEN}`)],
  ['the same length twice', post(['Content-Length: 4', 'Content-Length: 4'], 'abcd')],
  ['two lengths', post(['Content-Length: 4', 'Content-Length: 0'], `abcd${HIDDEN}`)],
  ['a list of lengths', post(['Content-Length: 4, 4'], 'abcd')],
  ['a signed length', post(['Content-Length: +4'], 'abcd')],
  ['a negative length', post(['Content-Length: -4'], 'abcd')],
  ['a hexadecimal length', post(['Content-Length: 0x4'], 'abcd')],
  ['an empty length', post(['Content-Length: '], 'abcd')],
  ['a length beyond all numbers', post(['Content-Length: 99999999999999999999'], 'abcd')],
  ['a blank before the colon of a length', post(['Content-Length : 4'], 'abcd')],
  ['a blank before the colon of a coding', chunked('0\r\n\r\n', 'Transfer-Encoding : chunked')],
  ['an unknown coding', chunked(`0\r\n\r\n${HIDDEN}`, 'Transfer-Encoding: xchunked')],
  ['the identity coding', chunked(HIDDEN, 'Transfer-Encoding: identity')],
  ['a coding behind chunked', chunked('0\r\n\r\n', 'Transfer-Encoding: chunked, identity')],
  ['chunked twice', chunked('0\r\n\r\n', 'Transfer-Encoding: chunked, chunked')],
  ['chunked twice in two fields', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n')],
  ['a second coding that hides the first', post(['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], '0\r\n\r\n')],
  ['a vertical tab before a coding', chunked('0\r\n\r\n', 'Transfer-Encoding: \u000bchunked')],
  ['a quoted coding', chunked('0\r\n\r\n', 'Transfer-Encoding: "chunked"')],
  [
    'a coding in front of chunked',
    chunked(`0\r\n\r\n${HIDDEN}`, 'Transfer-Encoding: gzip, chunked'),
    '501 Not Implemented',
  ],
  ['chunks in HTTP/1.0', chunked(`0\r\n\r\n${HIDDEN}`).replace('HTTP/1.1', 'HTTP/1.0')],
  ['a folded field', get('GET / HTTP/1.1\r\nHost: relay\r\nX: a\r\n b')],
  ['a folded length', post(['Content-Length:', ' 4'], 'abcd')],
  ['a field that begins with a blank', get('GET / HTTP/1.1\r\n X: a\r\nHost: relay')],
  ['bare line feeds', 'GET / HTTP/1.1\nHost: relay\n\n'],
  ['a bare line feed in a head', get('GET / HTTP/1.1\r\nHost: relay\nX: a')],
  ['a bare line feed at the end of a head', 'GET / HTTP/1.1\r\nHost: relay\r\n\n'],
  ['a bare carriage return', get('GET / HTTP/1.1\r\nHost: relay\rX: a')],
  ['a NUL', get('GET / HTTP/1.1\r\nHost: relay\r\nX: a\u0000b')],
  ['a line without a colon', get('GET / HTTP/1.1\r\nHost: relay\r\nX')],
  ['a field without a name', get('GET / HTTP/1.1\r\nHost: relay\r\n: a')],
  ['a name that is no token', get('GET / HTTP/1.1\r\nHost: relay\r\nX(a): b')],
  ['two hosts', `${get('GET / HTTP/1.1\r\nHost: relay\r\nHost: other')}${HIDDEN}`],
  ['the same host twice', get('GET / HTTP/1.1\r\nHost: relay\r\nHost: relay')],
  ['no host', get('GET / HTTP/1.1\r\nX: a')],
  ['a host with a path', get('GET / HTTP/1.1\r\nHost: relay/x')],
  ['a host with a user', get('GET / HTTP/1.1\r\nHost: user@relay')],
  ['a host with a blank', get('GET / HTTP/1.1\r\nHost: a b')],
  ['a blank in the target', get('GET /a b HTTP/1.1\r\nHost: relay')],
  ['a method that is no token', get('G(T / HTTP/1.1\r\nHost: relay')],
  ['a protocol without a version', get('GET /')],
  ['HTTP/2 with prior knowledge', get('PRI * HTTP/2.0\r\n\r\nSM')],
  ['a version that does not exist', get('GET / HTTP/1.2\r\nHost: relay')],
  ['a signed chunk size', chunked('+4\r\nabcd\r\n0\r\n\r\n')],
  ['a prefixed chunk size', chunked('0x4\r\nabcd\r\n0\r\n\r\n')],
  ['a negative chunk size', chunked('-4\r\nabcd\r\n0\r\n\r\n')],
  ['a blank behind a chunk size', chunked('4 \r\nabcd\r\n0\r\n\r\n')],
  ['no chunk size', chunked('\r\nabcd\r\n0\r\n\r\n')],
  ['a chunk size beyond all numbers', chunked('fffffffffffffffff\r\nabcd\r\n0\r\n\r\n')],
  ['a chunk that is longer than it says', chunked(`3\r\nabcd\r\n0\r\n\r\n${HIDDEN}`)],
  ['chunks with bare line feeds', chunked(`4\nabcd\n0\n\n${HIDDEN}`)],
  ['a chunk extension with a bare line feed', chunked(`4;a\nabcd\r\n0\r\n\r\n${HIDDEN}`)],
  ['a chunk extension with a line end in quotes', chunked(`4;a="\r\nb"\r\nabcd\r\n0\r\n\r\n`)],
  ['chunk extensions without end', chunked(`4;${'a'.repeat(20_000)}\r\nabcd\r\n0\r\n\r\n`)],
  ['a trailer that frames', chunked('4\r\nabcd\r\n0\r\nContent-Length: 9\r\n\r\n')],
];

describe('what two servers could read in two ways', () => {
  it.each(REFUSED)('%s is refused, and the connection closed', async (_, bytes, status = MALFORMED) => {
    const { text } = await exchangeRaw(test.relay.url, bytes);
    const { statusLine, headers, body } = parseRaw(text);
    expect(statusLine).toBe(`HTTP/1.1 ${status}`);
    expect(headers).toContainEqual(['Content-Type', 'application/problem+json']);
    const { code } = JSON.parse(body.toString()) as { code: string };
    expect(code).toBe(status === MALFORMED ? 'malformed_request' : 'not_implemented');
    expect(test.simulator.requests.filter(({ url }) => url.includes('hidden'))).toEqual([]);
    // a body is found to be broken when its head has gone on already: the upstream has then got no whole request
    expect(test.simulator.requests.length).toBeLessThanOrEqual(1);
  });

  it('a broken request behind a good one does not take its answer away', async () => {
    const { text } = await exchangeRaw(test.relay.url, `${post(['Content-Length: 2'], 'ok')}GET / HTTP/9.9\r\n\r\n`);
    expect(text.split('HTTP/1.1 ').slice(1)).toEqual([expect.stringMatching(/^200 OK[\s\S]*"bodyBytes":2/)]);
  });

  it.each([
    ['a broken request', 'X\r\n\r\n'],
    ['CONNECT', get('CONNECT other.example:443 HTTP/1.1\r\nHost: other.example')],
  ])('%s behind one that was answered on the spot ends the connection, and nothing else', async (_, second) => {
    const { text } = await exchangeRaw(test.relay.url, get('GET /.. HTTP/1.1\r\nHost: relay') + second);
    expect(text.split('HTTP/1.1 ').slice(1)).toEqual([expect.stringMatching(/^400 Bad Request[\s\S]*"invalid_path"/)]);
    expect((await fetch(`${test.relay.url}/version`)).status).toBe(200);
  });

  it('chunk extensions are ignored, as they have to be (RFC 9112, section 7.1.1), and end at the relay', async () => {
    const bytes = post(['Transfer-Encoding: chunked', 'Connection: close'], '4;a=b\r\nabcd\r\n0;c\r\n\r\n');
    const { body } = parseRaw((await exchangeRaw(test.relay.url, bytes)).text);
    const echoed = JSON.parse(body.toString()) as { body: string };
    expect(Buffer.from(echoed.body, 'base64').toString()).toBe('abcd');
  });

  it('requests in one packet are two requests, answered in order', async () => {
    const both = `${post(['Content-Length: 3'], 'one')}${post(['Content-Length: 3', 'Connection: close'], 'two')}`;
    const { text } = await exchangeRaw(test.relay.url, both);
    const bodies = [...text.matchAll(/"body":"([^"]*)"/g)].map(([, body = '']) =>
      Buffer.from(body, 'base64').toString(),
    );
    expect(bodies).toEqual(['one', 'two']);
  });

  it.each([
    ['in bytes', [`X: ${'x'.repeat(17_000)}`]],
    ['in number', Array.from({ length: 201 }, (_, index) => `X-${index}: a`)],
    ['in a number that Node would cut', Array.from({ length: 2_500 }, () => 'a:')],
  ])('a head that is too large %s is a 431', async (_, lines) => {
    const { text } = await exchangeRaw(
      test.relay.url,
      get(['GET /version HTTP/1.1', 'Host: relay', ...lines].join('\r\n')),
    );
    const { statusLine, body } = parseRaw(text);
    expect(statusLine).toBe('HTTP/1.1 431 Request Header Fields Too Large');
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'headers_too_large' });
    expect(test.simulator.requestCount()).toBe(0);
  });

  it('CONNECT opens no tunnel', async () => {
    const { text } = await exchangeRaw(
      test.relay.url,
      get('CONNECT other.example:443 HTTP/1.1\r\nHost: other.example'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 501 Not Implemented[\s\S]*"code":"not_implemented"/);
  });

  it('refusals stand in log and metrics', async () => {
    await exchangeRaw(test.relay.url, 'GET / HTTP/1.1\r\nX\r\n\r\n');
    expect(test.logged.at(-1)).toMatchObject({ route: 'refused', status: 400, requestId: expect.any(String) });
    const metrics = await (await fetch(`${test.relay.adminUrl}/metrics`)).text();
    expect(metrics).toContain('lunch_relay_request_duration_seconds_count{route="refused",status_class="4xx"}');
  });
});

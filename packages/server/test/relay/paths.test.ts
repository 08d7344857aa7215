/** Which request targets pass, and where they lead: never out of the base path, never to what is the relay's own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { RelayError } from '../../src/errors.ts';
import { parseRequestTarget } from '../../src/relay/requestTarget.ts';
import { sendRaw } from '../support/rawHttp.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

const REFUSED = [
  '/.',
  '/..',
  '/./x',
  '/restaurant/..',
  '/restaurant/../../x',
  '/restaurant/%2e%2e/%2e%2e/x',
  '/%2e%2e/x',
  '/%2E./x',
  '/.%2e/x',
  '/%252e%252e%252fx',
  '/%25252e%25252e/x',
  '/..%2fx',
  '/..%2Fx',
  '/x%2f..%2f..%2fy',
  '/..%5cx',
  '/..%255cx',
  '/x\\..\\y',
  '/..\\x',
  '/..;/x',
  '/..;a=b/x',
  '/%2e%2e;/x',
  '/..%3b/x',
  '/..%00/x',
  '/..%00.html',
  '/.%09./x',
  '/..%20/x',
  '/%09../x',
  '/..%0d%0a/x',
  '/..%23/x',
  '/..%3f/x',
  '/%c0%ae%c0%ae/x',
  '/%c0%ae%c0%ae%c0%afx',
  '/..%c0%afx',
  '/..%c1%9cx',
  '/%e0%80%ae%e0%80%ae/x',
  '/%u002e%u002e/x',
  '/%25%32%65%25%32%65/x',
  '/%25252525252525252525252e/x',
  '/x%c1%9c..%c1%9cy', // backslashes
  `/%${'25'.repeat(8)}41`, // no dots, but more layers than anybody sends by accident
  '/relay_anything/../x',
  '/relay_anything/%2e%2e/x',
  'http://other.example/../x',
  'http://other.example/%2e%2e/x',
  'http://other.example#/../x',
  'x',
  'other.example:80',
  '@other.example/x',
  'ftp://other.example/x',
  'xhttp://other.example/x',
  'file:///etc/passwd',
  'http:/x',
  'http:x',
];

/** Target, and the path that the upstream is asked for. */
const PASSED: Array<[string, string]> = [
  ['/', '/api'],
  ['/?', '/api?'],
  ['/?q=../x', '/api?q=../x'],
  ['/x?next=/../..', '/api/x?next=/../..'],
  ['//host/', '/api//host/'],
  ['//host/restaurant', '/api//host/restaurant'],
  ['///x', '/api///x'],
  ['/x//y/', '/api/x//y/'],
  ['/a..b', '/api/a..b'],
  ['/..a', '/api/..a'],
  ['/a..', '/api/a..'],
  ['/...', '/api/...'],
  ['/.well-known/x', '/api/.well-known/x'],
  ['/x/.git', '/api/x/.git'],
  ['/%20', '/api/%20'],
  ['/%20;x', '/api/%20;x'],
  ['/x;a=1;b', '/api/x;a=1;b'],
  ['/x;..', '/api/x;..'],
  ['/a%2Fb', '/api/a%2Fb'],
  ['/a%5cb', '/api/a%5cb'],
  ['/a%25b', '/api/a%25b'],
  [`/%${'25'.repeat(7)}41`, `/api/%${'25'.repeat(7)}41`],
  ['/100%', '/api/100%'],
  ['/%zz', '/api/%zz'],
  ['/%00', '/api/%00'],
  ['/%e5%e4', '/api/%e5%e4'],
  ['/%C3%A5', '/api/%C3%A5'],
  ['/a|b"c<d>{e}^`', '/api/a|b"c<d>{e}^`'],
  ['/a\\b', '/api/a\\b'],
  ["/!$&'()*+,=:@~", "/api/!$&'()*+,=:@~"],
  ['/http://other.example/x', '/api/http://other.example/x'],
  ['/@other.example', '/api/@other.example'],
  ['/:80', '/api/:80'],
  ['/restaurant/', '/api/restaurant/'],
  ['/Restaurant', '/api/Restaurant'],
  ['/restaurant/nanna?x#y', '/api/restaurant/nanna?x#y'],
  ['/x#y', '/api/x#y'],
  ['http://other.example/version', '/api/version'],
  ['HTTP://other.example:80/version', '/api/version'],
  ['http://other.example', '/api'],
  ['http://other.example?x', '/api?x'],
  ['https://user:password@other.example:1/version?x', '/api/version?x'],
  ['/relay_anything', '/api'],
  ['/relay_anything?x', '/api?x'],
  ['/relay_anything/', '/api'],
  ['/relay_anything//docs', '/api//docs'],
  ['/relay_anything/docs', '/api/docs'],
  ['/relay_anything/relay_anything', '/api/relay_anything'],
  ['/relay_anythingx', '/api/relay_anythingx'],
  ['/relay_anything%2fx', '/api/relay_anything%2fx'],
];

describe('a request target', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay();
  });
  afterEach(() => test.simulator.resetRequests());
  afterAll(() => test.close());

  it.each(REFUSED)('%s is refused without asking the upstream', async (target) => {
    expect(() => parseRequestTarget(target)).toThrow(RelayError);
    // some of these the parser refuses already
    const { statusLine } = await sendRaw(test.relay.url, [`GET ${target} HTTP/1.1`, 'Host: relay']);
    expect(statusLine).toBe('HTTP/1.1 400 Bad Request');
    expect(test.simulator.requestCount()).toBe(0);
  });

  it.each([
    ['http://other.example', '/'],
    ['http://other.example?x', '/?x'],
    ['http://other.example/version?x', '/version?x'],
    ['/version?x', '/version?x'],
  ])('%s becomes path and query: %s', (target, path) => {
    expect(parseRequestTarget(target)).toBe(path);
  });

  it('is read in no time, however long a dot has blanks behind it', () => {
    const target = `/.${'%20'.repeat(30_000)}x`;
    const startedAt = performance.now();
    expect(parseRequestTarget(target)).toBe(target);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('is refused with the reason', () => {
    expect(() => parseRequestTarget('/..')).toThrow('The path holds dot segments ("." or "..").');
    expect(() => parseRequestTarget('x')).toThrow('The request target is not a path.');
  });

  it.each(PASSED)('%s leads to %s of the upstream', async (target, path) => {
    // the typed routes are the relay's own for GET
    await sendRaw(test.relay.url, [`POST ${target} HTTP/1.1`, 'Host: relay', 'Content-Length: 0']);
    expect(test.simulator.requests.map(({ url }) => url)).toEqual([path]);
  });

  it('for the server as a whole is answered by the relay, and only with OPTIONS', async () => {
    const ask = (method: string) =>
      sendRaw(test.relay.url, [`${method} * HTTP/1.1`, 'Host: relay', 'X-Request-Id: all']);
    const { statusLine, headers, body } = await ask('OPTIONS');
    expect([statusLine, body.length]).toEqual(['HTTP/1.1 204 No Content', 0]);
    expect(headers).toContainEqual(['X-Request-Id', 'all']);
    for (const method of ['GET', 'POST', 'TRACE']) {
      const refused = await ask(method);
      expect(refused.statusLine).toBe('HTTP/1.1 400 Bad Request');
      expect(JSON.parse(refused.body.toString())).toMatchObject({ code: 'invalid_path' });
    }
    expect(test.simulator.requestCount()).toBe(0);
  });

  it.each([
    ['/livez', '/api/livez'],
    ['/readyz', '/api/readyz'],
    ['/metrics', '/api/metrics'],
    ['//docs', '/api//docs'],
    ['/docs%2f', '/api/docs%2f'],
    ['/DOCS', '/api/DOCS'],
    ['/%64ocs', '/api/%64ocs'],
    ['/openapi.json/', '/api/openapi.json/'],
    ['http://127.0.0.1:ADMIN/metrics', '/api/metrics'],
    ['/relay_anything/metrics', '/api/metrics'],
  ])('%s is not the relay’s own, whatever Host says', async (target, path) => {
    const admin = new URL(test.relay.adminUrl);
    for (const host of ['relay', admin.host, 'localhost', '127.0.0.1:8081']) {
      await sendRaw(test.relay.url, [`GET ${target.replace('ADMIN', admin.port)} HTTP/1.1`, `Host: ${host}`]);
      expect(test.simulator.requests.map(({ url }) => url)).toEqual([path]);
      test.simulator.resetRequests();
    }
  });
});

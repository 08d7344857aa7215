/** RFC 9111, section 3: what is stored. Each line: an answer, and whether the next request is answered from it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrigin, type TestOrigin } from '../../support/origin.ts';

let origin: TestOrigin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

type Fields = Record<string, string | string[]>;

async function isReused(status: number, headers: Fields, request: Fields = {}, method = 'GET'): Promise<boolean> {
  const path = origin.freshPath();
  origin.answers({ status, headers });
  await origin.ask(path, { method, headers: request });
  return (await origin.ask(path)).upstream === 'not asked';
}

const FRESH = { 'Cache-Control': 'max-age=60' };

describe('3. Storing responses in caches', () => {
  it.each<[string, Fields]>([
    ['max-age', FRESH],
    ['s-maxage', { 'Cache-Control': 's-maxage=60' }],
    ['Expires', { Expires: 'Mon, 23 Nov 2026 11:00:00 GMT' }],
    ['public and Last-Modified', { 'Cache-Control': 'public', 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT' }],
    ['Last-Modified alone', { 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT' }],
    ['unknown directives beside', { 'Cache-Control': 'foo="no-store, private", max-age=60, bar' }],
    ['several lines', { 'Cache-Control': ['foo', 'max-age=60'] }],
    ['upper case', { 'Cache-Control': 'MAX-AGE=60' }],
    ['a quoted value', { 'Cache-Control': 'max-age="60"' }],
    ['private for one field', { 'Cache-Control': 'private="x-user", max-age=60', 'X-User': 'me' }],
    ['must-understand, which it does', { 'Cache-Control': 'must-understand, no-store, max-age=60' }],
    ['a cookie with explicit freshness', { ...FRESH, 'Set-Cookie': 'a=1' }],
  ])('3: a 200 is stored with %s', async (_, headers) => {
    expect(await isReused(200, headers)).toBe(true);
  });

  it.each<[string, Fields]>([
    ['nothing', {}],
    ['no-store', { 'Cache-Control': 'no-store, max-age=60' }],
    ['No-Store', { 'Cache-Control': 'max-age=60, No-Store' }],
    ['no-store on another line', { 'Cache-Control': ['max-age=60', 'no-store'] }],
    ['private', { 'Cache-Control': 'private, max-age=60' }],
    ['Vary: *', { ...FRESH, Vary: '*' }],
    ['Vary: * among others', { ...FRESH, Vary: 'Accept, *' }],
    ['a cookie without explicit freshness', { 'Set-Cookie': 'a=1', 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT' }],
  ])('3: a 200 is not reused with %s', async (_, headers) => {
    expect(await isReused(200, headers)).toBe(false);
  });

  it.each([200, 203, 204, 301, 302, 303, 307, 308, 400, 404, 405, 410, 414, 418, 451, 500, 501, 503, 599])(
    '3: %i is stored with explicit freshness',
    async (status) => {
      expect(await isReused(status, { ...FRESH, Location: '/elsewhere' })).toBe(true);
    },
  );

  it.each([
    [200, true],
    [203, true],
    [204, true],
    [301, true],
    [404, true],
    [410, true],
    [302, false],
    [400, false],
    [403, false],
    [418, false],
    [503, false],
  ])('4.2.2: %i gets a heuristic freshness: %s', async (status, isHeuristic) => {
    const headers = { 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT', Location: '/elsewhere' };
    expect(await isReused(status, headers)).toBe(isHeuristic);
  });

  it('3: must-understand keeps out a status that is not understood', async () => {
    expect(await isReused(599, { 'Cache-Control': 'must-understand, max-age=60' })).toBe(false);
  });

  it.each<[string, boolean]>([
    ['max-age=60', false],
    ['max-age=60, public', true],
    ['s-maxage=60', true],
    ['max-age=60, must-revalidate', true],
    ['max-age=60, proxy-revalidate', false],
  ])('3.5: an answer to Authorization with "%s" is for others: %s', async (directives, isForOthers) => {
    expect(await isReused(200, { 'Cache-Control': directives }, { Authorization: 'Basic x' })).toBe(isForOthers);
  });

  it('5.2.1.5: the answer to a request with no-store is not stored', async () => {
    expect(await isReused(200, FRESH, { 'Cache-Control': 'no-store' })).toBe(false);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PROPFIND'])('3: what answers %s is not stored for GET', async (method) => {
    expect(await isReused(200, FRESH, {}, method)).toBe(false);
  });

  it('3.1: fields of the connection, and those that private names, are not stored', async () => {
    const path = origin.freshPath();
    const named = { 'X-Hop': '1', Connection: 'X-Hop', 'X-User': 'me', 'X-Kept': '2' };
    origin.answers({ headers: { ...named, 'Cache-Control': 'max-age=60, private="x-user"' } });
    await origin.ask(path);
    const { headers, upstream } = await origin.ask(path);
    expect(upstream).toBe('not asked');
    expect([headers.get('x-hop'), headers.get('x-user'), headers.get('x-kept')]).toEqual([null, null, '2']);
  });
});

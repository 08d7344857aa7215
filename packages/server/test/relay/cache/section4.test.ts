/** RFC 9111, section 4: when what is stored answers, when its server is asked first, and what that changes. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrigin, type TestOrigin } from '../../support/origin.ts';
import { until } from '../../support/until.ts';

let origin: TestOrigin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

type Fields = Record<string, string | string[]>;

/** Stores an answer, waits, and asks again. */
async function again(headers: Fields, seconds: number, request: Fields = {}, first: Fields = {}) {
  const path = origin.freshPath();
  origin.answers({ headers });
  await origin.ask(path, { headers: first });
  origin.advance(seconds);
  return { path, reply: await origin.ask(path, { headers: request }) };
}
const upstream = async (...given: Parameters<typeof again>) => (await again(...given)).reply.upstream;

describe('4.1. Keys with Vary', () => {
  const vary = (names: string) => ({ 'Cache-Control': 'max-age=60', Vary: names });

  it.each<[string, string, Fields, Fields, string]>([
    ['the same value', 'Foo', { Foo: '1' }, { Foo: '1' }, 'not asked'],
    ['another value', 'Foo', { Foo: '1' }, { Foo: '2' }, 'asked'],
    ['a value where there was none', 'Foo', {}, { Foo: '1' }, 'asked'],
    ['none where there was a value', 'Foo', { Foo: '1' }, {}, 'asked'],
    ['none on either side', 'Foo', {}, {}, 'not asked'],
    ['other white space', 'Foo', { Foo: '1,2' }, { Foo: '1,  2' }, 'not asked'],
    ['one of two another', 'Foo, Bar', { Foo: '1', Bar: '1' }, { Foo: '1', Bar: '2' }, 'asked'],
    ['a field that is not named', 'Foo', { Foo: '1', Bar: '1' }, { Foo: '1', Bar: '2' }, 'not asked'],
    [
      'codings in another order and case',
      'Accept-Encoding',
      { 'Accept-Encoding': 'gzip, BR' },
      { 'Accept-Encoding': 'br,gzip' },
      'not asked',
    ],
  ])('4.1: %s', async (_, names, first, request, expected) => {
    expect(await upstream(vary(names), 1, request, first)).toBe(expected);
  });

  it('4.1: several variants are kept beside one another', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: vary('Foo') });
    const bodies = [];
    for (const foo of ['1', '2', '3', '1', '2', '3'])
      bodies.push((await origin.ask(path, { headers: { Foo: foo } })).body);
    expect(bodies.slice(3)).toEqual(bodies.slice(0, 3));
    expect(new Set(bodies).size).toBe(3);
  });
});

describe('4.2. Freshness', () => {
  it.each<[string, () => Fields, number, string]>([
    ['within max-age', () => ({ 'Cache-Control': 'max-age=60' }), 59, 'not asked'],
    ['past max-age', () => ({ 'Cache-Control': 'max-age=60' }), 61, 'asked'],
    ['max-age=0', () => ({ 'Cache-Control': 'max-age=0' }), 0, 'asked'],
    ['s-maxage before max-age', () => ({ 'Cache-Control': 's-maxage=60, max-age=1' }), 30, 'not asked'],
    ['s-maxage before a longer max-age', () => ({ 'Cache-Control': 's-maxage=1, max-age=60' }), 30, 'asked'],
    ['max-age before Expires', () => ({ 'Cache-Control': 'max-age=60', Expires: origin.date(-60) }), 30, 'not asked'],
    ['Expires minus Date', () => ({ Expires: origin.date(60), Date: origin.date(0) }), 59, 'not asked'],
    ['past Expires', () => ({ Expires: origin.date(60), Date: origin.date(0) }), 61, 'asked'],
    ['an Expires that is no date', () => ({ Expires: '0' }), 0, 'asked'],
    ['the first of two max-age', () => ({ 'Cache-Control': 'max-age=1, max-age=60' }), 30, 'asked'],
    ['a max-age that is no number', () => ({ 'Cache-Control': 'max-age=a60' }), 0, 'asked'],
    ['a max-age beyond all numbers', () => ({ 'Cache-Control': `max-age=${'9'.repeat(30)}` }), 1e6, 'not asked'],
    ['Age that came with it', () => ({ 'Cache-Control': 'max-age=60', Age: '50' }), 11, 'asked'],
    ['the first of a list of ages', () => ({ 'Cache-Control': 'max-age=60', Age: '0, 7200' }), 30, 'not asked'],
    ['an Age that is no number', () => ({ 'Cache-Control': 'max-age=60', Age: 'abc' }), 30, 'not asked'],
    ['a Date long ago', () => ({ 'Cache-Control': 'max-age=60', Date: origin.date(-3_600) }), 0, 'asked'],
    ['a tenth of the time since Last-Modified', () => ({ 'Last-Modified': origin.date(-600) }), 59, 'not asked'],
    ['more than that tenth', () => ({ 'Last-Modified': origin.date(-600) }), 61, 'validated'],
  ])('4.2: %s', async (_, headers, seconds, expected) => {
    expect(await upstream(headers(), seconds)).toBe(expected);
  });

  it('4.2.3: Age is what came with it and the time since', async () => {
    const { reply } = await again({ 'Cache-Control': 'max-age=600', Age: '100' }, 42);
    expect(reply.headers.get('age')).toBe('142');
  });
});

describe('4.2.4. Serving stale', () => {
  it.each<[string, boolean]>([
    ['max-age=1', true],
    ['max-age=1, stale-if-error=60', true],
    ['max-age=1, stale-if-error=5', false],
    ['max-age=1, must-revalidate', false],
    ['max-age=1, proxy-revalidate', false],
    ['s-maxage=1', false],
    ['max-age=1, no-cache', false],
  ])('4.2.4: "%s" stands in when the server is gone: %s', async (directives, standsIn) => {
    for (const failure of [() => origin.fails(), () => origin.answers({ status: 503 })]) {
      const path = origin.freshPath();
      origin.answers({ headers: { 'Cache-Control': directives } });
      const { body } = await origin.ask(path);
      origin.advance(30);
      failure();
      const reply = await origin.ask(path);
      expect(reply.status === 200 && reply.body === body).toBe(standsIn);
    }
  });

  it.each<[string, boolean]>([
    ['max-age=1, stale-while-revalidate=60', true],
    ['max-age=1, stale-while-revalidate=10', false],
    ['max-age=1, stale-while-revalidate=60, must-revalidate', false],
  ])('RFC 5861, 3: "%s" is sent while a newer one is asked for: %s', async (directives, isSent) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': directives } });
    const { body } = await origin.ask(path);
    origin.advance(30);
    expect((await origin.ask(path)).body === body).toBe(isSent);
    // it was asked for behind the client's back
    await until(async () => (await origin.ask(path)).body !== body);
  });
});

describe('4.3. Validation', () => {
  const TAGGED = { 'Cache-Control': 'max-age=1', ETag: '"a"', 'X-Old': '1', 'X-New': '1' };

  it('4.3.4: a 304 brings the stored fields up to date, and makes it fresh', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: TAGGED });
    const { body } = await origin.ask(path);
    origin.advance(30);
    origin.answers({ status: 304, headers: { ETag: '"a"', 'Cache-Control': 'max-age=600', 'X-New': '2' } });
    const reply = await origin.ask(path);
    expect([reply.status, reply.upstream, reply.body]).toEqual([200, 'validated', body]);
    expect([reply.headers.get('x-old'), reply.headers.get('x-new')]).toEqual(['1', '2']);
    origin.advance(300);
    expect((await origin.ask(path)).upstream).toBe('not asked');
  });

  it('4.3.3: a new answer takes the place of the stored one', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: TAGGED });
    await origin.ask(path);
    origin.advance(30);
    origin.answers({ headers: { ...TAGGED, ETag: '"b"' }, body: 'new' });
    expect((await origin.ask(path)).body).toBe('new');
    expect((await origin.ask(path)).body).toBe('new');
  });

  it.each<[string, Fields, Fields, number]>([
    ['the same tag', { ETag: '"a"' }, { 'if-none-match': '"a"' }, 304],
    ['a weak form of it', { ETag: '"a"' }, { 'if-none-match': 'W/"a"' }, 304],
    ['one of a list', { ETag: '"a"' }, { 'if-none-match': '"x", "a"' }, 304],
    ['any', { ETag: '"a"' }, { 'if-none-match': '*' }, 304],
    ['another tag', { ETag: '"a"' }, { 'if-none-match': '"b"' }, 200],
    ['a tag inside another', { ETag: '"a"' }, { 'if-none-match': '"x, a"' }, 200],
    ['a tag where there is none', {}, { 'if-none-match': '"a"' }, 200],
    [
      'the same moment',
      { 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT' },
      { 'if-modified-since': 'Mon, 02 Nov 2026 10:00:00 GMT' },
      304,
    ],
    [
      'an earlier one',
      { 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT' },
      { 'if-modified-since': 'Mon, 02 Nov 2026 09:00:00 GMT' },
      200,
    ],
    [
      'what is no date',
      { 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT' },
      { 'if-modified-since': 'yesterday' },
      200,
    ],
    [
      'a tag rather than a moment',
      { ETag: '"a"', 'Last-Modified': 'Mon, 02 Nov 2026 10:00:00 GMT' },
      { 'if-none-match': '"b"', 'if-modified-since': 'Mon, 02 Nov 2026 10:00:00 GMT' },
      200,
    ],
  ])('4.3.2: a client with %s gets its answer from the cache', async (_, headers, request, status) => {
    const { reply } = await again({ ...headers, 'Cache-Control': 'max-age=60' }, 1, request);
    expect([reply.upstream, reply.status]).toEqual(['not asked', status]);
    expect(reply.body).toMatch(status === 304 ? /^$/ : /^body/);
  });

  it.each<[string, Fields, string]>([
    ['says the same', { ETag: '"a"', 'Cache-Control': 'max-age=600' }, 'not asked'],
    ['says that it has changed', { ETag: '"b"' }, 'asked'],
  ])('4.3.5: HEAD that %s', async (_, headers, expected) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=1', ETag: '"a"' } });
    await origin.ask(path);
    origin.advance(30);
    origin.answers({ headers });
    expect((await origin.ask(path, { method: 'HEAD' })).upstream).toBe('asked');
    expect((await origin.ask(path)).upstream).toBe(expected);
  });

  it('4: HEAD is answered from a stored GET', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' }, body: 'twelve bytes' });
    await origin.ask(path);
    const { upstream: asked, headers, body } = await origin.ask(path, { method: 'HEAD' });
    expect([asked, headers.get('content-length'), body]).toEqual(['not asked', '12', '']);
  });
});

describe('4.4. Invalidation', () => {
  it.each<[string, string, number, Fields, boolean]>([
    ['POST', 'itself', 200, {}, true],
    ['PUT', 'itself', 204, {}, true],
    ['DELETE', 'itself', 303, { Location: '/x' }, true],
    ['POST', 'itself, but failed', 404, {}, false],
    ['PROPFIND', 'itself, which is safe', 207, {}, false],
    ['OPTIONS', 'itself, which is safe', 200, {}, false],
  ])('4.4: %s of %s', async (method, _, status, headers, isGone) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' } });
    await origin.ask(path);
    origin.answers({ status, headers });
    await origin.ask(path, { method });
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' } });
    expect((await origin.ask(path)).upstream).toBe(isGone ? 'asked' : 'not asked');
  });

  it.each(['Location', 'Content-Location'])('4.4: what %s names goes, too; on another host it stays', async (field) => {
    for (const [prefix, isGone] of [
      ['/api', true],
      ['http://other.example/api', false],
    ] as const) {
      const path = origin.freshPath();
      origin.answers({ headers: { 'Cache-Control': 'max-age=60' } });
      await origin.ask(path);
      origin.answers({ status: 201, headers: { [field]: prefix + path } });
      await origin.ask(origin.freshPath(), { method: 'POST' });
      expect((await origin.ask(path)).upstream).toBe(isGone ? 'asked' : 'not asked');
    }
  });
});

describe('3.3, 3.4 and RFC 9110, 14. Ranges', () => {
  it.each<[string, Fields, number, string, string | null]>([
    ['bytes=0-2', {}, 206, '012', 'bytes 0-2/10'],
    ['bytes=7-', {}, 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', {}, 206, '789', 'bytes 7-9/10'],
    ['bytes=8-99', {}, 206, '89', 'bytes 8-9/10'],
    ['bytes=10-', {}, 416, '', 'bytes */10'],
    ['bytes=3-1', {}, 200, '0123456789', null],
    ['bytes=0-1,3-4', {}, 200, '0123456789', null],
    ['lines=0-2', {}, 200, '0123456789', null],
    ['bytes=0-2', { 'if-range': '"a"' }, 206, '012', 'bytes 0-2/10'],
    ['bytes=0-2', { 'if-range': '"b"' }, 200, '0123456789', null],
    ['bytes=0-2', { 'if-range': 'W/"a"' }, 200, '0123456789', null],
  ])('%s %j of a stored whole', async (range, more, status, body, contentRange) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=60', ETag: '"a"' }, body: '0123456789' });
    await origin.ask(path);
    const reply = await origin.ask(path, { headers: { range, ...more } });
    expect([reply.upstream, reply.status, reply.body]).toEqual(['not asked', status, body]);
    expect(reply.headers.get('content-range')).toBe(contentRange);
  });

  it('a stored part answers what lies within it, and nothing else', async () => {
    const path = origin.freshPath();
    const part = { 'Cache-Control': 'max-age=60', 'Content-Range': 'bytes 4-8/10' };
    origin.answers({ status: 206, headers: part, body: '45678' });
    await origin.ask(path, { headers: { range: 'bytes=4-8' } });
    const within = await origin.ask(path, { headers: { range: 'bytes=5-6' } });
    expect([within.upstream, within.status, within.body]).toEqual(['not asked', 206, '56']);
    expect((await origin.ask(path, { headers: { range: 'bytes=5-9' } })).upstream).toBe('asked');
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' }, body: '0123456789' });
    expect((await origin.ask(path)).body).toBe('0123456789');
  });
});

/** Cases of RFC 9111 and its kin at the edges of what the tests by section show. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrigin, type TestOrigin } from '../../support/origin.ts';

let origin: TestOrigin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());

type Fields = Record<string, string | string[]>;

async function again(headers: Fields, seconds: number, request: Fields = {}) {
  const path = origin.freshPath();
  origin.answers({ headers });
  await origin.ask(path);
  origin.advance(seconds);
  return origin.ask(path, { headers: request });
}

describe('cache keys', () => {
  it.each<[string, string]>([
    ['X-Forwarded-Host', 'evil.example'],
    ['X-Forwarded-Proto', 'gopher'],
    ['X-Forwarded-Prefix', '/evil'],
    ['X-Original-URL', '/evil'],
    ['X-Rewrite-URL', '/evil'],
    ['X-HTTP-Method-Override', 'DELETE'],
    ['Forwarded', 'host=evil.example'],
    ['Cookie', 'a=b'],
    ['Accept', 'text/evil'],
    ['User-Agent', 'evil'],
    ['Referer', 'http://evil.example/'],
  ])('2: %s is not part of the key', async (name, value) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' } });
    const { body } = await origin.ask(path, { headers: { [name]: value } });
    const reply = await origin.ask(path);
    expect([reply.upstream, reply.body]).toEqual(['not asked', body]);
  });

  it.each(['?a', '?a=1', '?A=1', '?a=1&a=1', '/', '%20'])('2: the query and path are: %s', async (suffix) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' } });
    await origin.ask(path);
    expect((await origin.ask(path + suffix)).upstream).toBe('asked');
  });

  it('2: the presence of Origin is, whatever it is', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' } });
    await origin.ask(path);
    expect((await origin.ask(path, { headers: { Origin: 'http://a.example' } })).upstream).toBe('asked');
    expect((await origin.ask(path, { headers: { Origin: 'http://b.example' } })).upstream).toBe('not asked');
  });

  it.each<[string, string]>([
    ['max-age=60', 'asked'],
    ['max-age=60, public', 'not asked'],
    ['max-age=60, must-revalidate', 'not asked'],
    ['s-maxage=60', 'not asked'],
    ['max-age=60, proxy-revalidate', 'asked'],
    ['max-age=60, private', 'asked'],
  ])('3.5: what answers Authorization with "%s" is for others: %s', async (directives, expected) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': directives } });
    await origin.ask(path, { headers: { Authorization: 'Bearer x' } });
    expect((await origin.ask(path)).upstream).toBe(expected);
  });
});

describe('4.1. Vary', () => {
  it.each<[string, Fields, Fields, string]>([
    ['Foo', { Foo: '1' }, { Foo: '1' }, 'not asked'],
    ['Foo', { Foo: '1' }, { Foo: '2' }, 'asked'],
    ['Foo', { Foo: '1' }, {}, 'asked'],
    ['Foo', {}, { Foo: '1' }, 'asked'],
    ['foo', { FOO: '1' }, { Foo: '1' }, 'not asked'],
    ['Foo', { Foo: '1,2' }, { Foo: '1 , 2' }, 'not asked'],
    ['Foo', { Foo: '1, 2' }, { Foo: '2, 1' }, 'asked'],
    ['Foo', { Foo: 'a' }, { Foo: 'A' }, 'asked'],
    ['Foo, Bar', { Foo: '1', Bar: '2' }, { Foo: '1', Bar: '2' }, 'not asked'],
    ['Foo, Bar', { Foo: '1', Bar: '2' }, { Foo: '1', Bar: '3' }, 'asked'],
    ['Accept-Language', { 'Accept-Language': 'sv, en' }, { 'Accept-Language': 'SV,en' }, 'not asked'],
    ['Accept-Language', { 'Accept-Language': 'sv, en' }, { 'Accept-Language': 'en, sv' }, 'asked'],
    ['Accept-Encoding', { 'Accept-Encoding': 'gzip, br' }, { 'Accept-Encoding': 'br, gzip' }, 'not asked'],
    ['Foo, *', { Foo: '1' }, { Foo: '1' }, 'asked'],
  ])('4.1: "%s" of %j and %j', async (vary, first, second, expected) => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=60', Vary: vary } });
    await origin.ask(path, { headers: first });
    expect((await origin.ask(path, { headers: second })).upstream).toBe(expected);
  });
});

describe('4.2.1 and 5.3. Lifetimes', () => {
  it.each<[string, Fields, number, string]>([
    ['s-maxage before max-age', { 'Cache-Control': 'max-age=1, s-maxage=60' }, 30, 'not asked'],
    ['s-maxage before max-age, shorter', { 'Cache-Control': 'max-age=60, s-maxage=1' }, 30, 'asked'],
    ['upper case', { 'Cache-Control': 'MAX-AGE=60' }, 30, 'not asked'],
    ['quoted', { 'Cache-Control': 'max-age="60"' }, 30, 'not asked'],
    ['huge', { 'Cache-Control': 'max-age=99999999999999999999' }, 3_000, 'not asked'],
    ['negative', { 'Cache-Control': 'max-age=-60' }, 1, 'asked'],
    ['a fraction', { 'Cache-Control': 'max-age=60.5' }, 1, 'asked'],
    ['without value', { 'Cache-Control': 'max-age' }, 1, 'asked'],
    ['two fields', { 'Cache-Control': ['public', 'max-age=60'] }, 30, 'not asked'],
    ['exactly its lifetime', { 'Cache-Control': 'max-age=30' }, 30, 'asked'],
    ['Expires: 0', { Expires: '0' }, 1, 'asked'],
    ['max-age before Expires: 0', { 'Cache-Control': 'max-age=60', Expires: '0' }, 30, 'not asked'],
    ['Age at its end', { 'Cache-Control': 'max-age=60', Age: '60' }, 1, 'asked'],
    ['Age that is no number', { 'Cache-Control': 'max-age=60', Age: 'x' }, 1, 'not asked'],
    ['nothing said', {}, 1, 'asked'],
  ])('4.2.1: %s', async (_, headers, seconds, expected) => {
    expect((await again(headers, seconds)).upstream).toBe(expected);
  });

  it('5.1: Age grows with the clock and never falls', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=600', Age: '100' } });
    await origin.ask(path);
    for (const age of [110, 120, 130]) {
      origin.advance(10);
      expect((await origin.ask(path)).headers.get('age')).toBe(String(age));
    }
  });
});

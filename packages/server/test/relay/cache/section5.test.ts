/** RFC 9111, section 5, and its kin: what the fields of requests and of answers say. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDirectives, responseDirectives } from '../../../src/relay/cache/directives.ts';
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

describe('5.2.1. Directives of requests', () => {
  it.each<[string, string, number, string]>([
    ['no-cache', 'max-age=60', 1, 'asked'],
    ['max-age=0', 'max-age=60', 1, 'asked'],
    ['max-age=30', 'max-age=60', 20, 'not asked'],
    ['max-age=30', 'max-age=60', 40, 'asked'],
    ['min-fresh=30', 'max-age=60', 20, 'not asked'],
    ['min-fresh=30', 'max-age=60', 40, 'asked'],
    ['max-stale', 'max-age=1', 40, 'not asked'],
    ['max-stale=60', 'max-age=1', 40, 'not asked'],
    ['max-stale=10', 'max-age=1', 40, 'asked'],
    ['max-stale', 'max-age=1, must-revalidate', 40, 'asked'],
    ['max-stale', 's-maxage=1', 40, 'asked'],
    ['min-fresh=10', 'max-age=1, stale-while-revalidate=60', 30, 'asked'],
    ['max-age=100', 'max-age=1, stale-while-revalidate=60', 30, 'asked'],
  ])('5.2.1: "%s" of what is stored with "%s"', async (asked, stored, seconds, expected) => {
    const reply = await again({ 'Cache-Control': stored }, seconds, { 'Cache-Control': asked });
    expect(reply.upstream).toBe(expected);
  });

  it('5.2.1.7: only-if-cached gets a 504 where nothing is stored', async () => {
    const reply = await origin.ask(origin.freshPath(), { headers: { 'Cache-Control': 'only-if-cached' } });
    expect([reply.upstream, reply.status]).toEqual(['not asked', 504]);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'not_cached' });
  });
});

describe('5.2.2. Directives of answers', () => {
  it.each<[string, number, string]>([
    ['no-cache, max-age=60', 1, 'asked'],
    ['no-cache="x-a", max-age=60', 1, 'not asked'],
    ['must-revalidate, max-age=60', 30, 'not asked'],
    ['must-revalidate, max-age=1', 30, 'asked'],
    ['immutable, max-age=60', 30, 'not asked'],
  ])('5.2.2: "%s"', async (stored, seconds, expected) => {
    expect((await again({ 'Cache-Control': stored }, seconds)).upstream).toBe(expected);
  });

  it('5.2.2.4: no-cache is asked for again with the stored validator', async () => {
    expect((await again({ 'Cache-Control': 'no-cache', ETag: '"a"' }, 1)).upstream).toBe('validated');
  });

  it.each<[string, Record<string, string>]>([
    ['a, b=1, c="x, y=2"', { a: '', b: '1', c: 'x, y=2' }],
    ['A=1, a=2', { a: '1' }],
    [' ,, a , =1, b', { a: '', b: '' }],
    ['a="\\"", b', { a: '"', b: '' }],
    ['a="open, b', { b: '' }],
    ['a b, c', { c: '' }],
  ])('5.2: %j is read as what it says', (text, expected) => {
    expect(Object.fromEntries(parseDirectives([text]))).toEqual(expected);
  });

  it.each(['no-store; max-age=60', 'no-store max-age=60', 'max-age=60, private="abc', 'private; x, max-age=60'])(
    '5.2: "%s" cannot be read, and what it may forbid is believed',
    async (stored) => {
      const reply = await again({ 'Cache-Control': stored, 'Last-Modified': origin.date(-1_000_000) }, 1);
      expect(reply.upstream).toBe('asked');
    },
  );

  it('5.2: no text takes long to read', () => {
    const startedAt = performance.now();
    for (const piece of ['"', '\\"', 'a="', ',', ' ', 'a=', ';', '=']) parseDirectives([piece.repeat(20_000)]);
    for (const piece of ['a;', 'a=1;b', '"', ' ']) responseDirectives(['CDN-Cache-Control', piece.repeat(20_000)]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe('RFC 9213. Targeted Cache-Control', () => {
  it.each<[string, string, number, string]>([
    ['max-age=60', 'max-age=1', 30, 'not asked'],
    ['max-age=1', 'max-age=60', 30, 'asked'],
    ['max-age=60', 'no-store', 30, 'not asked'],
    ['no-store', 'max-age=60', 1, 'asked'],
    ['private', 'max-age=60', 1, 'asked'],
    ['foo, max-age=60', 'max-age=1', 30, 'not asked'],
    ['max-age=60, &&&', 'no-store', 1, 'asked'],
    ['max-age="60"', 'no-store', 1, 'asked'],
    ['max-age=60;a=1', 'no-store', 1, 'not asked'],
  ])('2: "%s" before "%s"', async (targeted, plain, seconds, expected) => {
    const reply = await again({ 'CDN-Cache-Control': targeted, 'Cache-Control': plain }, seconds);
    expect(reply.upstream).toBe(expected);
  });
});

describe('RFC 9211. Cache-Status', () => {
  const statusOf = async (...given: Parameters<typeof again>) => (await again(...given)).headers.get('cache-status');

  it('says hit and for how long, why it asked, and what came of it', async () => {
    expect(await statusOf({ 'Cache-Control': 'max-age=60' }, 20)).toBe('lunch-relay; hit; ttl=40');
    expect(await statusOf({ 'Cache-Control': 'max-age=10' }, 20)).toBe(
      'lunch-relay; fwd=stale; fwd-status=200; stored',
    );
    const request = { 'Cache-Control': 'no-cache' };
    expect(await statusOf({ 'Cache-Control': 'max-age=60' }, 1, request)).toMatch(/^lunch-relay; fwd=request; /);
    expect(await statusOf({ 'Cache-Control': 'max-age=60', Vary: 'Foo' }, 1, { Foo: '1' })).toMatch(/fwd=vary-miss/);
    expect(await statusOf({ 'Cache-Control': 'no-store' }, 1)).toBe('lunch-relay; fwd=uri-miss; fwd-status=200');
    const posted = await origin.ask(origin.freshPath(), { method: 'POST' });
    expect(posted.headers.get('cache-status')).toBe('lunch-relay; fwd=method');
  });
});

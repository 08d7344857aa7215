/** Conditions and ranges as questions about one stored response: what the client has, which bytes it wants, what is sent. */
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { answerFrom, holdsRange } from '../../../src/relay/cache/answer.ts';
import {
  hasValidator,
  isAmong,
  isConditional,
  isSame,
  isUnchanged,
  partOf,
  rangeOf,
  toNotModifiedHeaders,
  toValidationHeaders,
} from '../../../src/relay/cache/conditions.ts';
import type { StoredResponse } from '../../../src/relay/cache/store.ts';

const AT_TEN = 'Mon, 02 Nov 2026 10:00:00 GMT';
const AT_ELEVEN = 'Mon, 02 Nov 2026 11:00:00 GMT';

const stored = (headers: string[] = [], more: Partial<StoredResponse> = {}): StoredResponse => ({
  status: 200,
  reason: 'OK',
  httpVersion: '1.1',
  headers,
  requestedAt: Date.parse(AT_TEN),
  respondedAt: Date.parse(AT_TEN),
  body: Buffer.from('0123456789'),
  path: '/x',
  variesWith: [],
  variant: '[]',
  ...more,
});

describe('a request', () => {
  it.each([
    [['If-None-Match', '"a"'], true],
    [['Accept', '*/*', 'IF-MODIFIED-SINCE', AT_TEN], true],
    [['If-Match', '"a"'], true],
    [['If-Unmodified-Since', AT_TEN], true],
    [['If-Range', '"a"'], true],
    [['Range', 'bytes=0-1'], false],
    [[], false],
  ])('with %j has conditions: %s', (rawHeaders, is) => {
    expect(isConditional(rawHeaders)).toBe(is);
  });

  it('asks the upstream with the conditions of the cache and not with those of the client', () => {
    const asked = ['Accept', '*/*', 'If-None-Match', '"client"', 'Range', 'bytes=0-1', 'If-Range', '"a"'];
    expect(toValidationHeaders(asked)).toEqual(['Accept', '*/*']);
    expect(toValidationHeaders([], stored(['ETag', 'W/"a"', 'Last-Modified', AT_TEN]))).toEqual([
      'If-None-Match',
      'W/"a"',
      'If-Modified-Since',
      AT_TEN,
    ]);
    for (const tag of ['a', '"a" "b"', 'x"a"', '"a"x', 'w/"a"'])
      expect(toValidationHeaders([], stored(['ETag', tag]))).toEqual([]);
  });

  it.each([
    [['ETag', '"a"'], true],
    [['ETag', '""'], true],
    [['ETag', 'a'], false],
    [['Last-Modified', AT_TEN], true],
    [['Date', AT_TEN], false],
  ])('can be asked again about what came with %j: %s', (headers, can) => {
    expect(hasValidator(stored(headers))).toBe(can);
  });
});

describe('a 304', () => {
  it.each([
    [['ETag', '"a"'], ['ETag', '"a"'], true],
    [['ETag', 'W/"a"'], ['ETag', '"a"'], true],
    [['ETag', '"aW/"'], ['ETag', '"a"'], false],
    [['ETag', '"b"'], ['ETag', '"a"'], false],
    [[], ['ETag', '"a"'], true],
    [['ETag', '"a"'], [], true],
  ])('with %j speaks of what came with %j: %s', (newer, headers, is) => {
    expect(isSame(stored(headers), newer)).toBe(is);
  });

  it.each<[string[], string[], boolean]>([
    [['If-None-Match', '"a"'], ['ETag', '"a"'], true],
    [['If-None-Match', '"b"', 'If-None-Match', '"a"'], ['ETag', '"a"'], true],
    [['If-None-Match', '"b"'], ['ETag', '"a"'], false],
    [['If-None-Match', '"xyz", "abc"'], ['ETag', '"abc"'], true],
    [['If-None-Match', ' * '], [], true],
    [['If-None-Match', ' a '], ['ETag', 'a'], true],
    [['If-None-Match', '"a"'], [], false],
    [['If-None-Match', '"b"', 'If-Modified-Since', AT_ELEVEN], ['ETag', '"a"', 'Last-Modified', AT_TEN], false],
    [['If-Modified-Since', AT_TEN], ['Last-Modified', AT_TEN], true],
    [['If-Modified-Since', AT_TEN], ['Last-Modified', AT_ELEVEN], false],
    [['If-Modified-Since', AT_ELEVEN], ['Last-Modified', AT_TEN, 'Date', 'Mon, 02 Nov 2026 12:00:00 GMT'], true],
    [['If-Modified-Since', AT_TEN], ['Date', AT_ELEVEN], false],
    [['If-Modified-Since', AT_TEN], [], true], // it came then
    [['If-Modified-Since', 'Mon, 02 Nov 2026 09:59:59 GMT'], [], false],
    [['If-Modified-Since', 'yesterday'], ['Last-Modified', AT_TEN], false],
    [[], ['Last-Modified', AT_TEN], false],
  ])('answers %j about what came with %j: %s', (asked, headers, is) => {
    expect(isUnchanged(asked, stored(headers))).toBe(is);
  });

  it('is no answer about a tag that begins or ends another', () => {
    expect(isAmong('"a"', '"ab", "ba"')).toBe(false);
    expect(isAmong('"a"', 'W/"a"')).toBe(true);
    expect(isAmong(undefined, '"a"')).toBe(false);
  });

  it('says nothing of the content but where it lies', () => {
    const headers = ['ETag', '"a"', 'Content-Type', 'text/plain', 'Content-Location', '/y', 'X-Content-Type', '1'];
    expect(toNotModifiedHeaders(headers)).toEqual(['ETag', '"a"', 'Content-Location', '/y', 'X-Content-Type', '1']);
  });
});

describe('a range', () => {
  const TAGGED = stored(['ETag', '"a"', 'Last-Modified', AT_TEN]);

  it.each<[string, ReturnType<typeof rangeOf>]>([
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=0-2', { first: 0, last: 2 }],
    [' bytes=10-12 ', { first: 10, last: 12 }],
    ['bytes=9-', { first: 9, last: 99 }],
    ['bytes=98-99', { first: 98, last: 99 }],
    ['bytes=98-1000', { first: 98, last: 99 }],
    ['bytes=-1', { first: 99, last: 99 }],
    ['bytes=-12', { first: 88, last: 99 }],
    ['bytes=-1000', { first: 0, last: 99 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=99-', { first: 99, last: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-99', undefined],
    ['bytes=-', undefined],
    ['bytes=0-1,3-4', undefined],
    ['xbytes=0-1', undefined],
    ['bytes=0-1x', undefined],
    ['lines=0-1', undefined],
  ])('of "%s" in 100 bytes is %j', (range, expected) => {
    expect(rangeOf(['Range', range], TAGGED, 100)).toEqual(expected);
  });

  it.each([
    ['"a"', true],
    [AT_TEN, true],
    ['"b"', false],
    ['W/"a"', false],
    [AT_ELEVEN, false],
  ])('of the state "%s" is of this one: %s', (condition, is) => {
    expect(rangeOf(['Range', 'bytes=0-1', 'If-Range', condition], TAGGED, 100) !== undefined).toBe(is);
  });

  it('of a state that only a weak tag names is of no state', () => {
    const asked = ['Range', 'bytes=0-1', 'If-Range', 'W/"a"'];
    expect(rangeOf(asked, stored(['ETag', 'W/"a"']), 100)).toBeUndefined();
  });

  it('is none where none is asked for', () => {
    expect(rangeOf([], TAGGED, 100)).toBeUndefined();
  });

  it.each([
    ['bytes 4-8/10', { first: 4, size: 10 }],
    ['bytes 40-40/100', { first: 40, size: 100 }],
    ['bytes 8-4/10', undefined],
    ['bytes 4-10/10', undefined],
    ['bytes 4-8/*', undefined],
    ['xbytes 4-8/10', undefined],
    ['bytes 4-8/10x', undefined],
  ])('that came as "%s" lies at %j', (field, part) => {
    expect(partOf(['Content-Range', field])).toEqual(part);
    expect(partOf([])).toBeUndefined();
  });

  const PART = stored(['Content-Range', 'bytes 4-8/10'], {
    status: 206,
    body: Buffer.from('45678'),
    range: 'bytes=4-',
  });

  it.each([
    ['bytes=4-', true], // what was asked for when it came
    ['bytes=4-8', true],
    ['bytes=5-6', true],
    ['bytes=3-5', false],
    ['bytes=5-9', false],
    ['bytes=20-', false],
    ['bytes=-', false],
  ])('"%s" is held by the stored part 4-8 of 10: %s', (range, holds) => {
    expect(holdsRange(['Range', range], PART)).toBe(holds);
    expect(holdsRange([], PART)).toBe(false);
    expect(holdsRange(['Range', range], stored([], { status: 206 }))).toBe(false);
  });

  const answered = (rawHeaders: string[], from: StoredResponse, method = 'GET') => {
    const told = { ageMs: 1_999, ttlMs: 58_001 };
    const answer = answerFrom({ method, rawHeaders } as unknown as IncomingMessage, from, told, 'hit');
    return { ...answer, body: (answer.body as Buffer).toString() };
  };

  it.each<[string, number, string, StoredResponse, string[]]>([
    ['bytes=5-6', 206, '56', PART, ['Content-Length', '2', 'Content-Range', 'bytes 5-6/10']],
    ['bytes=4-', 206, '45678', PART, []],
    ['bytes=1-2', 206, '12', stored(), ['Content-Length', '2', 'Content-Range', 'bytes 1-2/10']],
    ['bytes=10-', 416, '', stored(), ['Content-Length', '0', 'Content-Range', 'bytes */10']],
    ['bytes=-', 200, '0123456789', stored(), []],
    ['bytes=1-2', 404, '0123456789', stored([], { status: 404 }), []],
  ])('"%s" is answered with %i "%s"', (range, status, body, from, added) => {
    const kept = added.length === 0 ? from.headers : [];
    expect(answered(['Range', range], from)).toMatchObject({ status, body, headers: [...kept, 'Age', '1', ...added] });
  });

  it('is sent with the length of its own, and is not sent for HEAD', () => {
    const whole = stored(['content-length', '10', 'age', '7', 'X-A', '1']);
    expect(answered(['Range', 'bytes=1-2'], whole)).toMatchObject({
      reason: 'Partial Content',
      headers: ['X-A', '1', 'Age', '1', 'Content-Length', '2', 'Content-Range', 'bytes 1-2/10'],
    });
    expect(answered(['Range', 'bytes=10-'], whole).reason).toBe('Range Not Satisfiable');
    expect(answered(['Range', 'bytes=1-2'], whole, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('is nothing to somebody who has it all', () => {
    const asked = ['Range', 'bytes=1-2', 'If-None-Match', '"a"'];
    const headers = ['ETag', '"a"', 'Content-Type', 'text/plain'];
    expect(answered(asked, stored(headers))).toMatchObject({
      status: 304,
      reason: 'Not Modified',
      body: '',
      headers: ['ETag', '"a"', 'Age', '1'],
      cacheStatus: 'hit; ttl=58',
      isFramed: true,
    });
    expect(answered(['If-None-Match', '"a"'], stored(headers, { status: 404 })).status).toBe(404);
  });
});

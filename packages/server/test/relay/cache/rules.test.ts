/** RFC 9111 as questions about one request and one response: what may be stored, how old it is, and what it may be used for. */
import { describe, expect, it } from '@jest/globals';
import {
  currentAge,
  explicitLifetime,
  freshnessLifetime,
  type Head,
  invalidates,
  isFailure,
  isStorable,
  parseDate,
  toStoredHeaders,
  toUpdatedHeaders,
  usableLifetime,
  useOf,
  variantOf,
  varyOf,
} from '../../../src/relay/cache/policy.ts';
import { MONDAY_11 } from '../../support/relay.ts';

const SETTINGS = { honoursRequests: true, defaultTtlMs: 0, staleIfErrorMs: 0 };
const SECOND = 1_000;
const DAY = 24 * 3_600 * SECOND;

const dated = (seconds: number) => new Date(MONDAY_11 + seconds * SECOND).toUTCString();
const head = (headers: string[], more: Partial<Head> = {}): Head => ({
  status: 200,
  headers,
  requestedAt: MONDAY_11,
  respondedAt: MONDAY_11,
  ...more,
});
const asked = (rawHeaders: string[] = [], method = 'GET') => ({ method, rawHeaders });
const told = (value: string) => ['Cache-Control', value];

describe('what may be stored', () => {
  const modified = ['Last-Modified', dated(-100)];

  it.each<[boolean, string, Head, string[]]>([
    [true, 'a 200 that may become stale at once', head([]), []],
    [false, 'a 206 that does not say for how long', head(modified, { status: 206 }), []],
    [false, 'a public 206 that does not', head(told('public'), { status: 206 }), []],
    [true, 'a 206 that does', head(told('max-age=1'), { status: 206 }), []],
    [false, 'an interim answer', head(told('max-age=1'), { status: 199 }), []],
    [false, 'a 304', head(told('max-age=1'), { status: 304 }), []],
    [true, 'a public 403', head(told('public'), { status: 403 }), []],
    [false, 'a 403', head(modified, { status: 403 }), []],
    [
      false,
      'what varies with what the relay says for the client',
      head([...told('max-age=1'), 'Vary', 'X-Forwarded-For']),
      [],
    ],
    [false, 'what varies with Forwarded', head([...told('max-age=1'), 'Vary', 'a, Forwarded']), []],
    [false, 'what varies with Via', head([...told('max-age=1'), 'Vary', 'via']), []],
    [false, 'what varies with Host', head([...told('max-age=1'), 'Vary', 'HOST']), []],
    [true, 'what varies with another field', head([...told('max-age=1'), 'Vary', 'Accept']), []],
    [false, 'what a client wants forgotten', head(told('max-age=1')), told('no-store')],
    [true, 'a private field', head(told('private="x", max-age=1')), []],
    [false, 'what is private', head(told('private, max-age=1')), []],
    [false, 'what its server wants forgotten', head(told('no-store, max-age=1')), []],
    [true, 'what only those may store who understand it', head(told('must-understand, no-store, max-age=1')), []],
    [false, 'what is not understood', head(told('must-understand, max-age=1'), { status: 418 }), []],
    [false, 'what varies with everything', head([...told('max-age=1'), 'Vary', 'a, *']), []],
    [false, 'a cookie', head([...modified, 'Set-Cookie', 'a=1']), []],
    [true, 'a cookie with its time', head([...told('max-age=1'), 'Set-Cookie', 'a=1']), []],
    [false, 'what somebody may see', head(told('max-age=1')), ['Authorization', 'me']],
    ...['must-revalidate', 'public', 's-maxage=1'].map((open): [boolean, string, Head, string[]] => [
      true,
      `what others may see by ${open}`,
      head(told(`max-age=1, ${open}`)),
      ['Authorization', 'me'],
    ]),
  ])('(%s) is %s', (may, _, response, request) => {
    expect(isStorable(asked(request), response, SETTINGS)).toBe(may);
  });

  it('is what clients want forgotten, where they are not heeded', () => {
    const settings = { ...SETTINGS, honoursRequests: false };
    expect(isStorable(asked(told('no-store')), head(told('max-age=1')), settings)).toBe(true);
  });

  it.each(['HEAD', 'POST'])('is nothing that answers %s', (method) => {
    expect(isStorable(asked([], method), head(told('max-age=1')), SETTINGS)).toBe(false);
  });

  it('is brought up to date, but for what tells how to read the body', () => {
    const ofTheBody = ['Content-Length', '10', 'content-encoding', 'gzip', 'Content-Range', 'bytes 0-9/20'];
    const newer = ['a', '3', 'Content-Length', '0', 'Content-Encoding', 'br', 'content-range', 'bytes */20', 'C', '4'];
    const updated = toUpdatedHeaders(['A', '1', ...ofTheBody, 'A', '2', 'B', '5'], newer);
    expect(updated).toEqual([...ofTheBody, 'B', '5', 'a', '3', 'C', '4']);
  });

  it('is stored without the fields that are somebody’s', () => {
    const fields = ['A', '1', 'X-User', 'me', 'x-other', '2', 'B', '3'];
    expect(toStoredHeaders([...fields, ...told('private="X-User", no-cache=" x-other , b "')])).toEqual([
      'A',
      '1',
      ...told('private="X-User", no-cache=" x-other , b "'),
    ]);
    expect(toStoredHeaders(['A', '1'])).toEqual(['A', '1']);
  });

  it.each([
    [429, true],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
    [501, false],
    [404, false],
  ])('is as good as before after a %i: %s', (status, is) => {
    expect(isFailure(status)).toBe(is);
  });

  it.each<[string, number, boolean]>([
    ['POST', 200, true],
    ['POST', 399, true],
    ['POST', 400, false],
    ['POST', 199, false],
    ...['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY'].map(
      (method): [string, number, boolean] => [method, 200, false],
    ),
  ])('is no longer true after %s with %i: %s', (method, status, is) => {
    expect(invalidates(method, status)).toBe(is);
  });
});

describe('how long it is fresh', () => {
  it.each<[string, string[], number | undefined]>([
    ['s-maxage before max-age', told('max-age=1, s-maxage=2'), 2 * SECOND],
    ['max-age', told('max-age=1'), SECOND],
    ['Expires from Date on', ['Date', dated(10), 'Expires', dated(15)], 5 * SECOND],
    ['Expires from when it came on', ['Expires', dated(15)], 15 * SECOND],
    ['the first Expires', ['Expires', dated(15), 'Expires', dated(30)], 15 * SECOND],
    ['an Expires before Date', ['Date', dated(10), 'Expires', dated(5)], 0],
    ['an Expires that is no date', ['Expires', 'soon'], 0],
    [
      'no Expires where caches like this are told something else',
      ['CDN-Cache-Control', 'foo', 'Expires', dated(15)],
      undefined,
    ],
    ['nothing', [], undefined],
  ])('is told by %s', (_, headers, ms) => {
    expect(explicitLifetime(headers, MONDAY_11)).toBe(ms);
  });

  it.each<[string, string[], number, number]>([
    ['a tenth of its age', ['Last-Modified', dated(-100)], 200, 10 * SECOND],
    ['a tenth of its age then', ['Last-Modified', dated(-100), 'Date', dated(-50)], 200, 5 * SECOND],
    ['a day at most', ['Last-Modified', dated(-100 * 86_400)], 200, DAY],
    ['not at all, if it is of the future', ['Last-Modified', dated(100)], 200, 0],
    ['not at all, if nothing is known of its age', [], 200, 0],
    ['not at all, if its status says nothing', ['Last-Modified', dated(-100)], 403, 0],
    ['a tenth of its age, if it is public', ['Last-Modified', dated(-100), ...told('public')], 403, 10 * SECOND],
  ])('is otherwise %s', (_, headers, status, ms) => {
    expect(freshnessLifetime(head(headers, { status }), SETTINGS)).toBe(ms);
  });

  it('is otherwise as long as is set, and longer while it is asked for', () => {
    const settings = { ...SETTINGS, defaultTtlMs: 7 * SECOND };
    expect(freshnessLifetime(head([]), settings)).toBe(7 * SECOND);
    expect(freshnessLifetime(head(told('public'), { status: 403 }), settings)).toBe(7 * SECOND);
    expect(usableLifetime(head([]), settings)).toBe(7 * SECOND);
    expect(usableLifetime(head(told('max-age=1, stale-while-revalidate=2')), settings)).toBe(3 * SECOND);
  });

  it.each<[string, string[], Partial<Head>, number]>([
    ['the time here', [], {}, 5],
    ['the time on the way', [], { requestedAt: MONDAY_11 - 3 * SECOND }, 8],
    ['its Age', ['Age', '10'], {}, 15],
    ['its Age and the time on the way', ['Age', '10'], { requestedAt: MONDAY_11 - 3 * SECOND }, 18],
    ['the first of its ages', ['Age', ' 10 , 20'], {}, 15],
    ['no Age that is no number', ['Age', '10x'], {}, 5],
    ['no Age after a letter', ['Age', 'x10'], {}, 5],
    ['2^31 seconds at most', ['Age', '9'.repeat(12)], {}, 2 ** 31 + 5],
    ['its Date', ['Date', dated(-20)], {}, 25],
    ['no Date of the future', ['Date', dated(20)], {}, 5],
    ['the worse of Date and Age', ['Date', dated(-20), 'Age', '30'], {}, 35],
    ['no clock that went back', [], { requestedAt: MONDAY_11 + 3 * SECOND }, 5],
  ])('is counted from its age, which is %s', (_, headers, more, seconds) => {
    expect(currentAge(head(headers, more), MONDAY_11 + 5 * SECOND)).toBe(seconds * SECOND);
    expect(currentAge(head([]), MONDAY_11 - 5 * SECOND)).toBe(0);
  });

  it.each<[string, string | undefined]>([
    ['Mon, 23 Nov 2026 10:00:00 GMT', '2026-11-23T10:00:00.000Z'],
    ['Monday, 23-Nov-26 10:00:00 GMT', '2026-11-23T10:00:00.000Z'],
    ['Mon Nov 23 10:00:00 2026', '2026-11-23T10:00:00.000Z'],
    ['Mon Nov  2 10:00:00 2026', '2026-11-02T10:00:00.000Z'],
    ['Mon, 23 Xyz 2026 10:00:00 GMT', undefined],
    ['Mon, 23 Nov 2026 10:00:00 +0100', undefined],
    ['x Mon, 23 Nov 2026 10:00:00 GMT', undefined],
    ['Mon, 23 Nov 2026 10:00:00 GMT x', undefined],
    ['Monday, 23-Nov-26 10:00:00 GMT+1', undefined],
    ['Mon Nov 23 10:00:00 2026 PST', undefined],
    ['2026-11-23T10:00:00Z', undefined],
    ['', undefined],
  ])('knows the date "%s": %s', (text, expected) => {
    const at = parseDate(text);
    expect(at && new Date(at).toISOString()).toBe(expected);
  });
});

describe('which one answers', () => {
  const variant = (names: string[], rawHeaders: string[]) => variantOf(names, asked(rawHeaders));

  it('depends on the fields that it varies with, in whatever order and spelling', () => {
    expect(varyOf(['Vary', 'Foo, BAR', 'vary', ' , baz'])).toEqual(['foo', 'bar', 'baz']);
    expect(variant(['foo', 'bar', 'foo'], ['Foo', '1', 'bar', '2', 'Other', '3'])).toBe('[["bar","2"],["foo","1"]]');
    expect(variant(['foo'], ['Foo', ' 1 ,2', 'FOO', '3   4'])).toBe('[["foo","1,2,3 4"]]');
    expect(variant(['foo'], [])).toBe('[["foo",null]]');
    expect(variant(['foo'], ['Foo', 'B, a'])).toBe('[["foo","B,a"]]');
    for (const languages of ['SV , en ; q=0.5', 'sv,en; q=0.5', 'sv ,EN ;q=0.5'])
      expect(variant(['accept-language'], ['Accept-Language', languages])).toBe('[["accept-language","sv,en;q=0.5"]]');
    expect(variant(['accept-encoding'], ['Accept-Encoding', 'gzip, BR'])).toBe('[["accept-encoding","br,gzip"]]');
  });
});

describe('what it may be used for', () => {
  type Row = [asked: string, told: string, seconds: number, use: ReturnType<typeof useOf>['kind'] | 'asked for'];
  /** `validate` because a client asks for it, or because it is stale. */
  const wordFor = (use: ReturnType<typeof useOf>) =>
    use.kind === 'validate' ? { request: 'asked for', stale: 'validate' }[use.reason] : use.kind;

  it.each<Row>([
    ['', 'max-age=60', 59, 'fresh'],
    ['', 'max-age=60', 60, 'validate'],
    ['', 'max-age=60, no-cache', 1, 'validate'],
    ['', 'max-age=60, no-cache="a"', 1, 'fresh'],
    ['no-cache', 'max-age=60', 1, 'asked for'],
    ['max-age=30', 'max-age=60', 30, 'fresh'],
    ['max-age=30', 'max-age=60', 31, 'asked for'],
    ['max-age=30, max-stale=0', 'max-age=60', 31, 'asked for'],
    ['max-age=30, max-stale=5', 'max-age=60', 31, 'fresh'],
    ['max-age=30, max-stale=5', 'max-age=60, must-revalidate', 31, 'asked for'],
    ['min-fresh=30', 'max-age=60', 30, 'fresh'],
    ['min-fresh=30', 'max-age=60', 31, 'asked for'],
    ['max-stale=5', 'max-age=60', 65, 'fresh'],
    ['max-stale=5', 'max-age=60', 66, 'validate'],
    ['max-stale', 'max-age=60', 6_000, 'fresh'],
    ['max-stale=5', 'max-age=60, proxy-revalidate', 61, 'validate'],
    ['max-stale=5', 's-maxage=60', 61, 'validate'],
    ['max-age=90', 'max-age=60', 70, 'asked for'],
    ['max-age=90, max-stale=5', 'max-age=60', 70, 'validate'],
    ['min-fresh=1', 'max-age=60', 70, 'asked for'],
    ['', 'max-age=60, stale-while-revalidate=10', 69, 'stale-while-revalidate'],
    ['', 'max-age=60, stale-while-revalidate=10', 70, 'validate'],
    ['', 'max-age=60, stale-while-revalidate=10, must-revalidate', 65, 'validate'],
    ['min-fresh=1', 'max-age=60, stale-while-revalidate=10', 65, 'asked for'],
  ])('if a client asks "%s" of "%s" after %i s: %s', (request, response, seconds, expected) => {
    const use = useOf(
      asked(request === '' ? [] : told(request)),
      head(told(response)),
      MONDAY_11 + seconds * SECOND,
      SETTINGS,
    );
    expect(wordFor(use)).toBe(expected);
    if (use.kind === 'fresh') expect(use.ttlMs).toBe((60 - seconds) * SECOND);
  });

  it('is not for the client to say where clients are not heeded', () => {
    const settings = { ...SETTINGS, honoursRequests: false };
    expect(useOf(asked(told('no-cache')), head(told('max-age=60')), MONDAY_11, settings).kind).toBe('fresh');
  });

  it.each<[string, number, number]>([
    ['max-age=60', 30, 100],
    ['max-age=60', 70, 90],
    ['max-age=60', 160, 0],
    ['max-age=60', 170, 0],
    ['max-age=60, stale-if-error=20', 70, 10],
    ['max-age=60, must-revalidate', 30, 0],
    ['max-age=60, no-cache', 30, 0],
    ['s-maxage=60', 30, 0],
  ])('"%s" may stand in after %i s for %i s more', (response, seconds, expected) => {
    const settings = { ...SETTINGS, staleIfErrorMs: 100 * SECOND };
    const use = useOf(asked(told('no-cache')), head(told(response)), MONDAY_11 + seconds * SECOND, settings);
    expect(use).toEqual({ kind: 'validate', reason: 'request', ifErrorMs: expected * SECOND });
  });
});

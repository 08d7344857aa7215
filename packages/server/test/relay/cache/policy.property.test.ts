/** The policy under random fields, directives and clocks: what must never happen does not. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../../test/support/runs.ts';
import { parseDirectives } from '../../../src/relay/cache/directives.ts';
import {
  currentAge,
  freshnessLifetime,
  type Head,
  isStorable,
  parseDate,
  toUpdatedHeaders,
  useOf,
  variantOf,
} from '../../../src/relay/cache/policy.ts';
import { fieldValue, fieldValues } from '../../../src/relay/headers.ts';
import { MONDAY_11 } from '../../support/relay.ts';

const RUNS = runs({ seed: 9111, numRuns: 2_000 });
const SETTINGS = { honoursRequests: true, defaultTtlMs: 0, staleIfErrorMs: 3_600_000 };

const seconds = fc.integer({ min: 0, max: 5_000 });
const directive = fc.oneof(
  fc.constantFrom(
    'no-store',
    'private',
    'no-cache',
    'public',
    'must-revalidate',
    'proxy-revalidate',
    'immutable',
    '"',
    '',
  ),
  fc
    .tuple(fc.constantFrom('max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error', 'foo'), seconds)
    .map(([name, value]) => `${name}=${value}`),
);
const cacheControl = fc.array(directive, { maxLength: 5 }).map((list) => list.join(', '));
const date = fc
  .integer({ min: -5_000, max: 5_000 })
  .map((offset) => new Date(MONDAY_11 + offset * 1_000).toUTCString());
const field = fc.oneof(
  cacheControl.map((value) => ['Cache-Control', value]),
  date.map((value) => ['Expires', value]),
  date.map((value) => ['Date', value]),
  date.map((value) => ['Last-Modified', value]),
  fc.oneof(seconds.map(String), fc.string()).map((value) => ['Age', value]),
  fc.constantFrom(['Vary', '*'], ['Vary', 'Foo'], ['Set-Cookie', 'a=1'], ['ETag', '"a"']),
);
const head: fc.Arbitrary<Head> = fc.record({
  status: fc.constantFrom(200, 204, 301, 404, 500, 503),
  headers: fc.array(field, { maxLength: 6 }).map((fields) => fields.flat()),
  requestedAt: fc.constant(MONDAY_11 - 100),
  respondedAt: fc.constant(MONDAY_11),
});
const request = fc.record({
  method: fc.constant('GET'),
  rawHeaders: fc
    .array(
      fc.oneof(
        fc.constantFrom(['Authorization', 'Basic x'], ['Foo', '1'], ['Pragma', 'no-cache']),
        fc
          .oneof(
            fc.constantFrom('no-cache', 'no-store', 'max-stale', 'only-if-cached'),
            seconds.map((value) => `max-age=${value}`),
            seconds.map((value) => `min-fresh=${value}`),
            seconds.map((value) => `max-stale=${value}`),
          )
          .map((value) => ['Cache-Control', value]),
      ),
      { maxLength: 3 },
    )
    .map((fields) => fields.flat()),
});
const later = fc.integer({ min: 0, max: 20_000_000 }).map((offset) => MONDAY_11 + offset);

const directivesOf = ({ headers }: Head) =>
  parseDirectives(headers.filter((_, index) => index % 2 === 1 && headers[index - 1] === 'Cache-Control'));

describe('whatever is sent', () => {
  it('no-store, private, Vary: * and unpermitted Authorization are never stored', () => {
    fc.assert(
      fc.property(request, head, (asked, answer) => {
        if (!isStorable(asked, answer, SETTINGS)) return;
        const told = directivesOf(answer);
        expect(told.has('no-store') || told.get('private') === '').toBe(false);
        expect(fieldValues(answer.headers, 'vary')).not.toContain('*');
        if (fieldValue(asked.rawHeaders, 'authorization') !== undefined)
          expect(told.has('public') || told.has('s-maxage') || told.has('must-revalidate')).toBe(true);
      }),
      RUNS,
    );
  });

  it('nothing past its lifetime is fresh, unless the client says that it may be', () => {
    fc.assert(
      fc.property(request, head, later, (asked, answer, now) => {
        const use = useOf(asked, answer, now, SETTINGS);
        const isPast = currentAge(answer, now) >= freshnessLifetime(answer, SETTINGS);
        const accepts = asked.rawHeaders.some((value) => value.startsWith('max-stale'));
        if (isPast && !accepts) expect(use.kind).not.toBe('fresh');
      }),
      RUNS,
    );
  });

  it('what must be validated is never sent stale, nor does it stand in', () => {
    fc.assert(
      fc.property(request, head, later, (asked, answer, now) => {
        const told = directivesOf(answer);
        const isStrict = ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => told.has(name));
        const isPast = currentAge(answer, now) >= freshnessLifetime(answer, SETTINGS);
        if (!isStrict || !isPast) return;
        expect(useOf(asked, answer, now, SETTINGS)).toMatchObject({ kind: 'validate', ifErrorMs: 0 });
      }),
      RUNS,
    );
  });

  it('the older it is the older it is said to be, and it is never younger than its Age', () => {
    fc.assert(
      fc.property(head, later, later, (answer, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        expect(currentAge(answer, late)).toBeGreaterThanOrEqual(currentAge(answer, early));
        const age = fieldValue(answer.headers, 'age') ?? '';
        if (/^\d+$/.test(age)) expect(currentAge(answer, early)).toBeGreaterThanOrEqual(Number(age) * 1_000);
      }),
      RUNS,
    );
  });

  it('reading it throws nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, name) => {
        parseDirectives([text]);
        parseDate(text);
        variantOf([name], { method: 'GET', rawHeaders: [name, text] });
        isStorable(
          { method: 'GET', rawHeaders: [] },
          {
            status: 200,
            headers: ['Cache-Control', text, 'Vary', text, 'CDN-Cache-Control', text],
            requestedAt: 0,
            respondedAt: 0,
          },
          SETTINGS,
        );
      }),
      RUNS,
    );
  });
});

describe('what a 304 brings', () => {
  it('replaces fields of its own names and leaves the others, and never the length', () => {
    const stored = ['A', '1', 'Content-Length', '5', 'B', '1', 'a', '2'];
    expect(toUpdatedHeaders(stored, ['a', '3', 'Content-Length', '0', 'C', '4'])).toEqual([
      'Content-Length',
      '5',
      'B',
      '1',
      'a',
      '3',
      'C',
      '4',
    ]);
  });
});

/** Whatever the upstream may send as JSON: it is read, or refused as an unusable answer, and nothing else happens. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../test/support/runs.ts';
import { RelayError } from '../../src/errors.ts';
import {
  entryOf,
  isMenuDocument,
  isRestaurantListDocument,
  parseMapUrl,
  parseMenu,
  parseRestaurantList,
} from '../../src/restaurants/wire.ts';

const RUNS = runs({ seed: 9113, numRuns: 500 });

const anything = fc.jsonValue({ maxDepth: 3 });
const text = fc.oneof(fc.string(), fc.constantFrom('', ' ', 'nanna', 'jons', 'Jöns Jacob ', 'Solna', 'constructor'));
const degrees = fc.oneof(fc.double({ min: -200, max: 200, noNaN: true }), fc.integer({ min: -200, max: 200 }));
const map = fc.tuple(degrees, degrees, fc.constantFrom('#map=19/', '?mlat=')).map(([latitude, longitude, start]) => {
  return `https://www.openstreetmap.org/${start}${latitude}${start === '?mlat=' ? '&mlon=' : '/'}${longitude}`;
});
/** An entry of some version or of none: every member may be missing, right or anything. */
const entry = fc.record(
  {
    ...Object.fromEntries(
      ['identifier', 'name', 'region', 'campus', 'homepage', 'url', 'menuUrl', 'menu_url'].map((member) => [
        member,
        fc.oneof({ weight: 5, arbitrary: text }, anything),
      ]),
    ),
    coordinate: fc.oneof(fc.tuple(degrees, degrees), fc.tuple(degrees.map(String), degrees), anything),
    osm: fc.oneof(map, anything),
    map_url: fc.oneof(map, anything),
  },
  { requiredKeys: [] },
);
const restaurants = fc.array(fc.oneof({ weight: 5, arbitrary: entry }, anything), { maxLength: 8 });
const list = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.dictionary(fc.string(), anything), restaurants) },
  fc.tuple(fc.constant({}), anything),
);
/** As it comes: `__proto__` is a member like any other then. */
const sent = (document: unknown): unknown => JSON.parse(JSON.stringify(document));

function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    expect(error).toBeInstanceOf(RelayError);
    expect((error as RelayError).code).toBe('upstream_invalid_response');
    return undefined;
  }
}

describe('a restaurant list', () => {
  it('is read into its one form, or refused', () => {
    fc.assert(
      fc.property(list, ([members, entries]) => {
        const document = sent({ ...members, restaurants: entries });
        const parsed = read(() => parseRestaurantList(document));
        if (parsed === undefined) return;
        expect(isRestaurantListDocument(parsed)).toBe(true);
        const isUnreadable = (one: unknown) => read(() => parseRestaurantList({ restaurants: [one] })) === undefined;
        const { restaurants: each } = document as { restaurants: unknown[] };
        expect(parsed.dropped).toBe(each.filter(isUnreadable).length);
        expect(parsed.restaurants.length + parsed.dropped).toBeLessThanOrEqual(each.length);
        const identifiers = parsed.restaurants.map(({ identifier }) => identifier);
        expect(new Set(identifiers).size).toBe(identifiers.length);
        for (const { coordinate } of parsed.restaurants) {
          const [latitude, longitude] = coordinate ?? [0, 0];
          expect(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('that was read is read again as it is', () => {
    fc.assert(
      fc.property(list, ([members, entries]) => {
        const parsed = read(() => parseRestaurantList(sent({ ...members, restaurants: entries })));
        if (parsed === undefined) return;
        const again = parseRestaurantList(sent({ ...parsed.members, restaurants: parsed.restaurants }));
        expect(again).toEqual({ ...parsed, dropped: 0 });
      }),
      RUNS,
    );
  });
});

describe('a menu', () => {
  const menu = fc.record(
    {
      restaurant: fc.oneof(
        fc.record(
          {
            menu: fc.array(fc.record({ dish: fc.oneof({ weight: 9, arbitrary: text }, anything) })),
            title: fc.oneof(text, anything),
            location: anything,
            url: anything,
            map_url: fc.oneof(map, anything),
          },
          { requiredKeys: [] },
        ),
        anything,
      ),
    },
    { requiredKeys: [] },
  );

  it('is kept as sent, or refused, and tells of its restaurant what can be read', () => {
    fc.assert(
      fc.property(fc.oneof({ weight: 5, arbitrary: menu }, anything), text, (document, identifier) => {
        const parsed = read(() => parseMenu(document));
        expect(isMenuDocument(document)).toBe(parsed !== undefined);
        if (parsed === undefined) return;
        expect(parsed).toBe(document);
        const { coordinate, ...texts } = entryOf(identifier, parsed);
        expect(Object.values(texts).every((value) => typeof value === 'string')).toBe(true);
        expect(coordinate === null || coordinate.every(Number.isFinite)).toBe(true);
      }),
      RUNS,
    );
  });
});

describe('a map link', () => {
  it('is a place on the earth or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          map,
          fc.string().map((rest) => `#map=19/${rest}`),
          anything,
        ),
        (url) => {
          const [latitude, longitude] = parseMapUrl(url) ?? [0, 0];
          expect(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180).toBe(true);
        },
      ),
      RUNS,
    );
  });
});

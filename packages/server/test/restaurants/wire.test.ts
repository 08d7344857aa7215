import { describe, expect, it } from '@jest/globals';
import {
  entryOf,
  isMenuDocument,
  isRestaurantListDocument,
  parseMapUrl,
  parseMenu,
  parseRestaurantList,
} from '../../src/restaurants/wire.ts';

const NANNA = {
  identifier: 'nanna',
  name: 'Restaurang Nanna Svartz',
  region: 'Solna',
  coordinate: [59.34867, 18.0278],
  homepage: 'https://ki.hors.se/home',
  menuUrl: 'https://ki.hors.se/menu',
};
const { identifier, name } = NANNA;
const OSM = 'https://www.openstreetmap.org/#map=19/59.34867/18.0278';
const OLD = { campus: 'Solna', identifier, name, url: NANNA.homepage, menu_url: NANNA.menuUrl, osm: OSM };

const LISTS: Array<[version: string, document: unknown, entry: object]> = [
  ['W3', { restaurants: [OLD] }, NANNA],
  ['W4', { restaurants: [OLD] }, NANNA],
  ['W5', { restaurants: [OLD], url: 'https://menu.dckube.scilifelab.se/api/restaurant' }, NANNA],
  ['W6', { restaurants: [{ ...NANNA, osm: OSM }], url: 'https://menu.dckube.scilifelab.se/api/restaurant' }, NANNA],
  ['W7', { restaurants: [{ ...NANNA, osm: OSM }] }, NANNA],
  ['W8', { restaurants: [NANNA] }, NANNA],
  ['W9', { restaurants: [NANNA] }, NANNA],
  [
    'a fork with another region',
    { restaurants: [{ ...NANNA, region: 'Frösundavik' }] },
    { ...NANNA, region: 'Frösundavik' },
  ],
  ['a fork with a member of its own', { restaurants: [{ ...NANNA, rating: 5 }] }, { ...NANNA, rating: 5 }],
  ['a place only in map_url', { restaurants: [{ ...NANNA, coordinate: undefined, map_url: OSM }] }, NANNA],
  ['a place as text', { restaurants: [{ ...NANNA, coordinate: ['59.34867', '18.0278'] }] }, NANNA],
  [
    'a place as text of whole degrees',
    { restaurants: [{ ...NANNA, coordinate: ['59', '-18'] }] },
    { ...NANNA, coordinate: [59, -18] },
  ],
  ['no place but text', { restaurants: [{ ...NANNA, coordinate: ['59.3 N', '18'] }] }, { ...NANNA, coordinate: null }],
  ['no place but words', { restaurants: [{ ...NANNA, coordinate: ['N59.3', '18'] }] }, { ...NANNA, coordinate: null }],
  ['an identifier with blanks around it', { restaurants: [{ ...NANNA, identifier: ' nanna ' }] }, NANNA],
  ['no place at all', { restaurants: [{ ...NANNA, coordinate: null }] }, { ...NANNA, coordinate: null }],
  ['an impossible place', { restaurants: [{ ...NANNA, coordinate: [159, 18] }] }, { ...NANNA, coordinate: null }],
  [
    'no links',
    { restaurants: [{ identifier, name }] },
    { identifier, name, region: '', coordinate: null, homepage: '', menuUrl: '' },
  ],
  [
    'a name that ends in a space',
    { restaurants: [{ ...NANNA, name: 'Jöns Jacob ' }] },
    { ...NANNA, name: 'Jöns Jacob ' },
  ],
];

const unusable = (what: string) =>
  expect.objectContaining({
    code: 'upstream_invalid_response',
    detail: `The lunch-menu API answered with an unusable document: ${what}.`,
    cause: what.includes('no readable') ? undefined : expect.any(Error),
  });

describe('the restaurant list', () => {
  it.each(LISTS)('of %s is read under today’s names', (_, document, entry) => {
    expect(parseRestaurantList(document).restaurants).toEqual([entry]);
  });

  it('loses only what cannot be read, and counts it, but not what stands there again', () => {
    const bad = [
      null,
      'nanna',
      {},
      { identifier: '' },
      { identifier: 'x' },
      { identifier: 7, name: 'x' },
      { ...NANNA, name: ' ' },
    ];
    const { restaurants, dropped } = parseRestaurantList({ restaurants: [...bad, NANNA, { ...NANNA, name: 'again' }] });
    expect(restaurants).toEqual([NANNA]);
    expect(dropped).toBe(bad.length);
  });

  it('keeps the order', () => {
    const others = ['b', 'a', 'c'].map((identifier) => ({ ...NANNA, identifier }));
    expect(parseRestaurantList({ restaurants: others }).restaurants).toEqual(others);
  });

  it('keeps the other members of the document', () => {
    expect(parseRestaurantList({ restaurants: [NANNA], url: 'x' }).members).toEqual({ url: 'x' });
  });

  it.each([[undefined], [null], [[]], ['text'], [{}], [{ restaurants: 7 }]])('is not %j', (document) => {
    expect(() => parseRestaurantList(document)).toThrow(unusable('the restaurant list'));
  });

  it.each([[{ restaurants: [] }], [{ restaurants: [{}] }]])('is not %j, which names no restaurant', (document) => {
    expect(() => parseRestaurantList(document)).toThrow(unusable('the restaurant list holds no readable restaurant'));
  });

  it('is known again when it has been read', () => {
    const read = parseRestaurantList({ restaurants: [NANNA, { identifier, name }], url: 'x' });
    expect(isRestaurantListDocument(JSON.parse(JSON.stringify(read)))).toBe(true);
  });

  it.each([
    ['what the upstream sent', { restaurants: [OLD], url: 'x' }],
    ['one without restaurants', { restaurants: [], dropped: 0, members: {} }],
    ['one of another time', { restaurants: [{ identifier, name }], dropped: 0, members: {} }],
    ['one without an identifier', { restaurants: [{ ...NANNA, identifier: '' }], dropped: 0, members: {} }],
    ['one with half a place', { restaurants: [{ ...NANNA, coordinate: [59] }], dropped: 0, members: {} }],
  ])('is not taken for one that has been read if it is %s', (_, document) => {
    expect(isRestaurantListDocument(document)).toBe(false);
  });
});

describe('a menu', () => {
  const menu = [{ dish: 'Lax' }];
  it.each([
    ['W3, W4', { restaurant: { title: 'x', menu } }],
    ['W5, W6', { restaurant: { title: 'x', menu }, url: 'y' }],
    ['W7 to W9', { restaurant: { title: 'x', location: 'Solna', url: '', map_url: OSM, menu } }],
    ['no dishes', { restaurant: { menu: [] } }],
    ['members of a future version', { restaurant: { menu: [{ dish: 'Lax', price: 100 }], open: true }, next: 1 }],
  ])('of %s is kept exactly as sent', (_, document) => {
    expect(parseMenu(document)).toBe(document);
    expect(isMenuDocument(document)).toBe(true);
  });

  it.each([
    [null],
    [{}],
    [{ restaurant: {} }],
    [{ restaurant: { menu: 'Lax' } }],
    [{ restaurant: { menu: ['Lax'] } }],
    [{ restaurant: { menu: [{ dish: null }] } }],
  ])('is not %j', (document) => {
    expect(() => parseMenu(document)).toThrow(unusable('the menu'));
    expect(isMenuDocument(document)).toBe(false);
  });

  it('tells of a restaurant that is on no list what it can', () => {
    const restaurant = { title: 'Nanna', location: 'Solna', url: 'https://ki.hors.se/menu', map_url: OSM, menu };
    expect(entryOf('nanna', { restaurant })).toEqual({
      identifier,
      name: 'Nanna',
      region: 'Solna',
      coordinate: NANNA.coordinate,
      homepage: NANNA.menuUrl,
      menuUrl: NANNA.menuUrl,
    });
    expect(entryOf('nanna', { restaurant: { title: '', url: 7, menu } })).toEqual({
      identifier,
      name: 'nanna',
      region: '',
      coordinate: null,
      homepage: '',
      menuUrl: '',
    });
  });
});

describe('a map link', () => {
  it.each([
    [OSM, [59.34867, 18.0278]],
    ['https://www.openstreetmap.org/?mlat=59.3&mlon=18.0#map=19/59.3/18.0', [59.3, 18]],
    ['https://www.openstreetmap.org/#map=18.5/-33.8/-151.2', [-33.8, -151.2]],
    ['#map=18.55/59.3/18', [59.3, 18]],
    ['https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278', [59.34867, 18.0278]],
    ['https://www.openstreetmap.org/?zoom=9&mlat=-33.8&mlon=-151.2', [-33.8, -151.2]],
    ['https://www.openstreetmap.org/', undefined],
    ['#map=19/x/y', undefined],
    ['#map=19/99.9/18', undefined],
    [7, undefined],
  ])('%j is at %j', (url, place) => {
    expect(parseMapUrl(url)).toEqual(place);
  });
});

import { describe, expect, it } from '@jest/globals';
import { RelayError } from '../../src/errors.ts';
import { parseMapUrl, parseMenu, parseRestaurantList } from '../../src/restaurants/wire.ts';

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

describe('the restaurant list', () => {
  it.each(LISTS)('of %s is read under today’s names', (_, document, entry) => {
    expect(parseRestaurantList(document).restaurants).toEqual([entry]);
  });

  it('loses only what cannot be read, and counts it', () => {
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
    expect(dropped).toBe(8);
  });

  it('keeps the other members of the document', () => {
    expect(parseRestaurantList({ restaurants: [NANNA], url: 'x' }).members).toEqual({ url: 'x' });
  });

  it.each([
    [undefined],
    [null],
    [[]],
    ['text'],
    [{}],
    [{ restaurants: 7 }],
    [{ restaurants: [] }],
    [{ restaurants: [{}] }],
  ])('is not %j', (document) => {
    expect(() => parseRestaurantList(document)).toThrow(RelayError);
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
  });

  it.each([
    [null],
    [{}],
    [{ restaurant: {} }],
    [{ restaurant: { menu: 'Lax' } }],
    [{ restaurant: { menu: ['Lax'] } }],
    [{ restaurant: { menu: [{ dish: null }] } }],
  ])('is not %j', (document) => {
    expect(() => parseMenu(document)).toThrow(RelayError);
  });
});

describe('a map link', () => {
  it.each([
    [OSM, [59.34867, 18.0278]],
    ['https://www.openstreetmap.org/?mlat=59.3&mlon=18.0#map=19/59.3/18.0', [59.3, 18]],
    ['https://www.openstreetmap.org/#map=18.5/-33.8/-151.2', [-33.8, -151.2]],
    ['https://www.openstreetmap.org/', undefined],
    ['#map=19/x/y', undefined],
    ['#map=19/99.9/18', undefined],
    [7, undefined],
  ])('%j is at %j', (url, place) => {
    expect(parseMapUrl(url)).toEqual(place);
  });
});

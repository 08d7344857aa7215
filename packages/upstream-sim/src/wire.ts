/**
 * What changed between the versions of the service that a client can meet: paths, field names, envelopes.
 * Every version is data here; `api.ts` serves them all alike. The menu envelope is the same in all of them but for the
 * top-level `url` of W6.
 */
import { FASTAPI, FLASK, type Framework } from './frameworks.ts';
import type { Restaurant } from './restaurants.ts';

/**
 * W4 (since 2020-04): every path ends in a slash. W6 (since 2021-09): none does but the base, `/api/`.
 * W9 (since 2023-06): none does.
 */
export type WireVersion = 'W4' | 'W6' | 'W9';

export type RouteName = 'root' | 'list' | 'menu' | 'version';

export interface Wire {
  readonly framework: Framework;
  /** Its canonical paths below the base; the group of `menu` is the identifier. */
  readonly routes: ReadonlyArray<readonly [name: RouteName, path: RegExp]>;
  /** True where answers tell `cache-control` and an entity tag. */
  readonly tellsFreshness: boolean;
  /** `url` is the caller's own name for the document. */
  root(url: string): unknown;
  list(restaurants: readonly Restaurant[], url: string): unknown;
  menu(restaurant: Restaurant, lines: readonly string[], url: string): unknown;
}

const W4: Wire = {
  framework: FLASK,
  routes: [
    ['root', /^\/$/],
    ['list', /^\/restaurant\/$/],
    ['menu', /^\/restaurant\/([^/]+)\/$/],
  ],
  tellsFreshness: false,
  root: (url) => ({ entities: ['restaurant'], url }),
  list: (restaurants) => ({
    restaurants: restaurants.map((restaurant) => ({
      campus: restaurant.region,
      identifier: restaurant.identifier,
      menu_url: restaurant.menuUrl,
      name: restaurant.name,
      osm: mapUrl(restaurant),
      url: restaurant.homepage,
    })),
  }),
  menu: (restaurant, lines) => ({ restaurant: menuEnvelope(restaurant, lines) }),
};

const W6: Wire = {
  framework: FLASK,
  routes: [
    ['root', /^\/$/],
    ['list', /^\/restaurant$/],
    ['menu', /^\/restaurant\/([^/]+)$/],
  ],
  tellsFreshness: false,
  root: (url) => ({ entities: ['restaurant'], url }),
  list: (restaurants, url) => ({
    restaurants: restaurants.map((restaurant) => ({ ...listEntry(restaurant), osm: mapUrl(restaurant) })),
    url,
  }),
  menu: (restaurant, lines, url) => ({ restaurant: menuEnvelope(restaurant, lines), url }),
};

const W9: Wire = {
  framework: FASTAPI,
  routes: [
    ['root', /^$/],
    ['list', /^\/restaurant$/],
    ['menu', /^\/restaurant\/([^/]+)$/],
    ['version', /^\/version$/],
  ],
  tellsFreshness: true,
  root: () => ({
    documentation_swagger: '/api/docs',
    documentation_redoc: '/api/redoc',
    openapi: '/api/openapi.json',
  }),
  list: (restaurants) => ({ restaurants: restaurants.map(listEntry) }),
  menu: (restaurant, lines) => ({ restaurant: menuEnvelope(restaurant, lines) }),
};

export const WIRES: Readonly<Record<WireVersion, Wire>> = { W4, W6, W9 };

function listEntry({ coordinate, homepage, identifier, menuUrl, name, region }: Restaurant): object {
  return { coordinate, homepage, identifier, menuUrl, name, region };
}

function menuEnvelope(restaurant: Restaurant, lines: readonly string[]): object {
  return {
    title: restaurant.name,
    location: restaurant.region,
    url: restaurant.homepage,
    map_url: mapUrl(restaurant),
    menu: lines.map((dish) => ({ dish })),
  };
}

/** Centres the map on the restaurant, without a marker. */
function mapUrl({ coordinate: [latitude, longitude] }: Restaurant): string {
  return `https://www.openstreetmap.org/#map=19/${latitude}/${longitude}`;
}

/**
 * The restaurants and what they serve today: joins the upstream's documents, the cache and the domain's rules.
 * Hides which documents are asked for, under which keys they are kept and for how long. Knows no HTTP and no Keyv: the
 * upstream and the cache come in as ports.
 */
import { RelayError } from '../errors.ts';
import { inRegion, regionsOf, suggestIdentifiers } from './directory.ts';
import { readMenu } from './lines.ts';
import {
  type FetchedMenu,
  type Lifetime,
  mapUrlOf,
  menuKey,
  menuLifetime,
  type TodaysMenu,
  todaysMenu,
} from './menu.ts';
import { seedMenuPublishers, seedRestaurants } from './seed.ts';
import {
  type MenuDocument,
  parseMapUrl,
  parseMenu,
  parseRestaurantList,
  type RestaurantEntry,
  type RestaurantListDocument,
} from './wire.ts';

/** A JSON document of the upstream, or that there is none under the path. */
export type UpstreamAnswer =
  | { readonly found: true; readonly document: unknown; readonly date: number | null; readonly maxAgeMs: number | null }
  | { readonly found: false };

/** Asks the upstream for a path below its base. Throws `upstream_…` RelayErrors. */
export type GetJson = (path: string) => Promise<UpstreamAnswer>;

export type CacheResult = 'hit' | 'stale' | 'miss';

/** Something out of the cache, with the moments that its HTTP headers are made of. */
export interface Kept<T> extends Lifetime {
  readonly value: T;
  /** When it was loaded, in ms since the epoch. */
  readonly storedAt: number;
  readonly result: CacheResult;
}

/** The part of the cache that this module uses. */
export interface CachePort {
  getOrLoad<T>(key: string, load: () => Promise<T>, lifetimeOf: (value: T) => Lifetime): Promise<Kept<T>>;
}

export interface ListedRestaurant extends RestaurantEntry {
  /** A map with a marker; null where the place is not known. */
  readonly mapUrl: string | null;
  /** Whether the restaurant has ever had dishes: half of them never publish a menu that the upstream can read. */
  readonly publishesMenu: boolean;
}

export interface RestaurantList {
  readonly restaurants: readonly ListedRestaurant[];
  readonly [member: string]: unknown;
}

export type RestaurantToday = MenuDocument & { readonly today: TodaysMenu };

/** An answer and how long it may be used. */
export type Answer<T> = Omit<Kept<T>, 'staleUntil'>;

export interface Restaurants {
  /** Makes sure that there is a list of the upstream's. Throws `upstream_…` if there is none to be had. */
  loadList(): Promise<void>;
  /** The list, of one region if asked. Without any list of the upstream's: the seed list. Throws `invalid_request` for an unknown region. */
  list(region?: string): Promise<Answer<RestaurantList>>;
  /** One restaurant's menu. Throws `restaurant_not_found`, or `upstream_…` where there is no good copy of today. */
  today(identifier: string): Promise<Answer<RestaurantToday>>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIST_FRESH_MS = HOUR;
const LIST_STALE_MS = 7 * 24 * HOUR;
const LIST_KEY = 'list';
/** The upstream keeps a menu for this long after it read the page, and sends what is left as `max-age`. */
const UPSTREAM_MEMORY_MS = 3 * HOUR;
/** How long clients may keep the seed list: the real one may be back soon. */
const SEED_FRESH_MS = 10_000;

export function createRestaurants(parts: { getJson: GetJson; cache: CachePort; clock: () => number }): Restaurants {
  const { getJson, cache, clock } = parts;
  const publishers = new Set(seedMenuPublishers);
  let known: readonly RestaurantEntry[] = seedRestaurants;

  async function loadList(): Promise<RestaurantListDocument> {
    const answer = await getJson('/restaurant');
    if (!answer.found)
      throw new RelayError('upstream_invalid_response', { detail: 'The lunch-menu API has no restaurant list.' });
    return parseRestaurantList(answer.document);
  }

  async function keptList(): Promise<Kept<RestaurantListDocument>> {
    const kept = await cache.getOrLoad(LIST_KEY, loadList, listLifetime);
    known = kept.value.restaurants;
    return kept;
  }

  async function directory(): Promise<Kept<RestaurantListDocument>> {
    try {
      return await keptList();
    } catch {
      const now = clock();
      const value = { restaurants: seedRestaurants, dropped: 0, members: {} };
      return { value, storedAt: now, freshUntil: now + SEED_FRESH_MS, staleUntil: now, result: 'stale' };
    }
  }

  const listLifetime = () => {
    const now = clock();
    return { freshUntil: now + LIST_FRESH_MS, staleUntil: now + LIST_STALE_MS };
  };

  async function loadMenu(identifier: string): Promise<FetchedMenu> {
    const answer = await getJson(`/restaurant/${encodeURIComponent(identifier)}`);
    if (!answer.found) throw notFound(identifier);
    const document = parseMenu(answer.document);
    const fetchedAt = clock();
    const { maxAgeMs } = answer;
    return {
      document,
      fetchedAt,
      maxAgeMs,
      scrapedAt: maxAgeMs === null ? null : (answer.date ?? fetchedAt) + maxAgeMs - UPSTREAM_MEMORY_MS,
    };
  }

  function menuOf(identifier: string): Promise<Kept<FetchedMenu>> {
    return cache.getOrLoad(menuKey(identifier, clock()), () => loadMenu(identifier), menuLifetime);
  }

  function notFound(identifier: string): RelayError {
    const suggestions = suggestIdentifiers(known, identifier);
    // the detail is the upstream's own, word for word: clients of its API look for it
    return new RelayError('restaurant_not_found', { detail: 'Restaurant not found', members: { suggestions } });
  }

  /** The list first only where it can spare the upstream a call: whoever is known is asked for at once. */
  async function find(identifier: string): Promise<{ entry: RestaurantEntry | undefined; menu: Kept<FetchedMenu> }> {
    if (known.some((entry) => entry.identifier === identifier)) {
      const [listed, menu] = await Promise.all([directory(), menuOf(identifier)]);
      return { entry: listed.value.restaurants.find((entry) => entry.identifier === identifier), menu };
    }
    const listed = await directory();
    const entry = listed.value.restaurants.find((restaurant) => restaurant.identifier === identifier);
    if (!entry && listed.result !== 'stale') throw notFound(identifier);
    return { entry, menu: await menuOf(identifier) };
  }

  return {
    async loadList() {
      await keptList();
    },

    async list(region) {
      const { value, ...kept } = await directory();
      const restaurants = region === undefined ? value.restaurants : inRegion(value.restaurants, region);
      if (!restaurants) {
        const accepted = regionsOf(value.restaurants).join(', ');
        throw new RelayError('invalid_request', {
          detail: `region: there is no region "${region}"; use one of ${accepted}.`,
          members: { parameter: 'region' },
        });
      }
      const listed = restaurants.map((entry) => ({
        ...entry,
        mapUrl: mapUrlOf(entry.coordinate),
        publishesMenu: publishers.has(entry.identifier),
      }));
      return { ...kept, value: { ...value.members, restaurants: listed } };
    },

    async today(identifier) {
      const { entry, menu } = await find(identifier);
      const { value, ...kept } = menu;
      if (readMenu(value.document.restaurant.menu.map(({ dish }) => dish)).dishes.length > 0)
        publishers.add(identifier);
      const now = clock();
      const today = todaysMenu(entry ?? entryOf(identifier, value.document), value, {
        now,
        publishes: publishers.has(identifier),
        stale: now >= kept.freshUntil,
      });
      return { ...kept, value: { ...value.document, today } };
    },
  };
}

/** What a menu document tells of a restaurant that is on no list. */
function entryOf(identifier: string, { restaurant }: MenuDocument): RestaurantEntry {
  const text = (member: unknown) => (typeof member === 'string' ? member : '');
  return {
    identifier,
    name: text(restaurant['title']) || identifier,
    region: text(restaurant['location']),
    coordinate: parseMapUrl(restaurant['map_url']) ?? null,
    homepage: text(restaurant['url']),
    menuUrl: text(restaurant['url']),
  };
}

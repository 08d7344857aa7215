/**
 * The upstream's two kinds of documents, out of the cache: the restaurant list and the menus. Hides paths, keys and
 * lifetimes. Knows no HTTP and no Keyv: upstream and cache come in as ports.
 */
import { RelayError } from '../errors.ts';
import {
  type FetchedMenu,
  isFetchedMenu,
  keepIfSuspiciouslyEmpty,
  type Lifetime,
  menuKey,
  menuPolicy,
  UPSTREAM_MEMORY_MS,
} from './menu.ts';
import { seedRestaurants } from './seed.ts';
import { isRestaurantListDocument, parseMenu, parseRestaurantList, type RestaurantListDocument } from './wire.ts';

/** A JSON document of the upstream, or that there is none under the path. */
export type UpstreamAnswer =
  | {
      readonly found: true;
      readonly document: unknown;
      /** The upstream's `Date`, in ms since the epoch. */
      readonly date: number | null;
      readonly maxAgeMs: number | null;
    }
  | { readonly found: false };

/** Asks the upstream for a path below its base. Where nobody waits it may take longer. Throws `upstream_…` RelayErrors. */
export type GetJson = (path: string, options: { readonly isBackground: boolean }) => Promise<UpstreamAnswer>;

/** `hit`: fresh. `stale`: past its time. `miss`: loaded just now. */
export type CacheResult = 'hit' | 'stale' | 'miss';

/** Something out of the cache. Moments are in ms since the epoch. */
export interface Kept<T> extends Lifetime {
  readonly value: T;
  readonly storedAt: number;
  readonly result: CacheResult;
}

export interface LoadContext<T> {
  /** The copy that is past its time, where there is one. */
  readonly previous: T | undefined;
  /** True when nobody waits. */
  readonly isBackground: boolean;
}

/** How a value is made and what is known of it. */
export interface Source<T> {
  readonly load: (context: LoadContext<T>) => Promise<T>;
  readonly lifetimeOf: (value: T) => Lifetime;
  readonly isValue: (value: unknown) => boolean;
}

/** The part of the cache that this module uses. */
export interface CachePort {
  getOrLoad<T>(key: string, source: Source<T>): Promise<Kept<T>>;
}

/** What whoever runs the relay should be able to count. */
export interface Oddities {
  /** A list was loaded, and so many of its entries were unreadable. */
  droppedEntries(count: number): void;
  /** A menu that had dishes earlier today came back empty; told once, however often it does. */
  suspiciouslyEmpty(): void;
}

export interface Documents {
  /** The list. Throws `upstream_…` if there is none to be had. */
  loadList(): Promise<Kept<RestaurantListDocument>>;
  /** The list; without any of the upstream's, the seed list, which then is `stale`. */
  list(): Promise<Kept<RestaurantListDocument>>;
  /**
   * Today's copy of a menu, or null if the upstream has no such restaurant; of one that it lists that is a fault.
   * Throws `upstream_…`.
   */
  menu(identifier: string, options: { readonly isListed: boolean }): Promise<Kept<FetchedMenu | null>>;
}

const HOUR = 3_600_000;
const LIST_FRESH_MS = HOUR;
const LIST_STALE_MS = 7 * 24 * HOUR;
/** How long clients may keep the seed list: the real one may be back soon. */
const SEED_FRESH_MS = 10_000;
/** How long the upstream's "no such restaurant" is believed. */
const ABSENT_MS = 60_000;

export function createDocuments(parts: {
  getJson: GetJson;
  cache: CachePort;
  clock: () => number;
  oddities: Oddities;
}): Documents {
  const { getJson, cache, clock, oddities } = parts;
  const lasting = (freshMs: number, staleMs: number): Lifetime => ({
    freshUntil: clock() + freshMs,
    staleWhileRevalidateUntil: clock() + staleMs,
    staleIfErrorUntil: clock() + staleMs,
  });

  async function fetchList(context: LoadContext<unknown>): Promise<RestaurantListDocument> {
    const answer = await getJson('/restaurant', context);
    if (!answer.found) {
      throw new RelayError('upstream_invalid_response', { detail: 'The lunch-menu API has no restaurant list.' });
    }
    const list = parseRestaurantList(answer.document);
    oddities.droppedEntries(list.dropped);
    return list;
  }

  async function fetchMenu(identifier: string, context: LoadContext<unknown>): Promise<FetchedMenu | null> {
    const answer = await getJson(`/restaurant/${encodeURIComponent(identifier)}`, context);
    if (!answer.found) return null;
    const document = parseMenu(answer.document);
    const fetchedAt = clock();
    const { maxAgeMs, date } = answer;
    // a longer one is not the upstream's own, and tells nothing
    const tells = maxAgeMs !== null && maxAgeMs <= UPSTREAM_MEMORY_MS;
    const scrapedAt = tells ? (date ?? fetchedAt) + maxAgeMs - UPSTREAM_MEMORY_MS : null;
    return { document, fetchedAt, maxAgeMs, scrapedAt };
  }

  const list: Source<RestaurantListDocument> = {
    load: fetchList,
    lifetimeOf: () => lasting(LIST_FRESH_MS, LIST_STALE_MS),
    isValue: isRestaurantListDocument,
  };
  const loadList = () => cache.getOrLoad('list', list);

  return {
    loadList,

    async list() {
      try {
        return await loadList();
      } catch {
        const value = { restaurants: seedRestaurants, dropped: 0, members: {} };
        return { value, storedAt: clock(), ...lasting(SEED_FRESH_MS, SEED_FRESH_MS), result: 'stale' };
      }
    },

    async menu(identifier, { isListed }) {
      const kept = await cache.getOrLoad<FetchedMenu | null>(menuKey(identifier, clock()), {
        load: async (context) => {
          const fetched = await fetchMenu(identifier, context);
          if (fetched === null && isListed) throw notFoundThoughListed(identifier);
          const { previous } = context;
          const copy = fetched && previous && keepIfSuspiciouslyEmpty(fetched, previous);
          // a kept copy was counted when it was kept first
          if (copy && !previous.isKeptCopy) oddities.suspiciouslyEmpty();
          return copy ?? fetched;
        },
        lifetimeOf: (menu) => (menu ? menuPolicy(menu, clock()) : lasting(ABSENT_MS, ABSENT_MS)),
        isValue: (value) => value === null || isFetchedMenu(value),
      });
      // it may have been asked for when nobody knew of the restaurant
      if (kept.value === null && isListed) throw notFoundThoughListed(identifier);
      return kept;
    },
  };
}

/** It is not the restaurant that is missing but the way to it: an ingress says 404 for what it does not route. */
function notFoundThoughListed(identifier: string): RelayError {
  return new RelayError('upstream_error', {
    detail: `The lunch-menu API lists ${identifier} and says 404 for its menu.`,
  });
}

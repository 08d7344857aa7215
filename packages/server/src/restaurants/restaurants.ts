/**
 * The restaurants and what they serve today: the operations of the typed API, without HTTP. Joins the upstream's documents
 * with the rules of the domain.
 */
import { type ProblemCode, RelayError, toRelayError } from '../errors.ts';
import { stockholmDate } from './calendar.ts';
import { inRegion, regionsOf, suggestIdentifiers } from './directory.ts';
import { type DishMatch, findDishes } from './dishes.ts';
import type { Documents, Kept } from './documents.ts';
import { wordsOf } from './fold.ts';
import {
  type FetchedMenu,
  hasDishes,
  type MenuStatus,
  mapUrlOf,
  type StatusReason,
  type TodaysMenu,
  todaysMenu,
} from './menu.ts';
import { seedMenuPublishers, seedRestaurants } from './seed.ts';
import type { Standing } from './standing.ts';
import { entryOf, type MenuDocument, type RestaurantEntry } from './wire.ts';

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

/** A restaurant of which nothing could be learnt just now. */
export interface MenuFailure {
  readonly identifier: string;
  readonly name: string;
  readonly code: ProblemCode;
  readonly detail: string;
}

export interface MenusToday {
  readonly date: string;
  readonly menus: readonly TodaysMenu[];
  readonly failures: readonly MenuFailure[];
}

export interface DishesToday {
  readonly query: string;
  readonly date: string;
  readonly matches: readonly DishMatch[];
  /** How many restaurants' menus of today were searched. */
  readonly searched: number;
  /** The restaurants whose dishes of today are not known, and why: a status, or the code of a failure. */
  readonly notSearched: ReadonlyArray<{
    readonly identifier: string;
    readonly name: string;
    readonly reason: MenuStatus | StatusReason | ProblemCode;
  }>;
}

/** An answer, from when it is (of several parts the oldest), and how long it may be used. Moments are in ms since the epoch. */
export type Answer<T> = Omit<Kept<T>, 'staleWhileRevalidateUntil' | 'staleIfErrorUntil'>;

export interface Restaurants {
  /** Makes sure that there is a list of the upstream's. Throws `upstream_…` if there is none to be had. */
  loadList(): Promise<void>;
  /** Loads what is missing of list and menus, one after the other. Never rejects. */
  readonly warm: () => Promise<void>;
  /** The list, of one region if asked. Without any list of the upstream's: the seed list. Throws `invalid_request` for an unknown region. */
  list(region?: string): Promise<Answer<RestaurantList>>;
  /** One restaurant's menu. Throws `restaurant_not_found`, or `upstream_…` where there is no good copy of today. */
  today(identifier: string): Promise<Answer<RestaurantToday>>;
  /**
   * The menus of the restaurants named and of those of the region; of all if neither is given. One that fails, or is not
   * there in time, is a failure beside the others. Throws `invalid_request` for unknown restaurants and regions.
   */
  menus(wanted: { identifiers: readonly string[]; region?: string | undefined }): Promise<Answer<MenusToday>>;
  /** Where a dish can be eaten. Throws `invalid_request` for a query without words and for an unknown region. */
  dishes(query: string, region?: string): Promise<Answer<DishesToday>>;
}

interface RestaurantsParts {
  readonly documents: Documents;
  readonly clock: () => number;
  readonly standing: Standing;
  /** Menus were answered as they were read last, without a look into the cache. */
  readonly onKnown: () => void;
  /** How long an answer over many menus waits for those that are missing. */
  readonly deadlineMs: number;
}

/** How long an answer with failures in it may be kept. */
const PARTIAL_FRESH_MS = 10_000;

export function createRestaurants({ documents, clock, standing, onKnown, deadlineMs }: RestaurantsParts): Restaurants {
  const publishers = new Set(seedMenuPublishers);
  let known: readonly RestaurantEntry[] = seedRestaurants;
  /** Whether the upstream has ever given a list. */
  let isListKnown = false;

  async function directory() {
    const kept = await documents.list();
    known = kept.value.restaurants;
    isListKnown ||= known !== seedRestaurants;
    return kept;
  }

  function notFound(identifier: string): RelayError {
    const suggestions = suggestIdentifiers(known, identifier);
    // the detail is the upstream's own, word for word: clients of its API look for it
    return new RelayError('restaurant_not_found', { detail: 'Restaurant not found', members: { suggestions } });
  }

  /**
   * The list first only where it can spare the upstream a call: whoever is known is asked for at once, and once there has
   * been a list no menu waits for the next.
   */
  async function find(identifier: string) {
    const isSought = (entry: RestaurantEntry) => entry.identifier === identifier;
    const entry = known.find(isSought);
    if (entry) {
      const listing = directory();
      const menu = await documents.menu(identifier, { isListed: isListKnown });
      const listed = isListKnown ? undefined : (await listing).value.restaurants.find(isSought);
      return { entry: listed ?? entry, menu };
    }
    const listed = await directory();
    const found = listed.value.restaurants.find(isSought);
    // an entry that could not be read may be the one: then the upstream decides
    if (!found && listed.result !== 'stale' && listed.value.dropped === 0) throw notFound(identifier);
    return { entry: found, menu: await documents.menu(identifier, { isListed: found !== undefined }) };
  }

  function toToday(entry: RestaurantEntry, fetched: FetchedMenu, kept: Kept<unknown>): TodaysMenu {
    if (hasDishes(fetched)) publishers.add(entry.identifier);
    const now = clock();
    const isPastItsTime = now >= kept.freshUntil || fetched.isKeptCopy === true;
    return todaysMenu(entry, fetched, { now, publishes: publishers.has(entry.identifier), stale: isPastItsTime });
  }

  function select(restaurants: readonly RestaurantEntry[], region: string): readonly RestaurantEntry[] {
    const found = inRegion(restaurants, region);
    if (found) return found;
    throw wrongParameter('region', `there is no region "${region}"`, regionsOf(restaurants));
  }

  async function menuBefore(
    entry: RestaurantEntry,
    deadline: Promise<never>,
  ): Promise<Answer<TodaysMenu | MenuFailure>> {
    try {
      const kept = await Promise.race([documents.menu(entry.identifier, { isListed: isListKnown }), deadline]);
      if (!kept.value) throw notFound(entry.identifier);
      return { ...kept, storedAt: kept.value.fetchedAt, value: toToday(entry, kept.value, kept) };
    } catch (error) {
      const { code, detail } = toRelayError(error);
      const now = clock();
      const value = { identifier: entry.identifier, name: entry.name.trim(), code, detail };
      return { value, storedAt: now, freshUntil: now + PARTIAL_FRESH_MS, result: 'miss' };
    }
  }

  /** The menus of whole regions, and of all, as they were read last: every search goes over them. */
  const regions = new Map<string, { readonly menus: Answer<MenusToday>; readonly stands: (now: number) => boolean }>();

  async function menusOfRegion(region: string | undefined): Promise<Answer<MenusToday>> {
    const known = regions.get(region ?? '');
    if (known?.stands(clock())) {
      onKnown();
      return known.menus;
    }
    const standsAsOf = standing.begin();
    const { restaurants } = (await directory()).value;
    const menus = await menusOf(region === undefined ? restaurants : select(restaurants, region));
    if (menus.result === 'hit') regions.set(region ?? '', { menus, stands: standsAsOf(menus.freshUntil) });
    return menus;
  }

  async function menusOf(entries: readonly RestaurantEntry[]): Promise<Answer<MenusToday>> {
    const { promise: deadline, reject } = Promise.withResolvers<never>();
    deadline.catch(() => {}); // nobody may be waiting any more
    const timer = setTimeout(() => reject(new RelayError('upstream_timeout')), deadlineMs);
    // those that publish menus first: the upstream is asked in this order, and the time may not suffice for all
    const inOrder = entries.toSorted(
      (a, b) => Number(publishers.has(b.identifier)) - Number(publishers.has(a.identifier)),
    );
    const answers = new Map(
      await Promise.all(inOrder.map(async (entry) => [entry, await menuBefore(entry, deadline)] as const)),
    );
    clearTimeout(timer);
    const parts = entries.flatMap((entry) => answers.get(entry) ?? []);
    const values = parts.map(({ value }) => value);
    const value = {
      date: stockholmDate(clock()),
      menus: values.filter((part) => 'status' in part),
      failures: values.filter((part) => 'code' in part),
    };
    return { value, ...together(parts, clock()) };
  }

  return {
    async loadList() {
      await documents.loadList();
    },

    async warm() {
      const { restaurants } = (await directory()).value;
      for (const { identifier } of restaurants) {
        await documents.menu(identifier, { isListed: isListKnown }).catch(() => {});
      }
    },

    async list(region) {
      const { value, ...kept } = await directory();
      const restaurants = region === undefined ? value.restaurants : select(value.restaurants, region);
      const listed = restaurants.map((entry) => ({
        ...entry,
        mapUrl: mapUrlOf(entry.coordinate),
        publishesMenu: publishers.has(entry.identifier),
      }));
      return { ...kept, value: { ...value.members, restaurants: listed } };
    },

    async today(identifier) {
      const { entry, menu } = await find(identifier);
      if (!menu.value) throw notFound(identifier);
      const { document, fetchedAt } = menu.value;
      const today = toToday(entry ?? entryOf(identifier, document), menu.value, menu);
      return { ...menu, storedAt: fetchedAt, value: { ...document, today } };
    },

    async menus({ identifiers, region }) {
      if (identifiers.length === 0) return menusOfRegion(region);
      const { restaurants } = (await directory()).value;
      const unknown = identifiers.find((identifier) => !restaurants.some((entry) => entry.identifier === identifier));
      if (unknown !== undefined) {
        const accepted = restaurants.map(({ identifier }) => identifier);
        throw wrongParameter('restaurant', `there is no restaurant "${unknown}"`, accepted);
      }
      const ofRegion = region === undefined ? [] : select(restaurants, region);
      return menusOf(restaurants.filter((entry) => ofRegion.includes(entry) || identifiers.includes(entry.identifier)));
    },

    async dishes(query, region) {
      const words = wordsOf(query);
      if (words.length === 0)
        throw new RelayError('invalid_request', {
          detail: 'q: a word of a dish is needed.',
          members: { parameter: 'q' },
        });
      const { value, ...kept } = await menusOfRegion(region);
      const { date, menus, failures } = value;
      const isKnown = ({ status }: TodaysMenu) => status === 'served' || status === 'closed';
      const unknown = menus
        .filter((menu) => !isKnown(menu))
        .map(({ identifier, name, status, reason }) => ({ identifier, name, reason: reason ?? status }));
      const failed = failures.map(({ identifier, name, code }) => ({ identifier, name, reason: code }));
      const searched = menus.filter(isKnown);
      return {
        ...kept,
        value: {
          query,
          date,
          matches: findDishes(searched, words),
          searched: searched.length,
          notSearched: [...unknown, ...failed],
        },
      };
    },
  };
}

/** The moments of an answer that is made of several: as old as the oldest, and usable as long as the first to go. */
function together(parts: ReadonlyArray<Answer<unknown>>, now: number): Omit<Answer<unknown>, 'value'> {
  const results = new Set(parts.map(({ result }) => result));
  return {
    storedAt: Math.min(now, ...parts.map(({ storedAt }) => storedAt)),
    freshUntil: Math.min(...parts.map(({ freshUntil }) => freshUntil)),
    result: results.has('miss') ? 'miss' : results.has('stale') ? 'stale' : 'hit',
  };
}

function wrongParameter(parameter: string, what: string, accepted: readonly string[]): RelayError {
  const detail = `${parameter}: ${what}; use one of ${accepted.join(', ')}.`;
  return new RelayError('invalid_request', { detail, members: { parameter, accepted } });
}

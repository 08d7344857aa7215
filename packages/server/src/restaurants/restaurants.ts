/**
 * The restaurants and what they serve today: the operations of the typed API, without HTTP. Joins the upstream's documents
 * with the rules of the domain.
 */
import { type ProblemCode, RelayError } from '../errors.ts';
import { inRegion, regionsOf, suggestIdentifiers } from './directory.ts';
import { type DishMatch, findDishes } from './dishes.ts';
import type { Documents, Kept } from './documents.ts';
import { foldText, wordsOf } from './fold.ts';
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
import { type Answer, type MenuFailure, type MenusToday, menusTogether, type Sought } from './together.ts';
import { entryOf, type MenuDocument, type RestaurantEntry, type RestaurantListDocument } from './wire.ts';

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
   * Whom an identifier names; undefined if nobody for certain. A list that is old, or of which an entry could not be read, may
   * be short of the one: then the upstream decides.
   */
  function seek(identifier: string, { value, result }: Kept<RestaurantListDocument>): Sought | undefined {
    const entry = value.restaurants.find((one) => one.identifier === identifier);
    const isForUpstream = (result === 'stale' || value.dropped > 0) && !NO_SEGMENT.test(identifier);
    return entry || isForUpstream ? { identifier, entry } : undefined;
  }

  const menuOrNull = ({ identifier, entry }: Sought) =>
    documents.menu(identifier, { isListed: isListKnown && entry !== undefined });

  function orNotFound(identifier: string, { value, ...kept }: Kept<FetchedMenu | null>): Kept<FetchedMenu> {
    if (value === null) throw notFound(identifier);
    return { ...kept, value };
  }

  const menuOf = async (sought: Sought) => orNotFound(sought.identifier, await menuOrNull(sought));

  /**
   * The list first only where it can spare the upstream a call: whoever is known is asked for at once, and once there has
   * been a list no menu waits for the next. The first list comes beside the first menus, and then has the say.
   */
  async function find(identifier: string): Promise<{ sought: Sought; menu: Kept<FetchedMenu> }> {
    const entry = known.find((one) => one.identifier === identifier);
    const isListed = entry !== undefined && isListKnown;
    const listing = directory();
    const early = entry && (await menuOrNull({ identifier, entry }));
    const sought = isListed ? { identifier, entry } : seek(identifier, await listing);
    if (!sought) throw notFound(identifier);
    return { sought, menu: early?.value ? orNotFound(identifier, early) : await menuOf(sought) };
  }

  function toToday({ identifier, entry }: Sought, kept: Kept<FetchedMenu>, now: number): TodaysMenu {
    const { value: fetched, freshUntil } = kept;
    if (hasDishes(fetched)) publishers.add(identifier);
    const stale = now >= freshUntil || fetched.isKeptCopy === true;
    const restaurant = entry ?? entryOf(identifier, fetched.document);
    return todaysMenu(restaurant, fetched, { now, publishes: publishers.has(identifier), stale });
  }

  function select(restaurants: readonly RestaurantEntry[], region: string): readonly RestaurantEntry[] {
    const found = inRegion(restaurants, region);
    if (found) return found;
    throw wrongParameter('region', `there is no region "${region}"`, regionsOf(restaurants));
  }

  const menusOf = (all: readonly Sought[]) =>
    menusTogether(all, {
      ...{ menuOf, toToday, clock, deadlineMs },
      turnOf: ({ identifier }) => (publishers.has(identifier) ? 0 : 1),
    });

  /**
   * The menus of whole regions, and of all (undefined), as they were read last: every search goes over them. By the region
   * and not by what clients call it, which is without end.
   */
  const regions = new Map<string | undefined, { menus: Answer<MenusToday>; stands: (now: number) => boolean }>();

  async function menusOfRegion(name: string | undefined): Promise<Answer<MenusToday>> {
    const region = name === undefined ? undefined : foldText(name);
    const last = regions.get(region);
    if (last?.stands(clock())) {
      onKnown();
      return last.menus;
    }
    const standsAsOf = standing.begin();
    const { restaurants } = (await directory()).value;
    const menus = await menusOf((name === undefined ? restaurants : select(restaurants, name)).map(toSought));
    if (menus.result === 'hit') regions.set(region, { menus, stands: standsAsOf(menus.freshUntil) });
    return menus;
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
      const { sought, menu } = await find(identifier);
      const { document, fetchedAt } = menu.value;
      return { ...menu, storedAt: fetchedAt, value: { ...document, today: toToday(sought, menu, clock()) } };
    },

    async menus({ identifiers, region }) {
      if (identifiers.length === 0) return menusOfRegion(region);
      const list = await directory();
      const { restaurants } = list.value;
      const refuse = (identifier: string): never => {
        const accepted = restaurants.map((entry) => entry.identifier);
        throw wrongParameter('restaurant', `there is no restaurant "${identifier}"`, accepted);
      };
      const named = [...new Set(identifiers)].map((identifier) => seek(identifier, list) ?? refuse(identifier));
      const ofRegion = region === undefined ? [] : select(restaurants, region);
      const isWanted = (entry: RestaurantEntry) => ofRegion.includes(entry) || identifiers.includes(entry.identifier);
      const unlisted = named.filter(({ entry }) => entry === undefined);
      const answer = await menusOf([...restaurants.filter(isWanted).map(toSought), ...unlisted]);
      const isNobody = ({ identifier, code }: MenuFailure) =>
        code === 'restaurant_not_found' && unlisted.some((sought) => sought.identifier === identifier);
      const nobody = answer.value.failures.find(isNobody);
      return nobody ? refuse(nobody.identifier) : answer;
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

/** What cannot stand between the slashes of a path is no identifier. */
const NO_SEGMENT = /^\.{0,2}$/;

const toSought = (entry: RestaurantEntry): Sought => ({ identifier: entry.identifier, entry });

function wrongParameter(parameter: string, what: string, accepted: readonly string[]): RelayError {
  const detail = `${parameter}: ${what}; use one of ${accepted.join(', ')}.`;
  return new RelayError('invalid_request', { detail, members: { parameter, accepted } });
}

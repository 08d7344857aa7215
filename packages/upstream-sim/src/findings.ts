/**
 * What the service has found on the pages of the restaurants, and remembers: menus for 3 hours (empty ones too), the list
 * for 100 hours. Takes the date in UTC for today; no fault of a parser ever shows as more than an empty menu.
 */
import { utcDate } from './calendar.ts';
import { createMemory, type Recalled } from './memory.ts';
import { menuOn } from './menus.ts';
import { RESTAURANTS, type Restaurant } from './restaurants.ts';

const MENU_LIFETIME_SECONDS = 3 * 60 * 60;
const LIST_LIFETIME_SECONDS = 100 * 60 * 60;

/** `bypass`: found anew, whatever is remembered. */
export interface Findings {
  /** The raw lines of today's menu. */
  readonly menu: (restaurant: Restaurant, bypass: boolean) => Recalled<readonly string[]>;
  readonly list: (bypass: boolean) => Recalled<readonly Restaurant[]>;
  /** From now on the parsers of these restaurants find nothing. What is remembered of them before and after is forgotten. */
  readonly breakParsers: (identifiers: ReadonlySet<string>) => void;
  readonly forget: () => void;
}

/** `clock` tells milliseconds since the epoch. */
export function createFindings(clock: () => number, seed: number): Findings {
  const menus = createMemory<readonly string[]>(MENU_LIFETIME_SECONDS, clock);
  const lists = createMemory<readonly Restaurant[]>(LIST_LIFETIME_SECONDS, clock);
  let broken: ReadonlySet<string> = new Set();

  const scrape = (restaurant: Restaurant) =>
    broken.has(restaurant.identifier) ? [] : menuOn(restaurant, utcDate(clock()), seed);

  return {
    menu: (restaurant, bypass) => menus.recall(restaurant.identifier, () => scrape(restaurant), bypass),
    list: (bypass) => lists.recall('list', () => RESTAURANTS, bypass),
    breakParsers(identifiers) {
      menus.forget([...broken, ...identifiers]);
      broken = new Set(identifiers);
    },
    forget() {
      menus.forget();
      lists.forget();
    },
  };
}

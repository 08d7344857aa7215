/** Menus one by one, in the order in which they arrive. */
import type { ListedRestaurant, RestaurantToday, TodaysMenu } from './answers.ts';
import type { CallOptions } from './connection.ts';
import { isLunchError, type LunchError } from './errors.ts';

/** One restaurant's menu of today, or why there is none. */
export type MenuArrival =
  | {
      readonly identifier: string;
      readonly menu: TodaysMenu;
      readonly error?: undefined;
    }
  | { readonly identifier: string; readonly menu?: undefined; readonly error: LunchError };

/** Those named and those of the region; all if neither is given, or the list is empty. */
export interface MenusWanted {
  readonly restaurants?: readonly string[];
  readonly region?: string;
}

/** The two methods of a client that this is made of. */
interface Menus {
  listRestaurants(filter: { readonly region?: string }, options: CallOptions): Promise<ListedRestaurant[]>;
  getRestaurant(identifier: string, options: CallOptions): Promise<RestaurantToday>;
}

/** The relay asks the lunch-menu API for two at a time: more at once would only wait there. */
const AT_ONCE = 4;

/** Whoever stops reading ends the calls that are under way. Throws the reason of the caller who aborted. */
export async function* arrivals(
  client: Menus,
  wanted: MenusWanted,
  options: CallOptions,
): AsyncGenerator<MenuArrival, void, undefined> {
  const { signal } = options;
  const waiting = await identifiersOf(client, wanted, options);
  const leaving = new AbortController();
  const leave = () => leaving.abort(signal?.reason);
  signal?.addEventListener('abort', leave);
  // none of these rejects: nobody may be waiting for it any more
  const running = new Map<string, Promise<{ identifier: string; menu?: TodaysMenu; error?: unknown }>>();
  const start = (identifier: string) => {
    const asked = client.getRestaurant(identifier, { ...options, signal: leaving.signal });
    running.set(
      identifier,
      asked.then(
        ({ today }) => ({ identifier, menu: today }),
        (error: unknown) => ({ identifier, error }),
      ),
    );
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      for (const identifier of waiting.splice(0, AT_ONCE - running.size)) start(identifier);
      if (running.size === 0) return;
      const arrival = await Promise.race(running.values());
      running.delete(arrival.identifier);
      if (arrival.error !== undefined && !isLunchError(arrival.error)) throw arrival.error as Error;
      yield arrival as MenuArrival;
    }
  } finally {
    signal?.removeEventListener('abort', leave);
    leaving.abort();
  }
}

async function identifiersOf(
  client: Menus,
  { restaurants = [], ...filter }: MenusWanted,
  options: CallOptions,
): Promise<string[]> {
  const isListNeeded = restaurants.length === 0 || filter.region !== undefined;
  const listed = isListNeeded ? await client.listRestaurants(filter, options) : [];
  return [...new Set([...restaurants, ...listed.map(({ identifier }) => identifier)])];
}

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

/** Those named and those of the region; all if neither is given. An empty list names none. */
export interface MenusWanted {
  readonly restaurants?: readonly string[] | undefined;
  readonly region?: string | undefined;
}

/** The two methods of a client that this is made of. */
interface Menus {
  listRestaurants(filter: { readonly region?: string | undefined }, options: CallOptions): Promise<ListedRestaurant[]>;
  getRestaurant(identifier: string, options: CallOptions): Promise<RestaurantToday>;
}

/** The relay asks the lunch-menu API for two at a time: more at once would only wait there. */
const AT_ONCE = 4;

/** Whoever stops reading ends the calls that are under way. Throws the reason of the caller who aborted. */
export function arrivals(
  client: Menus,
  wanted: MenusWanted,
  options: CallOptions,
): AsyncGenerator<MenuArrival, void, undefined> {
  const leaving = new AbortController();
  const iterator = arrive(client, wanted, options, leaving);
  const end = iterator.return.bind(iterator);
  return Object.assign(iterator, {
    // a generator hears of it only when a `next()` that is under way has settled, which may be a menu later
    return(value: undefined) {
      leaving.abort();
      return end(value);
    },
  });
}

async function* arrive(
  client: Menus,
  wanted: MenusWanted,
  options: CallOptions,
  leaving: AbortController,
): AsyncGenerator<MenuArrival, void, undefined> {
  const { signal } = options;
  const own = { ...options, signal: leaving.signal };
  const leave = () => leaving.abort(signal?.reason);
  // none of these rejects: nobody may be waiting for it any more
  const running = new Map<string, Promise<{ identifier: string; menu?: TodaysMenu; error?: unknown }>>();
  try {
    signal?.throwIfAborted();
    signal?.addEventListener('abort', leave);
    const waiting = await identifiersOf(client, wanted, own);
    for (;;) {
      signal?.throwIfAborted();
      for (const identifier of waiting.splice(0, AT_ONCE - running.size)) {
        const asked = client.getRestaurant(identifier, own);
        const arrived = asked.then(({ today: menu }) => ({ identifier, menu }));
        running.set(
          identifier,
          arrived.catch((error: unknown) => ({ identifier, error })),
        );
      }
      if (running.size === 0) return;
      const arrival = await Promise.race(running.values());
      running.delete(arrival.identifier);
      if (!arrival.menu && !isLunchError(arrival.error)) throw arrival.error as Error;
      yield arrival as MenuArrival;
    }
  } catch (error) {
    // whoever has left by `return()` is told of no error
    if (signal?.aborted || !leaving.signal.aborted) throw error;
  } finally {
    signal?.removeEventListener('abort', leave);
    leaving.abort();
  }
}

async function identifiersOf(
  client: Menus,
  { restaurants, ...filter }: MenusWanted,
  options: CallOptions,
): Promise<string[]> {
  const identifiers = new Set(restaurants);
  if (!restaurants || filter.region !== undefined)
    for (const { identifier } of await client.listRestaurants(filter, options)) identifiers.add(identifier);
  return [...identifiers];
}

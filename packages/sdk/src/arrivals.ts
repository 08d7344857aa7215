/** Menus one by one, in the order in which they arrive. */

import { isLunchError, type LunchError } from './errors.ts';
import type { components } from './generated/schema.gen.ts';

/** One restaurant's menu of today, or why there is none. */
export type MenuArrival =
  | {
      readonly identifier: string;
      readonly menu: components['schemas']['TodaysMenu'];
      readonly error?: undefined;
    }
  | { readonly identifier: string; readonly menu?: undefined; readonly error: LunchError };

type AskForMenu = (identifier: string, signal: AbortSignal) => Promise<components['schemas']['TodaysMenu']>;

/** The relay asks the lunch-menu API for two at a time: more at once would only wait there. */
const AT_ONCE = 4;

/** Whoever stops reading ends the calls that are under way. Throws the reason of the caller who aborted. */
export async function* arrivals(
  identifiers: Iterable<string>,
  askForMenu: AskForMenu,
  signal: AbortSignal | undefined,
): AsyncGenerator<MenuArrival, void, undefined> {
  const leaving = new AbortController();
  const leave = () => leaving.abort(signal?.reason);
  signal?.addEventListener('abort', leave);
  const waiting = [...new Set(identifiers)];
  const running = new Map<string, Promise<{ identifier: string; menu?: unknown; error?: unknown }>>();
  const start = (identifier: string) =>
    running.set(
      identifier,
      askForMenu(identifier, leaving.signal).then(
        (menu) => ({ identifier, menu }),
        // never rejects: nobody may be waiting for it any more
        (error: unknown) => ({ identifier, error }),
      ),
    );
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

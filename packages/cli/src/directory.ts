/** The list of restaurants: from disk while it is new and knows the names asked for, else from the relay. */
import { CommandError, ExitCode, isUnreachable } from './exitCodes.ts';
import { findNamed, findRegion, type Named, regionsOf } from './names.ts';
import { withoutCredentials } from './output/safe.ts';
import { type Listed, toListing } from './relay/answers.ts';
import type { Session } from './session.ts';
import { stockholmDate, stockholmTime } from './stockholm.ts';

/** Restaurants come and go a few times a year. */
const LIST_TRUSTED_MS = 24 * 3_600_000;

/** The list as the relay has it now; where it cannot be reached the last one on disk, which is told. Throws CommandError. */
export async function loadList(session: Session): Promise<readonly Listed[]> {
  try {
    return await askForList(session);
  } catch (error) {
    const kept = session.cache.list();
    if (!kept || !isUnreachable(error)) throw error;
    session.tell(error.message);
    session.tell(`shown is the list that was kept on ${dateAndTime(kept.savedAt)}`);
    return kept.restaurants;
  }
}

/**
 * What the words name; see `findNamed`. Where nothing is to be had but menus on disk, these are known by identifier. `anew`:
 * by the list as the relay has it now, whatever is kept.
 */
export async function findRestaurants(session: Session, words: readonly string[], anew?: 'anew'): Promise<Named[]> {
  return find(session, (restaurants) => findNamed(words, restaurants), anew);
}

/**
 * The name of a region as the relay has it. Throws CommandError for one that does not exist: 3 for a word of the command, 2
 * for the value of an option, 5 where the relay could not be asked.
 */
export async function findRegionName(session: Session, word: string, from: 'word' | 'option'): Promise<string> {
  let searched: readonly Listed[] = [];
  const [named] = await find(session, (restaurants) => {
    searched = restaurants;
    return [findRegion(word, restaurants)];
  });
  if (named?.kind === 'restaurants') return named.restaurants[0]?.region ?? word;
  if (named?.kind === 'unknown' && named.isUnasked) {
    throw new CommandError(`the list that is kept on this machine has no region "${word}"`, ExitCode.unreachable);
  }
  throw noRegion(word, searched, from);
}

/** Those of the restaurants that are in a region, the value of an option. Throws CommandError (2) for one that does not exist. */
export function inRegion(word: string, restaurants: readonly Listed[]): readonly Listed[] {
  const named = findRegion(word, restaurants);
  if (named.kind === 'restaurants') return named.restaurants;
  throw noRegion(word, restaurants, 'option');
}

function noRegion(word: string, restaurants: readonly Listed[], from: 'word' | 'option'): CommandError {
  const message = `there is no region "${word}", only ${regionsOf(restaurants).join(' and ')}`;
  return from === 'word'
    ? new CommandError(message, ExitCode.unknownRestaurant)
    : new CommandError(`${message} (--region)`, ExitCode.usage);
}

async function find(
  session: Session,
  search: (restaurants: readonly Listed[]) => Named[],
  anew?: 'anew',
): Promise<Named[]> {
  const kept = session.cache.list();
  if (kept && !anew && isTrusted(session, kept)) {
    const named = search(kept.restaurants);
    if (named.every(({ kind }) => kind === 'restaurants')) return named;
  }
  try {
    return search(await askForList(session));
  } catch (error) {
    const restaurants = kept?.restaurants ?? session.cache.menus().map((menu) => ({ ...menu, publishesMenu: true }));
    if (!isUnreachable(error) || restaurants.length === 0) throw error;
    const named = search(restaurants);
    if (named.some(({ kind }) => kind === 'unknown')) session.tell(error.message);
    return named.map((name) => (name.kind === 'unknown' ? { ...name, isUnasked: true } : name));
  }
}

function isTrusted({ io, settings }: Session, { savedAt, relay }: { savedAt: number; relay: string }): boolean {
  const ageMs = io.clock() - savedAt;
  return ageMs >= 0 && ageMs < LIST_TRUSTED_MS && relay === withoutCredentials(settings().relay.value);
}

/** Asks the relay, and keeps the answer. */
async function askForList(session: Session): Promise<readonly Listed[]> {
  const relay = await session.relay();
  const restaurants = toListing(await relay.ask((client, options) => client.listRestaurants({}, options)));
  session.cache.keepList({
    restaurants,
    savedAt: session.io.clock(),
    relay: withoutCredentials(session.settings().relay.value),
  });
  return restaurants;
}

function dateAndTime(at: number): string {
  return `${stockholmDate(at)} at ${stockholmTime(new Date(at).toISOString())}`;
}

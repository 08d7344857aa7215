/** `lunch fav add|remove|list`: the restaurants that `lunch` alone shows. */
import { findRestaurants } from '../directory.ts';
import { changeFavourites, readFavourites } from '../disk/settingsFile.ts';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { findNamed, identifiersOf, mistakeOf, type Named } from '../names.ts';
import { jsonDocument } from '../output/json.ts';
import { safe } from '../output/safe.ts';
import { type Listed, toListing } from '../relay/answers.ts';
import type { Session } from '../session.ts';

/** All or nothing: throws CommandError (3, 2) where a word names nothing, or more than one. */
export async function addFavourites(session: Session, words: readonly string[]): Promise<void> {
  const added = identifiersOf(withoutMistakes(await findRestaurants(session, words)));
  await changeFavourites(session.io, (favourites) => [...new Set([...favourites, ...added])]);
  session.tell(`added ${added.join(', ')}; "lunch" alone now shows ${readFavourites(session.io).join(', ')}`);
}

/** Also of restaurants that exist no more, and without a relay: what is not on the kept list is known by identifier. */
export async function removeFavourites(session: Session, words: readonly string[]): Promise<void> {
  const favourites = readFavourites(session.io);
  const known = (session.cache.list()?.restaurants ?? []).filter(({ identifier }) => favourites.includes(identifier));
  const names = favourites.map((name) => known.find(({ identifier }) => identifier === name) ?? nameless(name));
  const named = findNamed(words, names);
  const stranger = named.find(({ kind }) => kind === 'unknown');
  if (stranger) {
    throw new CommandError(
      `"${stranger.word}" is no favourite; "lunch fav list" shows them`,
      ExitCode.unknownRestaurant,
    );
  }
  const removed = identifiersOf(withoutMistakes(named));
  await changeFavourites(session.io, (before) => before.filter((name) => !removed.includes(name)));
  session.tell(`removed ${removed.join(', ')}`);
}

/** One a line, with its name where the kept list has it: asks nobody. */
export function listFavourites(session: Session): void {
  const favourites = readFavourites(session.io);
  if (session.format === 'json') session.print(jsonDocument('favourites', { favourites }));
  else if (favourites.length === 0) session.tell('no favourites yet; "lunch fav add nanna" adds one');
  else session.print(favouriteLines(session, favourites));
}

function favouriteLines({ cache, format }: Session, favourites: readonly string[]): string {
  const listing = cache.list()?.restaurants ?? [];
  const width = Math.max(...favourites.map(({ length }) => length));
  const lines = favourites.map((favourite) => {
    const name = safe(listing.find(({ identifier }) => identifier === favourite)?.name ?? '');
    return format === 'plain' ? `${safe(favourite)}\t${name}` : `${safe(favourite).padEnd(width)}  ${name}`.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}

/** Throws the mistake of the first word that has one. */
function withoutMistakes(named: readonly Named[]): readonly Named[] {
  for (const name of named) {
    const mistake = mistakeOf(name);
    if (mistake) throw mistake;
  }
  return named;
}

/** What is known of a favourite of which nothing but its identifier is. */
const nameless = (identifier: string) => toListing([{ identifier, name: identifier }])[0] as Listed;

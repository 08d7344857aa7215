/** `lunch find <words>`: who serves a dish today, and where. */
import { Chalk } from 'chalk';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { colourLevel, type Io } from '../io.ts';
import type { Relay } from '../relay.ts';
import { renderMatches, safe } from '../render.ts';

const MOST_LETTERS = 100;

export async function findDishes(relay: Relay, words: readonly string[], io: Io): Promise<void> {
  const query = words.join(' ').trim();
  if (!/[\p{L}\p{N}]/u.test(query) || query.length > MOST_LETTERS) {
    throw new CommandError(
      `find needs words of a dish, ${MOST_LETTERS} letters at most, such as "lunch find lax"`,
      ExitCode.usage,
    );
  }
  const { matches, searched, notSearched } = await relay.ask((client) => client.findDishes(query));
  const chalk = new Chalk({ level: colourLevel(io.stdout, io.environment) });
  if (matches.length > 0) io.stdout.write(`${renderMatches(matches, chalk)}\n`);
  const isFailure = ({ reason }: { reason: string }) => reason.startsWith('upstream_');
  if (searched === 0 && notSearched.some(isFailure)) {
    throw new CommandError('the lunch-menu API gives no menus just now. Try again in a while.', ExitCode.unreachable);
  }
  const names = (isSought: (place: { reason: string }) => boolean) =>
    notSearched
      .filter(isSought)
      .map(({ name }) => safe(name))
      .join(', ');
  // those that never publish a menu are no news; of the others the dish may be missing
  const missing: Array<[what: string, names: string]> = [
    ['not to be had just now', names(isFailure)],
    ['not published yet', names(({ reason }) => reason === 'not_yet_published')],
    [
      'nothing found today',
      names((place) => !isFailure(place) && !['not_yet_published', 'no_online_menu'].includes(place.reason)),
    ],
  ];
  for (const [what, whose] of missing) if (whose !== '') io.stderr.write(`lunch: menus ${what}: ${whose}\n`);
  if (matches.length === 0) {
    throw new CommandError(`no dish with "${query}" in the ${searched} menus of today`, ExitCode.noDishMatched);
  }
}

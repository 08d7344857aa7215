/** `lunch find <words>`: who serves a dish today, and where. */
import { Chalk } from 'chalk';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { colourLevel, type Io } from '../io.ts';
import type { Relay } from '../relay.ts';
import { renderMatches, safe } from '../render.ts';

export async function findDishes(relay: Relay, words: readonly string[], io: Io): Promise<void> {
  const query = words.join(' ');
  const { matches, searched, notSearched } = await relay.ask((client) => client.findDishes(query));
  const chalk = new Chalk({ level: colourLevel(io.stdout, io.environment) });
  if (matches.length > 0) io.stdout.write(`${renderMatches(matches, chalk)}\n`);
  // those that never publish a menu are no news; of the others the dish may be missing
  const unknown = notSearched.filter(({ reason }) => reason !== 'no_online_menu').map(({ name }) => safe(name));
  if (unknown.length > 0) io.stderr.write(`lunch: not known today: ${unknown.join(', ')}\n`);
  if (matches.length === 0) {
    throw new CommandError(`no dish with "${query}" in the ${searched} menus of today`, ExitCode.noDishMatched);
  }
}

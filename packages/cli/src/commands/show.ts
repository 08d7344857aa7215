/** `lunch <restaurant…>`: what they serve today and where they are. */
import { LunchError, type TodaysMenu } from '@lunch-relay/sdk';
import { Chalk } from 'chalk';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { colourLevel, type Io } from '../io.ts';
import type { Relay } from '../relay.ts';
import { renderMenu } from '../render.ts';

/** One that fails does not keep the others from being shown. Throws the first failure at the end if nothing was shown. */
export async function showRestaurants(relay: Relay, identifiers: readonly string[], io: Io): Promise<void> {
  const chalk = new Chalk({ level: colourLevel(io.stdout, io.environment) });
  const wanted = [...new Set(identifiers)];
  const outcomes = await Promise.allSettled(
    wanted.map((identifier) => relay.ask((client) => menuOf(client, identifier))),
  );
  const menus = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
  if (menus.length > 0) io.stdout.write(`${menus.map((menu) => renderMenu(menu, chalk, io.clock())).join('\n\n')}\n`);
  const [first, ...rest] = failures;
  if (first === undefined) return;
  // the last line is written by whoever decides the exit status
  const told = menus.length > 0 ? failures : rest;
  for (const { message } of told) io.stderr.write(`lunch: ${message}\n`);
  if (menus.length === 0) throw first;
}

async function menuOf(client: Parameters<Parameters<Relay['ask']>[0]>[0], identifier: string): Promise<TodaysMenu> {
  try {
    return (await client.getRestaurant(identifier)).today;
  } catch (error) {
    if (!(error instanceof LunchError) || error.kind !== 'not_found') throw aboutRestaurant(identifier, error);
    const hint =
      error.suggestions.length > 0 ? `Did you mean ${error.suggestions.join(' or ')}?` : '"lunch" lists all.';
    throw new CommandError(`there is no restaurant "${identifier}". ${hint}`, ExitCode.unknownRestaurant);
  }
}

/** What concerns one restaurant says which; that there is no relay concerns none. */
function aboutRestaurant(identifier: string, error: unknown): unknown {
  if (!(error instanceof LunchError) || error.code === undefined) return error;
  const { kind, message, ...details } = error;
  return new LunchError(kind, `${identifier}: ${message}`, details);
}

/** `lunch`: all restaurants, with the identifiers that `lunch <restaurant>` takes. */
import { Chalk } from 'chalk';
import { colourLevel, type Io } from '../io.ts';
import type { Relay } from '../relay.ts';
import { safe } from '../render.ts';

export async function listRestaurants(relay: Relay, io: Io): Promise<void> {
  const restaurants = await relay.ask((client) => client.listRestaurants());
  const chalk = new Chalk({ level: colourLevel(io.stdout, io.environment) });
  const width = (texts: string[]) => Math.max(...texts.map((text) => text.length));
  const identifierWidth = width(restaurants.map(({ identifier }) => safe(identifier)));
  const nameWidth = width(restaurants.map(({ name }) => safe(name)));
  const lines = restaurants.map(({ identifier, name, region, publishesMenu }) => {
    const columns = [chalk.bold(safe(identifier).padEnd(identifierWidth)), safe(name).padEnd(nameWidth), safe(region)];
    return columns.join('  ') + (publishesMenu ? '' : chalk.dim('  (no online menu)'));
  });
  io.stdout.write(`${lines.join('\n')}\n`);
  if (io.stdout.isTTY) io.stdout.write(chalk.dim('\nlunch <identifier> shows what a restaurant serves today.\n'));
}

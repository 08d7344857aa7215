/** `lunch list`: all restaurants, with the identifiers that `lunch <restaurant>` takes. */
import { inRegion, loadList } from '../directory.ts';
import { jsonDocument } from '../output/json.ts';
import { measureFor } from '../output/layout.ts';
import { plainList } from '../output/plain.ts';
import { listTable } from '../output/table.ts';
import type { Listed } from '../relay/answers.ts';
import type { Session } from '../session.ts';

/** Throws CommandError (2) for a region that does not exist. */
export async function listRestaurants(session: Session, { region }: { readonly region?: string } = {}): Promise<void> {
  const all = await loadList(session);
  await showList(session, region === undefined ? all : inRegion(region, all));
}

/** In the form that the flags ask for. */
async function showList(session: Session, restaurants: readonly Listed[]): Promise<void> {
  if (session.format === 'json') session.print(jsonDocument('restaurants', { restaurants }));
  else if (session.format === 'plain') session.print(plainList(restaurants));
  else await showTable(session, restaurants);
}

async function showTable(session: Session, restaurants: readonly Listed[]): Promise<void> {
  const look = session.look();
  const measure = await measureFor(restaurants.flatMap(({ identifier, name, region }) => [identifier, name, region]));
  session.print(listTable(restaurants, look, measure));
  if (session.io.stdout.isTTY)
    session.print(look.chalk.dim('\nlunch <identifier> shows what a restaurant serves today.\n'));
}

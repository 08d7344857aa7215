/** `lunch random [region]`: one of the restaurants that serve dishes today, for those who cannot agree. */
import { findRegionName } from '../directory.ts';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { loadMenus } from '../menus.ts';
import type { Session } from '../session.ts';
import { showMenus } from './show.ts';

/** `word`: a region, in place of the option. Throws CommandError: 4 where none serves dishes today. */
export async function showRandom(
  session: Session,
  word: string | undefined,
  options: { readonly region?: string },
): Promise<void> {
  const regionName = await regionNamed(session, word, options.region);
  const { menus, failures, offline } = await loadMenus(session, 'all');
  const inside = menus.filter((menu) => regionName === undefined || menu.region === regionName);
  const serving = inside.filter(({ status }) => status === 'served');
  const chosen = serving[Math.floor(session.io.random() * serving.length)];
  if (chosen === undefined) {
    if (inside.length === 0 || failures.length > 0) await showMenus(session, { menus: [], failures });
    const where = regionName === undefined ? '' : ` in ${regionName}`;
    throw new CommandError(`no restaurant${where} is known to serve dishes today`, ExitCode.noDishMatched);
  }
  await showMenus(session, { menus: [chosen], failures: [], ...(offline && { offline }) });
}

async function regionNamed(session: Session, word: string | undefined, option: string | undefined) {
  if (word !== undefined && option !== undefined) {
    throw new CommandError('random takes one region: as a word, or with --region', ExitCode.usage);
  }
  if (word !== undefined) return findRegionName(session, word, 'word');
  return option === undefined ? undefined : findRegionName(session, option, 'option');
}

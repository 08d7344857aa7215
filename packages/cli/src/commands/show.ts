/** `lunch <restaurant…|region…>`: what they serve today and where they are. */
import { findRestaurants } from '../directory.ts';
import { isUsage } from '../exitCodes.ts';
import { type Failure, loadMenus, type Menus, toFailureError } from '../menus.ts';
import { identifiersOf, mistakeOf, type Named } from '../names.ts';
import { renderMenus, renderNames } from '../output/cards.ts';
import { jsonDocument } from '../output/json.ts';
import { plainMenus } from '../output/plain.ts';
import { keptNotice, noticeOf } from '../output/words.ts';
import type { Menu } from '../relay/answers.ts';
import type { Session } from '../session.ts';

/**
 * Words that name nothing, or more than one, do not keep the others from being shown. `commands`: names of commands, one of
 * which may have been meant.
 */
export async function showRestaurants(
  session: Session,
  words: readonly string[],
  commands: readonly string[] = [],
): Promise<void> {
  const { named, groups, menus } = await menusOf(session, words);
  const mistakes = named.flatMap((name) => mistakeOf(name, commands) ?? []);
  const [first, ...rest] = mistakes;
  if (menus === undefined) {
    for (const { message } of rest) session.tell(message);
    if (first) throw first;
    return;
  }
  await showMenus(session, menus, groups);
  for (const { message } of mistakes) session.tell(message);
}

/** What a word names. */
interface Group {
  readonly isRegion: boolean;
  readonly identifiers: readonly string[];
}

interface Found {
  readonly named: readonly Named[];
  readonly groups: readonly Group[];
  /** Undefined where the words name nothing. */
  readonly menus: Menus | undefined;
}

async function menusOf(session: Session, words: readonly string[]): Promise<Found> {
  const load = async (named: readonly Named[]) => {
    const groups = groupsOf(named);
    const identifiers = [...new Set(groups.flatMap((group) => group.identifiers))];
    return { named, groups, menus: identifiers.length > 0 ? await loadMenus(session, identifiers) : undefined };
  };
  const named = await findRestaurants(session, words);
  try {
    return await load(named);
  } catch (error) {
    // a restaurant of the kept list may be gone since, and must not keep the others from being shown
    if (!isUsage(error)) throw error;
    return load(await findRestaurants(session, words, 'anew'));
  }
}

/** A restaurant that is named by itself belongs to no region. */
function groupsOf(named: readonly Named[]): Group[] {
  const found = named.filter((name) => name.kind === 'restaurants');
  const single = new Set(identifiersOf(found.filter(({ isRegion }) => !isRegion)));
  return found.map((name) => ({
    isRegion: name.isRegion,
    identifiers: identifiersOf([name]).filter((identifier) => !name.isRegion || !single.has(identifier)),
  }));
}

/** Cards, in the order of the groups if any are given, or what the flags ask for. Throws CommandError if all failed. */
export async function showMenus(
  session: Session,
  { menus, failures, offline }: Menus,
  groups: readonly Group[] = [],
): Promise<void> {
  const [first] = failures;
  if (menus.length === 0 && first) throw toFailureError(first.code, `${first.identifier}: ${first.message}`);
  if (session.format === 'json') session.print(jsonDocument('menus', { menus, failures: failures.map(toJson) }));
  else if (session.format === 'plain') session.print(plainMenus(menus));
  else await showCards(session, menus, groups);
  for (const notice of offline ? [offline.message, keptNotice(menus)] : menus.flatMap((menu) => noticeOf(menu) ?? [])) {
    session.tell(notice);
  }
  for (const { identifier, message } of failures) session.tell(`${identifier}: ${message}`);
}

async function showCards(session: Session, menus: readonly Menu[], groups: readonly Group[]): Promise<void> {
  const indexOf = ({ identifier }: Menu) => groups.findIndex(({ identifiers }) => identifiers.includes(identifier));
  const isRegional = (menu: Menu) => groups[indexOf(menu)]?.isRegion === true;
  const isAside = (menu: Menu) => isRegional(menu) && menu.status === 'no_online_menu';
  // who asks for a region wants to eat: those that serve come first
  const rank = (menu: Menu) => 2 * indexOf(menu) + Number(isRegional(menu) && menu.status !== 'served');
  const aside = menus.every(isAside) ? [] : menus.filter(isAside);
  const shown = menus.filter((menu) => !aside.includes(menu)).sort((a, b) => rank(a) - rank(b));
  const look = session.look();
  session.print(`${await renderMenus(shown, look)}\n`);
  if (aside.length === 0) return;
  session.print(`\n${await renderNames('No online menu:', aside, look)}\n`);
}

const toJson = ({ identifier, code, message }: Failure) => ({ identifier, code, message });

/** `lunch <restaurant…|region…>`: what they serve today and where they are. */
import { findRestaurants } from '../directory.ts';
import { type Failure, loadMenus, type Menus, toFailureError } from '../menus.ts';
import { identifiersOf, mistakeOf } from '../names.ts';
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
  const named = await findRestaurants(session, words);
  const identifiers = new Set(identifiersOf(named));
  const mistakes = named.flatMap((name) => mistakeOf(name, commands) ?? []);
  const [first, ...rest] = mistakes;
  if (identifiers.size === 0) {
    for (const { message } of rest) session.tell(message);
    if (first) throw first;
    return;
  }
  const regional = new Set(identifiersOf(named.filter((name) => name.kind === 'restaurants' && name.isRegion)));
  const menus = await loadMenus(session, [...identifiers]);
  await showMenus(session, menus, (menu) => regional.has(menu.identifier) && menu.status === 'no_online_menu');
  for (const { message } of mistakes) session.tell(message);
}

/** Cards, or what the flags ask for; `isAside`: of the cards these are left out, and named. Throws CommandError if all failed. */
export async function showMenus(
  session: Session,
  { menus, failures, offline }: Menus,
  isAside: (menu: Menu) => boolean = () => false,
): Promise<void> {
  const [first] = failures;
  if (menus.length === 0 && first) throw toFailureError(first.code, `${first.identifier}: ${first.message}`);
  if (session.format === 'json') session.print(jsonDocument('menus', { menus, failures: failures.map(toJson) }));
  else if (session.format === 'plain') session.print(plainMenus(menus));
  else await showCards(session, menus, isAside);
  for (const notice of offline ? [offline.message, keptNotice(menus)] : menus.flatMap((menu) => noticeOf(menu) ?? [])) {
    session.tell(notice);
  }
  for (const { identifier, message } of failures) session.tell(`${identifier}: ${message}`);
}

async function showCards(session: Session, menus: readonly Menu[], isAside: (menu: Menu) => boolean): Promise<void> {
  const isWithDishes = ({ status }: Menu) => status === 'served';
  const aside = menus.every(isAside) ? [] : menus.filter(isAside);
  // who asks for a region wants to eat: those that serve come first
  const shown = menus.filter((menu) => !aside.includes(menu));
  const ordered =
    aside.length > 0 ? shown.toSorted((a, b) => Number(isWithDishes(b)) - Number(isWithDishes(a))) : shown;
  const look = session.look();
  session.print(`${await renderMenus(ordered, look)}\n`);
  if (aside.length === 0) return;
  session.print(`\n${await renderNames('No online menu:', aside, look)}\n`);
}

const toJson = ({ identifier, code, message }: Failure) => ({ identifier, code, message });

/** Menus and dishes as cards for people. Nothing that came over the network can control the terminal. */
import type { Dish } from '@lunch-relay/sdk';
import type { ChalkInstance } from 'chalk';
import { foldText } from '../fold.ts';
import type { Menu } from '../relay/answers.ts';
import { type Measure, measureFor, type Piece, pad, wrap } from './layout.ts';
import { safe, safeUrl } from './safe.ts';
import { dateInWords, freshnessInWords, statusInWords } from './words.ts';

export interface Look {
  readonly chalk: ChalkInstance;
  /** In cells; Infinity: no wrapping. */
  readonly width: number;
  /** Whether links may be OSC 8 sequences. */
  readonly hasLinks: boolean;
}

/** Where to go, and who it is. */
type Place = Pick<Menu, 'name' | 'region' | 'mapUrl' | 'homepage'> & { readonly menuUrl?: string | null };

/** One card for each menu: name and region, status, day and age, dishes with labels and diets, notices, links. */
export async function renderMenus(menus: readonly Menu[], look: Look): Promise<string> {
  const measure = await measureFor(menus.flatMap((menu) => [...textsOf(menu, menu.dishes), ...statusTextsOf(menu)]));
  return menus.map((menu) => renderMenu(menu, look, measure)).join('\n\n');
}

/** One card for each restaurant, in the order of its first match; the words that were looked for stand out. */
export async function renderMatches(
  matches: ReadonlyArray<{ readonly dish: Dish; readonly restaurant: Place & { readonly identifier: string } }>,
  sought: readonly string[],
  look: Look,
): Promise<string> {
  const measure = await measureFor(matches.flatMap(({ dish, restaurant }) => textsOf(restaurant, [dish])));
  const places = new Map(matches.map(({ restaurant }) => [restaurant.identifier, restaurant]));
  const cards = [...places].map(([identifier, place]) => {
    const dishes = matches.filter(({ restaurant }) => restaurant.identifier === identifier);
    const lines = dishes.flatMap(({ dish }) => dishLines(dish, sought, look, measure));
    return [...heading(place, look, measure), ...lines, ...links(place, look)].join('\n');
  });
  return cards.join('\n\n');
}

/** Restaurants in a line: names, and the identifiers to ask for them by. */
export async function renderNames(title: string, menus: readonly Menu[], { chalk, width }: Look): Promise<string> {
  const last = menus.length - 1;
  const names = menus.map(
    ({ name, identifier }, index) => `${safe(name)} (${safe(identifier)})${index < last ? ',' : ''}`,
  );
  const measure = await measureFor(names);
  return wrap([{ text: [title, ...names].join(' '), style: chalk.dim }], { width, first: '', measure }).join('\n');
}

function renderMenu(menu: Menu, look: Look, measure: Measure): string {
  const { chalk, width } = look;
  const isOld = menu.stale || menu.offline;
  const [status, date, freshness] = statusTextsOf(menu);
  const statusLine: Piece[] = [
    { text: status, style: menu.status === 'served' ? chalk.green : chalk.yellow },
    { text: `· ${date} ·`, style: chalk.dim },
    { text: freshness, style: isOld ? chalk.yellow : chalk.dim },
  ];
  const dishes = menu.dishes.flatMap((dish) => dishLines(dish, [], look, measure));
  // those of a menu without dishes are in the status
  const notices = menu.status === 'served' ? menu.notices.map((text) => ({ text: safe(text), style: chalk.dim })) : [];
  return [
    ...heading(menu, look, measure),
    ...wrap(statusLine, { width, first: '', measure }),
    ...dishes,
    ...notices.flatMap((notice) => wrap([notice], { width, first: '  ', measure })),
    ...links(menu.status === 'no_online_menu' ? menu : { ...menu, menuUrl: null }, look),
  ].join('\n');
}

function heading({ name, region }: Place, { chalk, width }: Look, measure: Measure): string[] {
  const pieces = [{ text: safe(name), style: chalk.bold }, { text: region && `· ${safe(region)}` }];
  return wrap(pieces, { width, first: '', measure });
}

function dishLines(dish: Dish, sought: readonly string[], { chalk, width }: Look, measure: Measure): string[] {
  const diet = dish.diet === undefined ? '' : `(${safe(dish.diet)}${dish.dietIsGuess ? '?' : ''})`;
  const isSought = (word: string) => sought.some((wanted) => foldText(word).includes(wanted));
  const name: Piece[] =
    sought.length === 0
      ? [{ text: safe(dish.name) }]
      : safe(dish.name)
          .split(' ')
          .map((text) => (isSought(text) ? { text, style: chalk.yellow } : { text }));
  const label = dish.label === undefined ? [] : [{ text: `${safe(dish.label)}:`, style: chalk.cyan }];
  return wrap([...label, ...name, { text: diet, style: chalk.green }], { width, first: '  • ', measure });
}

/** Names that are links where the terminal follows them, else URLs, which are never cut: they must stay whole to be copied. */
function links({ mapUrl, homepage, menuUrl }: Place, { chalk, hasLinks }: Look): string[] {
  const named = [
    ['Map', safeUrl(mapUrl)],
    ['Website', safeUrl(homepage)],
    ['Menu', safeUrl(menuUrl)],
  ] as const;
  const known = named.flatMap(([name, url]) => (url === undefined ? [] : [{ name, url }]));
  if (!hasLinks) return known.map(({ name, url }) => chalk.dim(`  ${pad(name, 8, (text) => text.length)}${url}`));
  if (known.length === 0) return [];
  return [`  ${known.map(({ name, url }) => hyperlink(chalk.underline(name), url)).join('  ')}`];
}

/** OSC 8, ended by ST. `url` is ASCII without control characters. */
const hyperlink = (text: string, url: string) => `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\`;

const textsOf = ({ name, region, ...rest }: Place & { notices?: readonly string[] }, dishes: readonly Dish[]) =>
  [
    name,
    region,
    ...(rest.notices ?? []),
    ...dishes.flatMap((dish) => [dish.name, dish.label ?? '', dish.diet ?? '']),
  ].map(safe);

/** A holiday, or a date that is none, may be written in any script. */
const statusTextsOf = (menu: Menu) => [statusInWords(menu), dateInWords(menu.date), freshnessInWords(menu)] as const;

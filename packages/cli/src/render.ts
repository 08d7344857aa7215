/** A menu as text for people. Nothing that came over the network can control the terminal: all of it goes through `safe`. */
import { stripVTControlCharacters } from 'node:util';
import type { Dish, DishesToday, TodaysMenu } from '@lunch-relay/sdk';
import type { ChalkInstance } from 'chalk';

/** Text without control characters. */
export function safe(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '')
    .trim();
}

/** One restaurant: name, region, day, what it serves or why not, from when that is if it is not new, and where it is. */
export function renderMenu(menu: TodaysMenu, chalk: ChalkInstance, now: number): string {
  const heading = `${chalk.bold(safe(menu.name))} · ${safe(menu.region)} · ${chalk.dim(dayOf(menu.date))}`;
  const body =
    menu.status === 'served'
      ? menu.dishes.map((dish) => `  • ${renderDish(dish, chalk)}`)
      : [`  ${chalk.yellow(statusInWords(menu))}`];
  const notices = menu.status === 'served' ? menu.notices.map((notice) => `  ${chalk.dim(safe(notice))}`) : [];
  const age = ageInWords(menu, now).map((words) => `  ${chalk.yellow(words)}`);
  const links = [place('Map', menu.mapUrl), place('Website', menu.homepage)].flat().map((line) => chalk.dim(line));
  return [heading, ...body, ...notices, ...age, ...links].join('\n');
}

/** Dishes by restaurant, in the order of the first match of each. */
export function renderMatches(matches: DishesToday['matches'], chalk: ChalkInstance): string {
  const identifiers = new Set(matches.map(({ restaurant }) => restaurant.identifier));
  const cards = [...identifiers].map((identifier) => {
    const found = matches.filter(({ restaurant }) => restaurant.identifier === identifier);
    const restaurant = found[0]?.restaurant;
    if (restaurant === undefined) return '';
    const heading = `${chalk.bold(safe(restaurant.name))} · ${safe(restaurant.region)}`;
    const dishes = found.map(({ dish }) => `  • ${renderDish(dish, chalk)}`);
    const links = [place('Map', restaurant.mapUrl), place('Website', restaurant.homepage)].flat();
    return [heading, ...dishes, ...links.map((line) => chalk.dim(line))].join('\n');
  });
  return cards.join('\n\n');
}

function renderDish(dish: Dish, chalk: ChalkInstance): string {
  const label = dish.label === undefined ? '' : `${chalk.cyan(safe(dish.label))}: `;
  const guess = dish.dietIsGuess ? '?' : '';
  const diet = dish.diet === undefined ? '' : chalk.green(` (${safe(dish.diet)}${guess})`);
  return `${label}${safe(dish.name)}${diet}`;
}

const OLD_AFTER_MS = 15 * 60_000;

/** A menu of some minutes ago needs no word. */
function ageInWords({ stale, fetchedAt }: TodaysMenu, now: number): string[] {
  if (stale) return [`as of ${timeOf(fetchedAt)}, and past its time: a newer menu could not be had yet`];
  return now - Date.parse(fetchedAt) > OLD_AFTER_MS ? [`as of ${timeOf(fetchedAt)}`] : [];
}

/** "Unknown" is never worded as closed. */
function statusInWords(menu: TodaysMenu): string {
  const said = menu.notices.map(safe).join(' ');
  if (menu.status === 'closed') {
    if (menu.holiday !== undefined) return `Closed today: ${safe(menu.holiday)}`;
    return menu.reason === 'weekend' ? 'Closed today: weekend' : `Closed today${said ? `: ${said}` : ''}`;
  }
  if (menu.status === 'no_online_menu') return `No online menu${menu.menuUrl ? ` — see ${safe(menu.menuUrl)}` : ''}`;
  if (menu.reason === 'not_yet_published') return 'Today’s menu is not published yet';
  return said
    ? `No dishes found today; the site says: ${said}`
    : 'Nothing found today; the site may not be updated yet';
}

function place(name: string, url: string | null): string[] {
  return url === null ? [] : [`  ${name.padEnd(8)}${safe(url)}`];
}

/** `2026-11-23` as `Monday 23 November`. */
function dayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(day.getTime())) return safe(date);
  return new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    day,
  );
}

function timeOf(moment: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return safe(moment);
  return new Intl.DateTimeFormat('sv-SE', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Stockholm' }).format(
    at,
  );
}

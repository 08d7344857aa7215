/**
 * What the page of a restaurant says on a date: the same for the same seed, restaurant and date, for ever.
 * Promises at least one plain dish on every ordinary weekday for each restaurant with a parser, so that demonstrations
 * and tests can depend on it; the days on which real restaurants answer nothing are left to faults.
 */
import { holidayOn, isWeekend, mondayOf } from './calendar.ts';
import { DISHES, type DishLine, LABELS, LABELS_ALONE, QUIRKY_DISHES, REMNANTS, SIDES } from './dishes.ts';
import { pick, type Random, seededRandom, shuffled } from './random.ts';
import type { Restaurant } from './restaurants.ts';

/** The raw lines that a restaurant publishes on a date (`2026-11-23`). Empty: nothing was found on its page. */
export function menuOn(restaurant: Restaurant, date: string, seed: number): readonly string[] {
  const { identifier, publishes } = restaurant;
  if (publishes === 'nothing') return [];
  if (publishes === 'week') return composeMenu(seededRandom(seed, identifier, mondayOf(date)));
  if (isWeekend(date)) return publishes === 'day-or-monday' ? menuOn(restaurant, mondayOf(date), seed) : [];
  const random = seededRandom(seed, identifier, date);
  const holiday = holidayOn(date);
  return holiday === undefined ? composeMenu(random) : holidayMenu(identifier, holiday, random);
}

/** Share of restaurants that say something on a holiday; the others have no menu at all. */
const HOLIDAY_NOTICE_SHARE = 0.6;

const HOLIDAY_NOTICES: Readonly<Record<string, string>> = {
  Långfredagen: 'Långfredag STÄNGT',
  'Annandag påsk': 'Glad påsk!',
  'Kristi himmelsfärdsdag': 'Kristi himmelsfärdsdag',
  'Sveriges nationaldag': 'Sveriges nationaldag. Restaurangen är stängd.',
};

function holidayMenu(identifier: string, holiday: string, random: Random): readonly string[] {
  // seen on Easter Monday 2021: one line for each of its four counters
  if (identifier === 'rudbeck' && holiday === 'Annandag påsk') return Array<string>(4).fill('Inga måltider serveras');
  return random() < HOLIDAY_NOTICE_SHARE ? [HOLIDAY_NOTICES[holiday] ?? 'Stängt'] : [];
}

/** Lines in a menu, drawn from a hundred as measured: median 4, ninth decile 6, never more than 8. */
const LENGTHS_OF_A_HUNDRED: ReadonlyArray<readonly [lines: number, menus: number]> = [
  [1, 3],
  [2, 10],
  [3, 26],
  [4, 29],
  [5, 17],
  [6, 9],
  [7, 4],
  [8, 2],
];
const LENGTHS = LENGTHS_OF_A_HUNDRED.flatMap(([lines, menus]) => Array<number>(menus).fill(lines));

function composeMenu(random: Random): readonly string[] {
  const length = pick(random, LENGTHS);
  const dishes = shuffled(random, DISHES);
  const lines: string[] = [];
  for (const dish of dishes) {
    if (lines.length >= length) break;
    const room = length - lines.length;
    // the first line is always a plain dish: what follows it may be anything
    lines.push(...(lines.length === 0 ? dishLines(random, dish, room) : nextLines(random, dish, room)));
  }
  return lines;
}

/** Shares of lines, tuned to what was measured: 38 % begin with a label, 13 % say vegetarian, 3 % are English, 1 % fragments. */
const REMNANT_SHARE = 0.015;
const QUIRK_SHARE = 0.1;
const SIDE_SHARE = 0.6;
const LABEL_SHARE = 0.42;
const LABEL_ALONE_SHARE = 0.15;

function nextLines(random: Random, dish: DishLine, room: number): readonly string[] {
  const chance = random();
  if (chance < REMNANT_SHARE) return [pick(random, REMNANTS)];
  if (chance < REMNANT_SHARE + QUIRK_SHARE) return [pick(random, QUIRKS_BY_WEIGHT)];
  return dishLines(random, dish, room);
}

const QUIRKS_BY_WEIGHT = QUIRKY_DISHES.flatMap(({ text, weight }) => Array<string>(weight).fill(text));

/** A dish with its side and label, or with a line of its own before or after it where there is room for one. */
function dishLines(random: Random, dish: DishLine, room: number): readonly string[] {
  const text = random() < SIDE_SHARE ? `${dish.text}, ${pick(random, SIDES)}` : dish.text;
  if (dish.english !== undefined && room > 1) return [dish.text, dish.english];
  if (dish.kind === 'greens' && room > 1 && random() < LABEL_ALONE_SHARE) return [pick(random, LABELS_ALONE), text];
  const labels = LABELS[dish.kind];
  const isLabelled = labels.length > 0 && (dish.kind === 'salad' || random() < LABEL_SHARE);
  return [isLabelled ? `${pick(random, labels)}${text}` : text];
}

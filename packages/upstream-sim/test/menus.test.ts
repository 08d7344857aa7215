import { describe, expect, it } from '@jest/globals';
import { holidayOn, isWeekend, utcDate } from '../src/calendar.ts';
import { DISHES } from '../src/dishes.ts';
import { menuOn } from '../src/menus.ts';
import { RESTAURANTS, type Restaurant } from '../src/restaurants.ts';

const DAY_MS = 86_400_000;
const datesOf2026 = Array.from({ length: 365 }, (_, day) => utcDate(Date.UTC(2026, 0, 1) + day * DAY_MS));
const ordinaryDates = datesOf2026.filter((date) => !isWeekend(date) && holidayOn(date) === undefined);
const publishing = RESTAURANTS.filter(({ publishes }) => publishes !== 'nothing');

function restaurant(identifier: string): Restaurant {
  const found = RESTAURANTS.find((candidate) => candidate.identifier === identifier);
  if (!found) throw new Error(`no restaurant ${identifier}`);
  return found;
}

const menu = (identifier: string, date: string) => menuOn(restaurant(identifier), date, 1);

describe('ordinary weekdays', () => {
  const menus = ordinaryDates.flatMap((date) => publishing.map((each) => menuOn(each, date, 1)));
  const lines = menus.flat();
  const percentile = (numbers: number[], share: number) =>
    numbers.sort((one, other) => one - other)[Math.floor(numbers.length * share)];
  const percentOf = (pattern: RegExp) => (100 * lines.filter((line) => pattern.test(line)).length) / lines.length;

  it('have at least one plain dish in each of the nine restaurants with a parser', () => {
    expect(publishing).toHaveLength(9);
    const hasDish = (each: readonly string[]) => each.some((line) => DISHES.some(({ text }) => line.includes(text)));
    expect(menus.every(hasDish)).toBe(true);
  });

  it('have menus as long as the real ones', () => {
    const lengths = menus.map((each) => each.length);
    expect([percentile(lengths, 0.5), percentile(lengths, 0.9), percentile(lengths, 1 - 1e-9)]).toEqual([4, 6, 8]);
  });

  it('have lines as long, as labelled and as quirky as the real ones', () => {
    const lengths = lines.map((line) => line.length);
    expect(percentile(lengths, 0.5)).toBeGreaterThan(52);
    expect(percentile(lengths, 0.5)).toBeLessThan(68);
    expect(percentOf(/^[\p{L} ]{2,14} ?:/u)).toBeGreaterThan(33);
    expect(percentOf(/^[\p{L} ]{2,14} ?:/u)).toBeLessThan(43);
    expect(percentOf(/[åäö]/i)).toBeGreaterThan(75);
    expect(percentOf(/vegetar|vegan|^veg/i)).toBeLessThan(20);
  });

  it.each([
    ['a label alone on its line', /^Vegetariskt:$|^Veckans vegetariska$/],
    ['entities', /&auml;/],
    ['a soft hyphen', /\u00ad/],
    ['a no-break space', /\u00a0/],
    ['typographic quotes', /’/],
    ['a decomposed letter', /a\u0308/],
    ['an embedded newline', /\n/],
    ['a price', /129:-/],
    ['English', /Creamy fish stew/],
    ['a fragment', /^\(150 g\)$/],
    ['an empty line', /^$/],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the control character is the point
    ['a terminal escape', /\u001b\[31m/], // eslint-disable-line no-control-regex
  ])('sometimes have %s', (_, pattern) => {
    expect(percentOf(pattern)).toBeGreaterThan(0);
    expect(percentOf(pattern)).toBeLessThan(5);
  });

  it('are the same for the same seed and date, and differ between restaurants, dates and seeds', () => {
    expect(menu('nanna', '2026-11-23')).toEqual(menu('nanna', '2026-11-23'));
    expect(menu('nanna', '2026-11-23')).not.toEqual(menu('nanna', '2026-11-24'));
    expect(menu('nanna', '2026-11-23')).not.toEqual(menu('omni', '2026-11-23'));
    expect(menu('nanna', '2026-11-23')).not.toEqual(menuOn(restaurant('nanna'), '2026-11-23', 2));
  });

  it('stay empty in the restaurants without a parser', () => {
    expect(menu('jorpes', '2026-11-23')).toEqual([]);
  });
});

describe('weekends', () => {
  it('keep the weekly list of elma and svarta, which is one list from Monday to Sunday', () => {
    for (const identifier of ['elma', 'svarta']) {
      expect(menu(identifier, '2026-11-23')).not.toEqual([]);
      expect(menu(identifier, '2026-11-29')).toEqual(menu(identifier, '2026-11-23'));
      expect(menu(identifier, '2026-11-30')).not.toEqual(menu(identifier, '2026-11-29'));
    }
  });

  it("answer Monday's dishes for jons", () => {
    expect(menu('jons', '2026-11-28')).toEqual(menu('jons', '2026-11-23'));
    expect(menu('jons', '2026-11-27')).not.toEqual(menu('jons', '2026-11-23'));
  });

  it('are empty everywhere else', () => {
    for (const identifier of ['bikupan', 'dufva', 'hubben', 'nanna', 'omni', 'rudbeck']) {
      expect(menu(identifier, '2026-11-28')).toEqual([]);
    }
  });
});

describe('holidays', () => {
  const others = ['bikupan', 'dufva', 'hubben', 'jons', 'nanna', 'omni'];

  it('make rudbeck say four times on Easter Monday that no meals are served', () => {
    expect(menu('rudbeck', '2026-04-06')).toEqual(Array(4).fill('Inga måltider serveras'));
  });

  it.each([
    ['2026-04-03', 'Långfredag STÄNGT'],
    ['2026-04-06', 'Glad påsk!'],
    ['2026-05-14', 'Kristi himmelsfärdsdag'],
    ['2025-06-06', 'Sveriges nationaldag. Restaurangen är stängd.'],
    ['2026-06-19', 'Stängt'],
    ['2026-12-24', 'Stängt'],
    ['2026-12-31', 'Stängt'],
  ])('leave on %s nothing but the notice "%s" or an empty menu', (date, notice) => {
    const menus = others.map((identifier) => menu(identifier, date));
    expect(menus).toContainEqual([notice]);
    expect(new Set(menus.flat())).toEqual(new Set([notice]));
  });

  it('leave some menus empty', () => {
    expect(others.map((identifier) => menu(identifier, '2026-04-03').length)).toContain(0);
  });

  it('leave the weekly dishes of elma and svarta as they are', () => {
    expect(menu('elma', '2026-04-03')).toEqual(menu('elma', '2026-03-30'));
    expect(menu('svarta', '2026-12-24')).toEqual(menu('svarta', '2026-12-23'));
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  dayOff,
  endOfStockholmDay,
  holidaysOf,
  nextLunchDate,
  nextWarmingAt,
  stockholmDate,
  utcDate,
} from '../../src/restaurants/calendar.ts';

const at = (text: string) => Date.parse(text);

/** Public holidays and eves by year, from the almanac (Easter Sunday, Midsummer's Day, All Saints' Day). */
const ALMANAC: Record<number, [easter: string, midsummer: string, allSaints: string]> = {
  2024: ['2024-03-31', '2024-06-22', '2024-11-02'],
  2025: ['2025-04-20', '2025-06-21', '2025-11-01'],
  2026: ['2026-04-05', '2026-06-20', '2026-10-31'],
  2027: ['2027-03-28', '2027-06-26', '2027-11-06'],
  2028: ['2028-04-16', '2028-06-24', '2028-11-04'],
  2029: ['2029-04-01', '2029-06-23', '2029-11-03'],
  2030: ['2030-04-21', '2030-06-22', '2030-11-02'],
};

const plusDays = (date: string, days: number) => utcDate(at(date) + days * 86_400_000);

function holidaysInAlmanac(year: number): string[] {
  const [easter, midsummer, allSaints] = ALMANAC[year] ?? ['', '', ''];
  const moving = [-2, 0, 1, 39, 49].map((days) => plusDays(easter, days));
  const fixed = ['01-01', '01-06', '05-01', '06-06', '12-24', '12-25', '12-26', '12-31'].map((day) => `${year}-${day}`);
  return [...new Set([...moving, ...fixed, plusDays(midsummer, -1), midsummer, allSaints])].sort();
}

describe('the calendar', () => {
  it.each(Object.keys(ALMANAC).map(Number))('knows every public holiday of %i, and no other', (year) => {
    expect([...holidaysOf(year).keys()].sort()).toEqual(holidaysInAlmanac(year));
  });

  it.each(Object.keys(ALMANAC).map(Number))('tells for every day of %i whether lunch is served', (year) => {
    const holidays = holidaysInAlmanac(year);
    for (let date = `${year}-01-01`; date.startsWith(String(year)); date = plusDays(date, 1)) {
      const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
      const expected = holidays.includes(date) ? 'public_holiday' : weekday % 6 === 0 ? 'weekend' : undefined;
      expect([date, dayOff(date)?.reason]).toEqual([date, expected]);
    }
  });

  it.each([
    ['2026-01-01', 'Nyårsdagen'],
    ['2026-01-06', 'Trettondedag jul'],
    ['2026-04-03', 'Långfredagen'],
    ['2026-04-05', 'Påskdagen'],
    ['2026-04-06', 'Annandag påsk'],
    ['2026-05-01', 'Första maj'],
    ['2026-05-14', 'Kristi himmelsfärdsdag'],
    ['2026-05-24', 'Pingstdagen'],
    ['2026-06-06', 'Sveriges nationaldag'],
    ['2026-06-19', 'Midsommarafton'],
    ['2026-06-20', 'Midsommardagen'],
    ['2026-10-31', 'Alla helgons dag'],
    ['2026-12-24', 'Julafton'],
    ['2026-12-25', 'Juldagen'],
    ['2026-12-26', 'Annandag jul'],
    ['2026-12-31', 'Nyårsafton'],
    ['2008-05-01', 'Första maj'],
  ])('names %s %s', (date, holiday) => {
    expect(dayOff(date)).toEqual({ reason: 'public_holiday', holiday });
  });

  /** The earliest and the latest there can be, and the exceptions of 1954 and 1981. */
  it.each([
    '1598-03-22',
    '1666-04-25',
    '1734-04-25',
    '1818-03-22',
    '1886-04-25',
    '1954-04-18',
    '1981-04-19',
    '2008-03-23',
    '2038-04-25',
    '2285-03-22',
  ])('has Easter on %s', (date) => {
    expect(dayOff(date)).toEqual({ reason: 'public_holiday', holiday: 'Påskdagen' });
  });

  it.each([
    ['2026-11-23T22:59:59.999Z', '2026-11-23', '2026-11-23T23:00:00.000Z'],
    ['2026-11-23T23:00:00.000Z', '2026-11-24', '2026-11-24T23:00:00.000Z'],
    ['2026-07-01T21:59:59.999Z', '2026-07-01', '2026-07-01T22:00:00.000Z'],
    ['2026-03-29T00:30:00.000Z', '2026-03-29', '2026-03-29T22:00:00.000Z'], // the day of 23 hours
    ['2026-03-28T22:30:00.000Z', '2026-03-28', '2026-03-28T23:00:00.000Z'],
    ['2026-10-25T00:30:00.000Z', '2026-10-25', '2026-10-25T23:00:00.000Z'], // the day of 25 hours
    ['2026-10-24T22:30:00.000Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
  ])('takes %s for %s in Stockholm, a day that ends at %s', (moment, date, end) => {
    expect(stockholmDate(at(moment))).toBe(date);
    expect(new Date(endOfStockholmDay(at(moment))).toISOString()).toBe(end);
  });

  it('finds the next day with lunch past weekends and holidays', () => {
    expect(nextLunchDate('2026-11-23')).toBe('2026-11-23');
    expect(nextLunchDate('2026-11-28')).toBe('2026-11-30');
    expect(nextLunchDate('2026-04-03')).toBe('2026-04-07');
  });

  it.each([
    ['2026-11-23T00:00:00Z', '2026-11-23T04:05:00.000Z'],
    ['2026-11-23T04:05:00Z', '2026-11-23T09:30:00.000Z'],
    ['2026-11-23T09:29:59Z', '2026-11-23T09:30:00.000Z'],
    ['2026-11-23T09:30:00Z', '2026-11-24T04:05:00.000Z'],
    ['2026-07-01T03:00:00Z', '2026-07-01T03:05:00.000Z'], // summer time
    ['2026-04-02T09:00:00Z', '2026-04-07T03:05:00.000Z'], // past Easter
  ])('warms up after %s at %s: before lunch, on days with lunch', (now, next) => {
    expect(new Date(nextWarmingAt(at(now))).toISOString()).toBe(next);
  });
});

import { describe, expect, it } from '@jest/globals';
import { holidayOn, isWeekend, mondayOf, utcDate } from '../src/calendar.ts';

describe('the calendar', () => {
  it('takes the date in UTC for today, also after midnight in Stockholm', () => {
    expect(utcDate(Date.parse('2026-11-24T00:30:00+01:00'))).toBe('2026-11-23');
    expect(utcDate(Date.parse('2026-11-24T01:00:00+01:00'))).toBe('2026-11-24');
  });

  it('knows weekends and the Monday of a week, across the end of a year too', () => {
    expect(['2026-11-27', '2026-11-28', '2026-11-29', '2026-11-30'].map(isWeekend)).toEqual([false, true, true, false]);
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
    expect(mondayOf('2027-01-01')).toBe('2026-12-28');
  });

  it.each([
    ['2026-01-01', 'Nyårsdagen'],
    ['2026-01-06', 'Trettondedag jul'],
    ['2026-04-03', 'Långfredagen'],
    ['2026-04-06', 'Annandag påsk'],
    ['2021-04-05', 'Annandag påsk'],
    ['2038-04-26', 'Annandag påsk'], // the latest Easter there can be
    ['2026-05-01', 'Första maj'],
    ['2026-05-14', 'Kristi himmelsfärdsdag'],
    ['2026-06-06', 'Sveriges nationaldag'],
    ['2026-06-19', 'Midsommarafton'],
    ['2027-06-25', 'Midsommarafton'],
    ['2026-10-31', 'Alla helgons dag'],
    ['2026-12-24', 'Julafton'],
    ['2026-12-31', 'Nyårsafton'],
  ])('calls %s %s', (date, name) => {
    expect(holidayOn(date)).toBe(name);
  });

  it('knows no holiday on an ordinary weekday, nor on a bridge day', () => {
    expect(holidayOn('2026-11-23')).toBeUndefined();
    expect(holidayOn('2026-05-15')).toBeUndefined();
  });
});

/**
 * The days as the service sees them: it has no time zone of its own and takes the date in UTC for today, so between
 * midnight in Stockholm and midnight UTC it is still in yesterday.
 * Dates are written `2026-11-23`; the holidays are those on which Swedish lunch restaurants close.
 */
import { Temporal } from 'temporal-polyfill';

const SATURDAY = 6;

/** The date in UTC at a moment, milliseconds since the epoch. */
export function utcDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function isWeekend(date: string): boolean {
  return Temporal.PlainDate.from(date).dayOfWeek >= SATURDAY;
}

/** The Monday of the ISO week of a date, which may be the date itself. */
export function mondayOf(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

/** The Swedish name of the holiday on a date: the public ones and the three eves that everybody takes off. */
export function holidayOn(date: string): string | undefined {
  const day = Temporal.PlainDate.from(date);
  return FIXED_HOLIDAYS[date.slice(5)] ?? movingHolidays(day.year).get(date);
}

const FIXED_HOLIDAYS: Readonly<Record<string, string>> = {
  '01-01': 'Nyårsdagen',
  '01-06': 'Trettondedag jul',
  '05-01': 'Första maj',
  '06-06': 'Sveriges nationaldag',
  '12-24': 'Julafton',
  '12-25': 'Juldagen',
  '12-26': 'Annandag jul',
  '12-31': 'Nyårsafton',
};

function movingHolidays(year: number): ReadonlyMap<string, string> {
  const easter = easterOf(year);
  const midsummer = saturdayFrom(Temporal.PlainDate.from({ year, month: 6, day: 20 }));
  const days: ReadonlyArray<readonly [Temporal.PlainDate, string]> = [
    [easter.subtract({ days: 2 }), 'Långfredagen'],
    [easter, 'Påskdagen'],
    [easter.add({ days: 1 }), 'Annandag påsk'],
    [easter.add({ days: 39 }), 'Kristi himmelsfärdsdag'],
    [easter.add({ days: 49 }), 'Pingstdagen'],
    [midsummer.subtract({ days: 1 }), 'Midsommarafton'],
    [midsummer, 'Midsommardagen'],
    [saturdayFrom(Temporal.PlainDate.from({ year, month: 10, day: 31 })), 'Alla helgons dag'],
  ];
  return new Map(days.map(([day, name]) => [day.toString(), name]));
}

function saturdayFrom(day: Temporal.PlainDate): Temporal.PlainDate {
  return day.add({ days: (SATURDAY - day.dayOfWeek + 7) % 7 });
}

/** Gregorian Easter by Gauss's rule in Lichtenberg's form, which needs no table of exceptions. */
function easterOf(year: number): Temporal.PlainDate {
  const century = Math.floor(year / 100);
  const moonCorrection = 15 + Math.floor((3 * century + 3) / 4) - Math.floor((8 * century + 13) / 25);
  const sunCorrection = 2 - Math.floor((3 * century + 3) / 4);
  const lunar = year % 19;
  const fullMoonSeed = (19 * lunar + moonCorrection) % 30;
  const calendarFix = Math.floor((fullMoonSeed + Math.floor(lunar / 11)) / 29);
  const fullMoon = 21 + fullMoonSeed - calendarFix;
  const firstSunday = 7 - ((year + Math.floor(year / 4) + sunCorrection) % 7);
  const daysToSunday = 7 - ((fullMoon - firstSunday) % 7);
  return Temporal.PlainDate.from({ year, month: 3, day: 1 }).add({ days: fullMoon + daysToSunday - 1 });
}

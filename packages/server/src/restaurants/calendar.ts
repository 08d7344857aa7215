/**
 * The day in Stockholm: its date, its end, weekends and Swedish public holidays for any year.
 * Pure: moments come in as milliseconds since the epoch. Holidays are those on which lunch restaurants close: the public
 * ones of lag (1989:253) and the three eves that everybody takes off (midsommarafton, julafton, nyårsafton).
 */
import { Temporal } from 'temporal-polyfill';

const TIME_ZONE = 'Europe/Stockholm';

const atStockholm = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(TIME_ZONE);

interface Day {
  readonly date: string;
  /** Its first moment. */
  readonly from: number;
  /** The first moment of the next. */
  readonly to: number;
}

function dayAt(at: number): Day {
  const day = atStockholm(at).toPlainDate();
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(TIME_ZONE).epochMilliseconds;
  return { date: day.toString(), from: startOf(day), to: startOf(day.add({ days: 1 })) };
}

/** Whoever asks asks of today, many times for every request. */
let lastDay: Day = { date: '', from: 0, to: 0 };

function stockholmDay(at: number): Day {
  if (!(at >= lastDay.from && at < lastDay.to)) lastDay = dayAt(at);
  return lastDay;
}

/** The date in Stockholm at a moment, as `2026-11-23`. */
export const stockholmDate = (at: number): string => stockholmDay(at).date;

/** The hour of the day in Stockholm, 0 to 23. */
export function stockholmHour(at: number): number {
  return atStockholm(at).hour;
}

/** The moment at which the day in Stockholm ends. Days of 23 and 25 hours are right. */
export const endOfStockholmDay = (at: number): number => stockholmDay(at).to;

/** The moment at which the clocks in Stockholm show `time` (`11:00`) on `date`. */
export function stockholmMoment(date: string, time: string): number {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(TIME_ZONE).epochMilliseconds;
}

/** The date in UTC at a moment: the day that the upstream takes for today. */
export function utcDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Why nobody serves lunch on a date, or undefined on an ordinary weekday. */
export type DayOff = { readonly reason: 'public_holiday'; readonly holiday: string } | { readonly reason: 'weekend' };

/** A holiday that falls on a weekend is told by its name. */
export function dayOff(date: string): DayOff | undefined {
  if (lastOff.date !== date) lastOff = { date, off: dayOffOf(date) };
  return lastOff.off;
}

let lastOff: { readonly date: string; readonly off: DayOff | undefined } = { date: '', off: undefined };

function dayOffOf(date: string): DayOff | undefined {
  const day = Temporal.PlainDate.from(date);
  const holiday = holidaysOf(day.year).get(date);
  if (holiday !== undefined) return { reason: 'public_holiday', holiday };
  return day.dayOfWeek >= 6 ? { reason: 'weekend' } : undefined;
}

/** The first date from `date` on, itself included, on which lunch is served. */
export function nextLunchDate(date: string): string {
  let day = Temporal.PlainDate.from(date);
  while (dayOff(day.toString())) day = day.add({ days: 1 });
  return day.toString();
}

/** When the day's menus are there for certain, and shortly before lunch. */
const WARMING_TIMES = ['05:05', '10:30'];

/** The next moment after `now` at which menus are worth loading before anybody asks: only on days with lunch. */
export function nextWarmingAt(now: number): number {
  const date = nextLunchDate(stockholmDate(now));
  const later = WARMING_TIMES.map((time) => stockholmMoment(date, time)).find((at) => at > now);
  return later ?? nextWarmingAt(endOfStockholmDay(now));
}

const FIXED_HOLIDAYS: ReadonlyArray<readonly [monthAndDay: string, name: string]> = [
  ['01-01', 'Nyårsdagen'],
  ['01-06', 'Trettondedag jul'],
  ['05-01', 'Första maj'],
  ['06-06', 'Sveriges nationaldag'],
  ['12-24', 'Julafton'],
  ['12-25', 'Juldagen'],
  ['12-26', 'Annandag jul'],
  ['12-31', 'Nyårsafton'],
];

const EASTER_HOLIDAYS: ReadonlyArray<readonly [daysAfterEaster: number, name: string]> = [
  [-2, 'Långfredagen'],
  [0, 'Påskdagen'],
  [1, 'Annandag påsk'],
  [39, 'Kristi himmelsfärdsdag'],
  [49, 'Pingstdagen'],
];

/** The holidays of a year, by date. */
export function holidaysOf(year: number): ReadonlyMap<string, string> {
  const easter = easterOf(year);
  const midsummer = firstOnOrAfter(Temporal.PlainDate.from({ year, month: 6, day: 20 }), SATURDAY);
  const moving = [
    ...EASTER_HOLIDAYS.map(([days, name]) => [easter.add({ days }), name] as const),
    [midsummer.subtract({ days: 1 }), 'Midsommarafton'] as const,
    [midsummer, 'Midsommardagen'] as const,
    [firstOnOrAfter(Temporal.PlainDate.from({ year, month: 10, day: 31 }), SATURDAY), 'Alla helgons dag'] as const,
  ];
  return new Map([
    // the moving ones first: a fixed day that coincides (1 May and Ascension in 2008) keeps its own name
    ...moving.map(([day, name]) => [day.toString(), name] as const),
    ...FIXED_HOLIDAYS.map(([monthAndDay, name]) => [`${year}-${monthAndDay}`, name] as const),
  ]);
}

const SATURDAY = 6;

function firstOnOrAfter(day: Temporal.PlainDate, dayOfWeek: number): Temporal.PlainDate {
  return day.add({ days: (dayOfWeek - day.dayOfWeek + 7) % 7 });
}

/** Gregorian Easter, the anonymous algorithm as corrected in Meeus, Astronomical Algorithms (1991), chapter 8. */
function easterOf(year: number): Temporal.PlainDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const correction = Math.floor((century + 8) / 25);
  const epact =
    (19 * golden + century - Math.floor(century / 4) - Math.floor((century - correction + 1) / 3) + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const monthAndDay = epact + weekday - 7 * shift + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(monthAndDay / 31), day: (monthAndDay % 31) + 1 });
}

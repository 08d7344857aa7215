/**
 * Dates and times of day in Stockholm, where the restaurants are. By the rule of the European Union, since `Intl` with a
 * time zone takes 15 ms to load; a test compares the two for every hour of thirty years.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** Whether it is a moment that can be told: in milliseconds since the epoch, before the year 10000. */
export const isMoment = (at: number): boolean => at >= 0 && at < Date.UTC(9999, 11, 31);

/** The date, as `2026-11-24`. */
export function stockholmDate(now: number): string {
  return local(now).slice(0, 10);
}

/** The time of day of an ISO 8601 moment, as `11:02`; undefined for what is none. */
export function stockholmTime(moment: string): string | undefined {
  const at = Date.parse(moment);
  return isMoment(at) ? local(at).slice(11, 16) : undefined;
}

/** `2026-11-24` as `Tuesday 24 November`; undefined for what is no date. */
export function dayInWords(date: string): string | undefined {
  const day = new Date(/^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T00:00:00Z` : Number.NaN);
  if (Number.isNaN(day.getTime())) return undefined;
  return `${WEEKDAYS[day.getUTCDay()]} ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

function local(at: number): string {
  return new Date(at + (isSummer(at) ? 2 : 1) * HOUR).toISOString();
}

/** From the last Sunday of March to that of October, both at 01:00 UTC (Directive 2000/84/EC). */
function isSummer(at: number): boolean {
  const year = new Date(at).getUTCFullYear();
  const change = (month: number) => {
    const last = Date.UTC(year, month, 31);
    return last - new Date(last).getUTCDay() * DAY + HOUR;
  };
  return at >= change(2) && at < change(9);
}

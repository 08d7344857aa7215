import { dayOff, nextLunchDate, stockholmDate, stockholmHour, stockholmMoment } from '@lunch-relay/server';

/** The hour from which the upstream's dishes are today's for certain, summer and winter. */
const FIRST_HOUR = 5;

/**
 * What time simulator and relay take it for: now, or on a day without lunch, or before there are menus of today, the next
 * weekday at 11:00 in Stockholm; `said` is then the line that tells so.
 */
export function demoClock(now: number): { readonly offsetMs: number; readonly said?: string } {
  const date = stockholmDate(now);
  if (!dayOff(date) && stockholmHour(now) >= FIRST_HOUR) return { offsetMs: 0 };
  const lunchDate = nextLunchDate(date);
  const said = `No lunch at this hour: simulator and relay take it for ${lunchDate}, 11:00 in Stockholm.`;
  return { offsetMs: stockholmMoment(lunchDate, '11:00') - now, said };
}

/**
 * Which days a notice speaks of. Restaurants announce a closing days ahead, and a day that was announced is not today:
 * whoever reads `Stängt på fredag` on a Tuesday gets lunch. Pure.
 */
import { Temporal } from 'temporal-polyfill';
import { hasPhrase, isNumber, monthOf, phrases, vocabulary, weekdayOf } from './wording.ts';

/** `unsaid` where no day is named; `other` also where a day is named and today's date is not known. */
export type DaysMeant = 'unsaid' | 'today' | 'other';

const TODAY = phrases('idag|i dag|today|nu|now|för dagen');
const OTHER_DAYS = phrases(
  'imorgon|i morgon|tomorrow|i övermorgon|igår|i går|helger|helgen|helgerna|på helgen|weekends|röda dagar|helgdagar|storhelger|kvällar|kvällstid|på kvällen|evenings|nästa vecka|next week',
);
const WEEK = vocabulary('v vecka veckan veckorna veckor week weeks');
const UNTIL = vocabulary('till tom tills until through');
/** Until the end of it: `till fredag` may be open on Friday. */
const THROUGH = phrases('tom|till och med|through');
const FROM = vocabulary('från fr from fom');
const TO = vocabulary('till tom tills until through och and to');

/** Whether words of a notice mean the day `date` (`2026-11-23`). */
export function daysMeant(text: string, words: readonly string[], date?: string): DaysMeant {
  if (hasPhrase(words, TODAY)) return 'today';
  if (hasPhrase(words, OTHER_DAYS)) return 'other';
  const today = date === undefined ? undefined : Temporal.PlainDate.from(date);
  return (
    datesMeant(text, words, today) ??
    weeksMeant(words, today) ??
    weekdaysMeant(words, today) ??
    monthsMeant(words, today) ??
    'unsaid'
  );
}

const todayIf = (isToday: boolean): DaysMeant => (isToday ? 'today' : 'other');

/** An end without a beginning: it has begun already. */
const isUntil = (named: readonly number[], words: readonly string[]) =>
  named.length === 1 && words.some((word) => UNTIL.has(word));

/** Over New Year the last is less than the first. */
const isBetween = (first: number, last: number, now: number) =>
  first <= last ? first <= now && now <= last : now >= first || now <= last;

function datesMeant(text: string, words: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const dates = [...namedDates(words), ...numberedDates(text)];
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (today === undefined) return isUntil(dates, words) ? 'unsaid' : 'other';
  const now = today.month * 100 + today.day;
  if (isUntil(dates, words)) return todayIf((last - now + 1200) % 1200 <= 600);
  if (dates.length === 1 && words.some((word) => FROM.has(word))) return todayIf((now - first + 1200) % 1200 <= 600);
  if (dates.length === 1) return todayIf(now === first);
  return todayIf(isBetween(first, last, now));
}

/** `24-26 december` gives two dates, as month times 100 plus day. */
function namedDates(words: readonly string[]): number[] {
  const dates: number[] = [];
  let days: number[] = [];
  for (const [index, word] of words.entries()) {
    const month = monthOf(word, words[index - 1]);
    if (isNumber(word)) days.push(Number(word));
    else if (month > 0) {
      // `December 24-26`
      if (days.length === 0)
        days = words
          .slice(index + 1, index + 3)
          .filter(isNumber)
          .map(Number);
      dates.push(...days.filter((day) => day >= 1 && day <= 31).map((day) => month * 100 + day));
      days = [];
    } else if (!TO.has(word) && !['e', 'a', 'den'].includes(word)) days = [];
  }
  return dates;
}

/** `24/12-6/1`. */
function numberedDates(text: string): number[] {
  return [...text.matchAll(/(?<!\p{N})(\d{1,2})\/(\d{1,2})(?!\p{N})/gu)].map(
    ([, day, month]) => Number(month) * 100 + Number(day),
  );
}

/** Weeks and months are announced while they last, mostly: without today's date they are believed. */
function weeksMeant(words: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const at = words.findIndex((word, index) => WEEK.has(word) && isNumber(words[index + 1] ?? ''));
  if (at === -1) return undefined;
  if (today === undefined) return 'unsaid';
  const weeks = words
    .slice(at + 1, at + 5)
    .filter(isNumber)
    .map(Number);
  const first = weeks[0] ?? 0;
  const last = weeks.at(-1) ?? first;
  const now = today.weekOfYear ?? 0;
  return todayIf(isBetween(first, last, now));
}

function weekdaysMeant(words: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const days = words.map(weekdayOf).filter((day) => day > 0);
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (today === undefined) return isUntil(days, words) ? 'unsaid' : 'other';
  if (isUntil(days, words)) return untilMeant(today.dayOfWeek === first, words);
  return todayIf(days.includes(today.dayOfWeek) || (first < today.dayOfWeek && today.dayOfWeek < last));
}

/** Of a weekday or month alone nobody can tell how far off it is: the notice is believed before it. */
function untilMeant(isNow: boolean, words: readonly string[]): DaysMeant {
  if (!isNow) return 'unsaid';
  return todayIf(hasPhrase(words, THROUGH));
}

function monthsMeant(words: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const months = words.map((word, index) => monthOf(word, words[index - 1])).filter((month) => month > 0);
  const [first] = months;
  const last = months.at(-1);
  if (first === undefined || last === undefined || today === undefined) return undefined;
  if (isUntil(months, words)) return untilMeant(today.month === first, words);
  return todayIf(isBetween(first, last, today.month));
}

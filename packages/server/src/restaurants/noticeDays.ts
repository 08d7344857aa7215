/**
 * Which days a notice speaks of. Restaurants announce a closing days ahead, and a day that was announced is not today:
 * whoever reads `Stängt på fredag` on a Tuesday gets lunch. Pure.
 */
import { Temporal } from 'temporal-polyfill';
import { hasPhrase, isNumber, isWord, monthOf, phrases, vocabulary, weekdayOf } from './wording.ts';

/** `unsaid` where no day is named; `other` also where a day is named and today's date is not known. */
export type DaysMeant = 'unsaid' | 'today' | 'other';

/** A date (month times 100 plus day), week, weekday or month, and which token of the notice names it. */
interface Named {
  readonly value: number;
  readonly at: number;
}

const TODAY = phrases('idag|i dag|today|för dagen');
const NOW = vocabulary('nu now');
/** `Nu på fredag`, `nu till jul`: the day follows. */
const BEFORE_A_DAY = vocabulary('på i till under från fram on in until from');
const OTHER_DAYS = phrases(
  'imorgon|i helg|på helg|varje helg|stängt helg|i morgon|tomorrow|i övermorgon|igår|i går|helger|helgen|helgerna|på helgen|weekends|röda dagar|helgdagar|storhelger|kvällar|kvällstid|på kvällen|evenings|nästa vecka|next week',
);
const WEEK = vocabulary('v vecka veckan veckorna veckor week weeks');
const UNTIL = vocabulary('till tom tills until through');
/** Until the end of it: `till fredag` may be open on Friday. */
const THROUGH = vocabulary('tom through');
const FROM = vocabulary('från fr from fom sedan since');
/** It has begun, whatever the weekday. */
const SINCE = vocabulary('sedan since');
const BETWEEN = vocabulary('mellan between');
const AND = vocabulary('och and samt');
const TO = vocabulary('till tom tills until through to');
/** What may stand between the days of one month: `den 24:e och den 26:e december`. */
const OF_DATES = vocabulary('e a den th st nd rd of the / , & +');
const ORDINALS = vocabulary('e a th st nd rd');

/** Whether a notice, as tokens, means the day `date` (`2026-11-23`). */
export function daysMeant(spoken: readonly string[], date?: string): DaysMeant {
  const words = spoken.filter(isWord);
  if (hasPhrase(words, TODAY) || isNow(spoken)) return 'today';
  if (hasPhrase(words, OTHER_DAYS)) return 'other';
  const today = date === undefined ? undefined : Temporal.PlainDate.from(date);
  const tokens = today ? withWeekAsDate(spoken, today) : spoken;
  return (
    datesMeant(tokens, today) ??
    weeksMeant(tokens, today) ??
    weekdaysMeant(tokens, today) ??
    monthsMeant(tokens, today) ??
    'unsaid'
  );
}

/** Whether the first day that a reopening, as tokens, names has come on `date`; of what names none, or undated, false. */
export function hasCome(tokens: readonly string[], date?: string): boolean {
  if (date === undefined) return false;
  const today = Temporal.PlainDate.from(date);
  const isWithinHalf = ([first]: readonly Named[], now: number, perYear: number) =>
    first && (now - first.value + perYear) % perYear <= perYear / 2;
  return (
    isWithinHalf(datesIn(tokens, today), today.month * 100 + today.day, 1200) ??
    isWithinHalf(namedWeeks(tokens), today.weekOfYear ?? 0, 52) ??
    isWithinHalf(namedBy(tokens, monthOf), today.month, 12) ??
    namedBy(tokens, weekdayOf)[0]?.value === today.dayOfWeek
  );
}

const isNow = (tokens: readonly string[]) =>
  tokens.some((token, index) => {
    const next = tokens[index + 1] ?? '';
    return NOW.has(token) && !BEFORE_A_DAY.has(next) && weekdayOf(next) === 0 && !isNumber(next);
  });

const todayIf = (isToday: boolean): DaysMeant => (isToday ? 'today' : 'other');

function datesMeant(tokens: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const dates = datesIn(tokens, today);
  if (dates.length === 0) return undefined;
  if (today === undefined) return endOf(dates, tokens) ? 'unsaid' : 'other';
  return meantInTurn(dates, tokens, today.month * 100 + today.day, 1200);
}

/** Weeks and months are announced while they last, mostly: without today's date they are believed. */
function weeksMeant(tokens: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const weeks = namedWeeks(tokens);
  if (weeks.length === 0) return undefined;
  if (today === undefined) return 'unsaid';
  const meant = meantInTurn(weeks, tokens, today.weekOfYear ?? 0, 52);
  // `måndag v 28` is that Monday
  return meant === 'today' && weeks.length === 1 ? (weekdaysMeant(tokens, today) ?? meant) : meant;
}

function weekdaysMeant(tokens: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const days = namedBy(tokens, weekdayOf);
  if (days.length === 0) return undefined;
  const end = endOf(days, tokens);
  if (today === undefined) return end ? 'unsaid' : 'other';
  if (end) return believedUntil(end, today.dayOfWeek, tokens);
  const [first] = days;
  if (first && days.length === 1 && isSaidOf(first, tokens, FROM))
    return todayIf(today.dayOfWeek >= first.value || isSaidOf(first, tokens, SINCE));
  return todayIf(isIn(days, tokens, today.dayOfWeek));
}

function monthsMeant(tokens: readonly string[], today?: Temporal.PlainDate): DaysMeant | undefined {
  const months = namedBy(tokens, monthOf);
  if (months.length === 0 || today === undefined) return undefined;
  const end = endOf(months, tokens);
  return end ? believedUntil(end, today.month, tokens) : meantInTurn(months, tokens, today.month, 12);
}

/** Of a weekday or month alone nobody can tell how far off it is: the notice is believed before it. */
function believedUntil(end: Named, now: number, tokens: readonly string[]): DaysMeant {
  if (now !== end.value) return 'unsaid';
  return todayIf(isSaidOf(end, tokens, THROUGH));
}

/** Of what comes round every year: an end or a beginning reaches half a year. */
function meantInTurn(named: readonly Named[], tokens: readonly string[], now: number, perYear: number): DaysMeant {
  const end = endOf(named, tokens);
  if (end?.value === now) return todayIf(isSaidOf(end, tokens, THROUGH));
  if (end) return todayIf((end.value - now + perYear) % perYear <= perYear / 2);
  const [first] = named;
  if (first && named.length === 1 && isSaidOf(first, tokens, FROM))
    return todayIf((now - first.value + perYear) % perYear <= perYear / 2);
  return todayIf(isIn(named, tokens, now));
}

/** An end without a beginning, of whatever kind: it has begun already. */
function endOf(named: readonly Named[], tokens: readonly string[]): Named | undefined {
  const [only] = named;
  if (only === undefined || named.length > 1) return undefined;
  const until = placeBefore(only, tokens, UNTIL);
  return until === -1 || tokens.slice(0, until).some(isName) ? undefined : only;
}

const isName = (token: string, index: number, tokens: readonly string[]) =>
  isNumber(token) || weekdayOf(token) > 0 || monthOf(token, tokens[index - 1]) > 0;

/** `t.o.m. söndag den 6 januari` */
const MOST_BEFORE_A_NAME = 3;

const isSaidOf = (named: Named, tokens: readonly string[], said: ReadonlySet<string>) =>
  placeBefore(named, tokens, said) !== -1;

/** Where a word is said shortly before a name, and not of a number between them; -1 if it is not. */
function placeBefore({ at }: Named, tokens: readonly string[], said: ReadonlySet<string>): number {
  const from = Math.max(0, at - MOST_BEFORE_A_NAME);
  const place = tokens.slice(from, at).findLastIndex((token) => said.has(token) || isNumber(token));
  return place !== -1 && said.has(tokens[from + place] ?? '') ? from + place : -1;
}

/** Whether `now` is one of a list, or within a span of it: `24-26 och 31 december`. */
function isIn(named: readonly Named[], tokens: readonly string[], now: number): boolean {
  const isBetween = tokens.some((token) => BETWEEN.has(token));
  return named.some(({ value, at }, index) => {
    const before = named[index - 1];
    if (value === now || before === undefined) return value === now;
    const joint = tokens.slice(before.at + 1, at);
    const isList = !isBetween && joint.some((token) => AND.has(token));
    const isSpan = !isList && joint.some((token) => isDash(token) || TO.has(token) || (isBetween && AND.has(token)));
    return isSpan && isWithin(before.value, value, now);
  });
}

/** Over New Year, and over Sunday, the last is less than the first. */
const isWithin = (first: number, last: number, now: number) =>
  first <= last ? first <= now && now <= last : now >= first || now <= last;

const isDash = (token: string) => /^\p{Pd}$/u.test(token);
const isJoint = (token: string) => isDash(token) || TO.has(token) || AND.has(token);

function namedBy(tokens: readonly string[], numberOf: (token: string, before?: string) => number): Named[] {
  return tokens.map((token, at) => ({ value: numberOf(token, tokens[at - 1]), at })).filter(({ value }) => value > 0);
}

/** The dates that are named, and such as `den 27:e`: with no month they are of this one. */
function datesIn(tokens: readonly string[], today?: Temporal.PlainDate): Named[] {
  const dates = namedDates(tokens);
  if (dates.length > 0) return dates;
  const at = tokens.findIndex(
    (token, index) =>
      isShortNumber(token) &&
      (['den', 'the'].includes(tokens[index - 1] ?? '') || ORDINALS.has(tokens[index + 1] ?? '')),
  );
  const days = at === -1 ? [] : numbersBehind(tokens, at - 1, OF_DATES).filter(isDay);
  return days.map((day) => ({ ...day, value: (today?.month ?? 0) * 100 + day.value }));
}

/** `24-26 december` gives two dates, `24-26/12` and `24/12-6/1` too. */
function namedDates(tokens: readonly string[]): Named[] {
  const dates: Named[] = [];
  let days: Named[] = [];
  const giveMonth = (month: number, ofMonth = days) => {
    dates.push(...ofMonth.filter(isDay).map((day) => ({ value: month * 100 + day.value, at: day.at })));
    days = [];
  };
  for (const [at, token] of tokens.entries()) {
    const month = monthOf(token, tokens[at - 1]);
    if (isNumber(token)) {
      if (isNumbered(tokens, at - 2) || isOfWeek(tokens, at)) continue;
      days = isNumber(tokens[at - 1] ?? '') ? [{ value: Number(token), at }] : [...days, { value: Number(token), at }];
      if (isNumbered(tokens, at)) giveMonth(Number(tokens[at + 2]));
    } else if (month > 0) {
      // or `December 24-26`
      giveMonth(month, days.length > 0 ? days : numbersBehind(tokens, at, OF_DATES));
    } else if (!isJoint(token) && !OF_DATES.has(token) && weekdayOf(token) === 0) days = [];
  }
  return dates;
}

/** The numbers of `v 28-31`, unless the last begins a date: `v 52-6/1`. */
function isOfWeek(tokens: readonly string[], at: number): boolean {
  if (WEEK.has(tokens[at - 1] ?? '')) return true;
  const isDate = isNumbered(tokens, at) || monthOf(tokens[at + 1] ?? '', tokens[at]) > 0;
  return !isDate && isDash(tokens[at - 1] ?? '') && WEEK.has(tokens[at - 3] ?? '');
}

/** `v 52 till 6 januari` begins on the Monday of that week, `24/12 till v 2` ends before it, `24/12 - v 1` with it. */
function withWeekAsDate(tokens: readonly string[], today: Temporal.PlainDate): readonly string[] {
  const at = tokens.findIndex((token, index) => WEEK.has(token) && isNumber(tokens[index + 1] ?? ''));
  const dates = at === -1 ? [] : namedDates(tokens);
  if (dates.length === 0) return tokens;
  const [before = '', behind = ''] = [tokens[at - 1], tokens[at + 2]];
  const next = tokens.findIndex((token, index) => index > at + 2 && isNumber(token));
  const isUpTo = (token: string) => isDash(token) || TO.has(token);
  const isBegin = isUpTo(behind) && dates.some((date) => date.at === next);
  const isEnd = isUpTo(before) && dates.some((date) => date.at < at);
  if (!isBegin && !isEnd) return tokens;
  const lastDay = isDash(before) || THROUGH.has(before) ? 6 : -1;
  const day = mondayOf(Number(tokens[at + 1]), today).add({ days: isBegin ? 0 : lastDay });
  return [...tokens.slice(0, at), `${day.day}`, '/', `${day.month}`, ...tokens.slice(at + 2)];
}

/** The Monday of the week that is nearest to today. */
function mondayOf(week: number, today: Temporal.PlainDate): Temporal.PlainDate {
  const weeks = ((week - (today.weekOfYear ?? 0) + 78) % 52) - 26;
  const monday = today.add({ days: 7 * weeks + 1 - today.dayOfWeek });
  // some years have 53
  return monday.weekOfYear === week ? monday : monday.add({ days: weeks < 0 ? -7 : 7 });
}

const isDay = ({ value }: Named) => value >= 1 && value <= 31;

const isShortNumber = (token = '') => isNumber(token) && token.length <= 2;

const isNumbered = (tokens: readonly string[], at: number) =>
  isShortNumber(tokens[at]) && tokens[at + 1] === '/' && isShortNumber(tokens[at + 2]);

function namedWeeks(tokens: readonly string[]): Named[] {
  const at = tokens.findIndex((token, index) => WEEK.has(token) && isNumber(tokens[index + 1] ?? ''));
  return at === -1 ? [] : numbersBehind(tokens, at, WEEK_JOINTS);
}

const WEEK_JOINTS = new Set([...WEEK, '/', ',', '&', '+']);

/** The numbers behind a word, up to another word than those that join them. */
function numbersBehind(tokens: readonly string[], word: number, joints: ReadonlySet<string>): Named[] {
  const behind = tokens.slice(word + 1);
  const end = behind.findIndex((token) => !isNumber(token) && !isJoint(token) && !joints.has(token));
  return behind
    .slice(0, end === -1 ? behind.length : end)
    .map((token, index) => ({ value: Number(token), at: word + 1 + index }))
    .filter(({ at }) => isNumber(tokens[at] ?? ''));
}

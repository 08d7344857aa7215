/**
 * Labels: `Kött: Karré`, `VEG – Gnocchi`, `Fredag 27/11: Lax`, or on a line of their own above the dishes. Promises to take
 * off few words, no figures but those of a date, and before a dash, a price or the mere parts of a dish (`Wallenbergare: mos,
 * ärtor`) only words that are nothing but labels.
 */
import { IN_LABELS, isDietWord } from './dietWords.ts';
import { isOfCalendar } from './subjects.ts';
import { isNumber, isPrice, isWord, monthOf, phrases, tokensIn, vocabulary, weekdayOf, wordsIn } from './wording.ts';

const INTRODUCTIONS = vocabulary('dagens veckans månadens husets alltid todays weekly säsongens');
/** Words that are a label by themselves. */
const KINDS = vocabulary(
  'veg vego vegetarisk vegetariskt vegetariska vegan vegansk veganskt veganska veggie grön grönt gröna kött fisk fågel husman husmanskost green vegetarian meat fish chicken lunch lunchmeny meny menu vegetariskta veganskta',
);
const AFTER_INTRODUCTION = vocabulary(
  'rätt rätter soppa sallad pasta pizza wok gröna klassiker tips special alternativ burgare dish soup salad dishes kyckling lunch husman fisk kött',
);
const JOINTS = vocabulary('och eller samt and or');
const ALTERNATIVE = vocabulary('alternativ alternativet alternative option rätt rätter dish');
const VAGUE = new Set(
  ['dagens', 'veckans', 'månadens'].flatMap((when) =>
    phrases('soppa|sallad|pasta|pizza|wok|burgare|rätt').map((what) => `${when} ${what}`),
  ),
);

interface Labelled {
  readonly label?: string;
  /** The text after the label. */
  readonly rest: string;
}

/** Takes the label off a line. */
export function splitLabel(text: string): Labelled {
  const colon = text.indexOf(':');
  const before = colon === -1 ? '' : text.slice(0, colon).trim();
  const rest = text.slice(colon + 1).trim();
  // `129:-` is a price, and `https://` no label
  if ((isShortLabel(before) || isDay(before)) && rest !== '' && !/^(?:[-–]|\/\/)/u.test(rest) && !isDish(before, rest))
    return { label: before, rest };
  const dash = text.search(/ [-–—|] /u);
  if (dash !== -1 && isBeforeDash(text.slice(0, dash), text.slice(dash + 3)))
    return { label: withoutColon(text.slice(0, dash)), rest: text.slice(dash + 3).trim() };
  return { rest: text };
}

/** `VEG – Gnocchi` and `Fredag 27/11 – Gnocchi`, but not `Mån – fre`. */
const isBeforeDash = (before: string, rest: string) =>
  isKindOfDish(before) || (isDay(before) && !isOfCalendar(wordsIn(rest)[0] ?? ''));

/** Behind a label a dish begins with a capital letter, and is more than a price: else the dish is what stands before. */
const isDish = (before: string, rest: string) =>
  isPrice(rest) ? !isKindOfDish(before) : /^\p{Ll}/u.test(rest) && !isNothingButLabel(before);

/** Whether a whole line is a label. */
export function isLabel(text: string): boolean {
  if (text.endsWith(':') && isShortLabel(text.slice(0, -1).trim())) return true;
  const words = wordsIn(text);
  return isKindOfDish(text) || words.every((word) => weekdayOf(word) > 0);
}

/** `Dagens soppa` with nothing under it is all that the restaurant says of its soup; `Vegetariskt:` says nothing. */
export const isVagueLabel = (text: string) => VAGUE.has(withoutColon(text.toLowerCase()));

const withoutColon = (text: string) => text.replace(/[ :]+$/u, '');

/** At most two words, or four after one such as `Dagens`; no figures. */
function isShortLabel(text: string): boolean {
  const words = text.split(' ');
  if (!words.every((word) => /^[\p{L}\p{M}&/'’+-]+$/u.test(word)) || !/\p{L}/u.test(text)) return false;
  const spoken = wordsIn(text);
  const isIntroduced = INTRODUCTIONS.has(spoken[0] ?? '') || text.toLowerCase().startsWith('this week');
  return words.length <= (isIntroduced ? 4 : 2) || isKindOfDish(text);
}

/** Whether a label tells what kind of dish stands behind it or on which day it is served, and cannot be the dish. */
export const isNothingButLabel = (label: string) =>
  isKindOfDish(label) ||
  isDay(label) ||
  wordsIn(label).every(
    (word) => weekdayOf(word) > 0 || isDietWord(word) || IN_LABELS.has(word) || INTRODUCTIONS.has(word),
  );

/** Whether a text is nothing but a label for a kind of dish: `Kött`, `Dagens soppa`. */
export function isKindOfDish(text: string): boolean {
  const words = wordsIn(text);
  const isIntroduced = INTRODUCTIONS.has(words[0] ?? '') && words[0] !== 'alltid';
  const kinds = isIntroduced ? words.slice(1) : words;
  const [first, second] = kinds;
  if (first === undefined) return false;
  const isKind = (word: string) => KINDS.has(word) || (isIntroduced && AFTER_INTRODUCTION.has(word));
  if (kinds.length === 1) return isKind(first);
  if (kinds.length === 2 && ALTERNATIVE.has(second ?? '')) return KINDS.has(first);
  return (
    kinds.length <= 3 &&
    /[&/]|\p{L}\s\p{L}/u.test(text) &&
    isJoined(kinds, text) &&
    kinds.every((word) => isKind(word) || JOINTS.has(word))
  );
}

const isJoined = (kinds: readonly string[], text: string) =>
  kinds.some((word) => JOINTS.has(word)) || /[&/]/u.test(text);

/** Whether a text is a day or days: `Torsdag`, `Mån-ons`, `Fredag den 27 november`, `Fredag 27/11`, but not `Fredag 11-13`, which tells hours. */
export function isDay(text: string): boolean {
  const tokens = tokensIn(text);
  const words = tokens.filter(isWord);
  const isOfDays = words.some((word) => weekdayOf(word) > 0) && words.every((word) => isOfCalendar(word));
  const isDated = tokens.some((token, at) => token === '/' || monthOf(token, tokens[at - 1]) > 0);
  const numbers = words.filter(isNumber).length;
  return isOfDays && (isDated || numbers <= 1);
}

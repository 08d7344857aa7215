/** Lines that were broken on their way: which lines are the tail of another, and how they are put together again. Pure. */
import type { Line } from './line.ts';
import { isOfCalendar } from './subjects.ts';
import { isOfferOnly } from './terms.ts';
import { isWord, tokensIn, weekdayOf, wordsIn } from './wording.ts';

const WEIGHT = /^(?:ca )?\d+ ?(?:g|gr|gram|kg|ml|cl|dl|st)\.?$/iu;
const TAILS = [
  /^\([^()]*\)[.,]?$/u,
  WEIGHT,
  /^[,;&+/)]/u,
  /^(?:med|och|samt|eller|serveras|serverad|toppad|toppat|inkl|with|and|or|served|on|in|till|av|på|i) /u,
];
/** One or two words in lower case are the tail of a broken line; more may be a dish of somebody without a shift key. */
const WORDS = /^\p{Ll}[\p{L}-]*(?: (?:(?:och|&|samt) )?[\p{Ll}-]+)?[.,!]?$/u;
const OPEN_END = /(?:[,&+–—-]|(?<!\p{L})(?:med|och|samt|eller|i|på|av|till|with|and|or|in|on))$/u;

export const isWeight = (text: string) => WEIGHT.test(text);

const isTail = (text: string) => TAILS.some((pattern) => pattern.test(text));

/** Whether a text looks like the tail of the line before it. */
export const isFragment = (text: string) => isTail(text) || WORDS.test(text);

/** Reads texts, with fragments put to the lines that they belong to; empty lines are left out. */
export function joinFragments(texts: readonly string[], read: (text: string) => Line): Line[] {
  const joined: { text: string; line: Line }[] = [];
  for (const text of texts) {
    const line = read(text);
    const before = joined.at(-1);
    if (line.kind === 'empty') continue;
    if (before && belongsTo(before, line)) joined[joined.length - 1] = join(before, line.clean, read);
    else if (line.kind !== 'fragment') joined.push({ text, line });
    // with no line before it a fragment is a dish if it is a word, and nothing if it is only a weight or a bracket
    else if (/^\p{L}/u.test(text)) joined.push({ text, line: { ...line, kind: 'dish' } });
  }
  return joined.map(({ line }) => line);
}

function belongsTo(before: { text: string; line: Line }, { kind, clean }: Line): boolean {
  if (before.line.closes && (kind === 'terms' || kind === 'label')) return isOfDates(clean);
  if (kind !== 'fragment' || before.line.kind === 'label') return false;
  if (isTail(clean)) return true;
  if (before.line.kind === 'dish') return OPEN_END.test(before.text) || /\p{Lu}/u.test(before.text);
  return OPEN_END.test(before.text) || isOfferOnly(wordsIn(clean));
}

/** `Sommarstängt` and, on the next line, `v 28-31`. A weekday begins a day of the menu, if it begins with a capital. */
const isOfDates = (text: string) =>
  tokensIn(text).every((token) => !isWord(token) || isOfCalendar(token)) &&
  (/^\p{Ll}/u.test(text) || !tokensIn(text).some((token) => weekdayOf(token) > 0));

/** What is not food may be something else with its tail: `Vi har stängt` and `på fredag`. */
function join({ text, line }: { text: string; line: Line }, tail: string, read: (text: string) => Line) {
  const glue = /^[,;).]/u.test(tail) ? '' : ' ';
  const whole = `${text}${glue}${tail}`;
  return { text: whole, line: line.kind === 'dish' ? { ...line, clean: `${line.clean}${glue}${tail}` } : read(whole) };
}

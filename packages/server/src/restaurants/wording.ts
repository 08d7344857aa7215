/**
 * Text as words, so that vocabularies can be Sets instead of long patterns. Promises work linear in the text, and word
 * edges that know å ä ö: `\b` takes them for the end of a word.
 */

/** The words and numbers of a text, in lower case. An apostrophe does not end a word: `today’s` is `todays`. */
export const wordsIn = (text: string): string[] => tokensIn(text).filter(isWord);

/** The words and numbers, and the marks that tell a list from a span: dashes, `/`, `,`, `&`, `+`. */
export const tokensIn = (text: string): string[] => spelledOut(text).match(/[\p{L}\p{M}]+|\p{N}+|[\p{Pd}/,&+]/gu) ?? [];

/** Text in lower case, with its dates in one form, and with abbreviations whose full stops end no sentence. */
export const spelledOut = (text: string): string =>
  withSlashes(text.toLowerCase())
    .replace(/['’]/gu, '')
    .replace(/(?<![\p{L}\p{N}])p\.? ?g\.? ?a(?:\.|(?![\p{L}\p{N}]))/gu, 'pga')
    .replace(/(?<![\p{L}\p{N}])(?:t\.? ?o\.? ?m|till och med)(?:\.|(?![\p{L}\p{N}]))/gu, 'tom')
    .replace(/(?<![\p{L}\p{N}])(?:f\.? ?o\.? ?m|fr[. ] ?o\.? ?m|från och med)(?:\.|(?![\p{L}\p{N}]))/gu, 'fom');

/** Dates in one form: `2026-11-27` and `27.11` are `27/11`; `11.30` is a time. */
const withSlashes = (text: string) =>
  text
    .replace(/(?<!\p{N})\p{N}{4}-(\p{N}{2})-(\p{N}{2})(?!\p{N})/gu, '$2/$1')
    .replace(/(?<![\p{N}.:])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])(?![\p{N}:])/gu, '$1/$2');

export const isWord = (token: string) => /^[\p{L}\p{M}\p{N}]/u.test(token);

/** A vocabulary: words parted by white space. */
export function vocabulary(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/u).filter((word) => word !== ''));
}

/** Phrases parted by `|`, each of one word or more. */
export function phrases(list: string): readonly string[] {
  return list
    .split('|')
    .map((phrase) => phrase.trim().replace(/\s+/gu, ' '))
    .filter((phrase) => phrase !== '');
}

/** Whether any of the phrases is in the words, as whole words. */
export function hasPhrase(words: readonly string[], sought: readonly string[]): boolean {
  const spoken = ` ${words.join(' ')} `;
  return sought.some((phrase) => spoken.includes(` ${phrase} `));
}

/** Whether the words begin with any of the phrases. */
export function beginsWithPhrase(words: readonly string[], sought: readonly string[]): boolean {
  const spoken = `${words.join(' ')} `;
  return sought.some((phrase) => spoken.startsWith(`${phrase} `));
}

export const isNumber = (word: string) => /^\p{N}+$/u.test(word);

/** Whether a text is a price and nothing else: `105 kr`. */
export const isPrice = (text: string) => /^\p{N}+ ?(?:kr|sek|:-|,-)?[.!]?$/iu.test(text);

const WEEKDAYS = [
  vocabulary('måndag måndagen måndags måndagar mån monday mondays mon'),
  vocabulary('tisdag tisdagen tisdags tisdagar tis tuesday tuesdays tue'),
  vocabulary('onsdag onsdagen onsdags onsdagar ons wednesday wednesdays wed'),
  vocabulary('torsdag torsdagen torsdags torsdagar tors tor thursday thursdays thu'),
  vocabulary('fredag fredagen fredags fredagar fre friday fridays fri'),
  vocabulary('lördag lördagen lördags lördagar lör saturday saturdays sat'),
  vocabulary('söndag söndagen söndags söndagar sön sunday sundays sun'),
] as const;

const MONTHS = [
  vocabulary('januari january jan'),
  vocabulary('februari february feb'),
  vocabulary('mars march mar'),
  vocabulary('april apr'),
  vocabulary('maj may'),
  vocabulary('juni june jun'),
  vocabulary('juli july jul'),
  vocabulary('augusti august aug'),
  vocabulary('september sept sep'),
  vocabulary('oktober october okt oct'),
  vocabulary('november nov'),
  vocabulary('december dec'),
] as const;

/** The weekday from 1 (Monday) to 7, or 0. */
export const weekdayOf = (word: string) => WEEKDAYS.findIndex((names) => names.has(word)) + 1;

/** The month from 1 to 12, or 0. `jul` is also Christmas, so it counts as a month only after a number. */
export const monthOf = (word: string, before?: string) =>
  word === 'jul' && !isNumber(before ?? '') ? 0 : MONTHS.findIndex((names) => names.has(word)) + 1;

/**
 * Vegetarian or vegan, only where somebody said so of this dish. A word for the whole dish (in its label, before its
 * name, alone in brackets or at the end) is taken as said; a word for a part of it (`med vegansk majonnäs`) is a guess, as
 * is one beside meat; what is on request, an alternative, or denied counts for nothing. That no such word is there proves
 * nothing, and meat is not reported. Truth goes before coverage.
 */
import {
  ADJECTIVE_ENDING,
  ADJECTIVES,
  BESIDE,
  type Diet,
  dietOfWord,
  IN_LABELS,
  isDietWord,
  leastOf,
  mentionedIn,
  ON_DEMAND,
} from './dietWords.ts';
import { isNothingButLabel } from './labels.ts';
import { isMeat } from './meat.ts';
import { wordsIn } from './wording.ts';

export type { Diet };

export interface DietClaim {
  readonly diet?: Diet;
  readonly dietIsGuess?: true;
}

const ALTERNATIVE = /\/|\||(?<!\p{L})(?:eller|el|alt|alternativt|or|antingen|resp|respektive)(?!\p{L})/u;
const JOINTS = /[&+]|(?<!\p{L})(?:och|and|samt)(?!\p{L})/u;
/** Where the parts of a dish begin, after its name. */
const PARTS = /,|(?<!\p{L})(?:med|i|på|och|samt|till|toppad|toppat|serveras|with|and|in|on|plus|m)(?!\p{L})|[&+]/u;
/** Where a clause ends, whose word is not said of the next. */
const CLAUSES = /;|\.(?=\s|$)| [-–—] |,/u;
const guess = (diet: Diet): DietClaim => ({ diet, dietIsGuess: true });

/** What is said of a dish. */
export function dietOf(dish: string, label?: string): DietClaim {
  const inLabel = labelClaim(label);
  const own = ownClaimUnder(label, dish);
  // both are said, so both hold: vegan is the more exact of them
  if (
    own.diet !== undefined &&
    own.dietIsGuess === undefined &&
    (own.diet === 'vegan' || inLabel.diet === undefined || inLabel.dietIsGuess)
  )
    return own;
  if (inLabel.diet === undefined) return own;
  return hasMeat(wordsIn(dish)) || isDenied(dish) ? guess(inLabel.diet) : inLabel;
}

/** `Ostburgare: Vegansk majonnäs`: the dish may be in the label, and what is said behind it be said of a part. */
function ownClaimUnder(label: string | undefined, dish: string): DietClaim {
  const own = ownClaim(dish);
  if (own.diet === undefined || label === undefined) return own;
  return isNothingButLabel(label) && !hasMeat(wordsIn(label)) ? own : guess(own.diet);
}

/** Green means vegetarian in a label only: `Dagens gröna`, but not `grön curry`. */
const isGreen = (word: string) => /^(?:gröna?|grönt|green)$/u.test(word);

const isOfLabels = (word: string) => isDietWord(word) || isGreen(word) || IN_LABELS.has(word);

function labelClaim(label = ''): DietClaim {
  if (label.trim() === 'V') return guess('vegetarian');
  const words = wordsIn(label);
  const diet = mentionedIn(words) ?? (words.some(isGreen) ? 'vegetarian' : undefined);
  if (diet === undefined || words.some((word) => isMeat(word))) return {};
  const isOnDemand = words.some(
    (word) => ON_DEMAND.has(word) && !IN_LABELS.has(word) && word !== 'eller' && word !== 'or',
  );
  if (isOnDemand || offersBoth(label, ALTERNATIVE)) return {};
  return words.every(isOfLabels) && !offersBoth(label, JOINTS) ? { diet } : guess(diet);
}

/** `Husman/veg` and `Soppa & veg` offer both, `Vegetarisk/vegansk` does not. */
function offersBoth(label: string, joint: RegExp): boolean {
  const sides = label.toLowerCase().split(joint);
  return sides.length > 1 && sides.some((side) => !wordsIn(side).some((word) => isDietWord(word) || isGreen(word)));
}

function ownClaim(dish: string): DietClaim {
  if (dish.includes('?')) return {}; // `Vegetarisk? Fråga oss` asks, and says nothing
  const { outside, brackets } = takeBracketsApart(dish.toLowerCase());
  const [first = '', ...later] = outside.split(CLAUSES);
  const head = upToOnDemand(first);
  if (head === undefined || isAlternative(head)) return {};
  const said = headDiet(head) ?? bracketDiet(dish.toLowerCase()) ?? clauseDiet(later);
  const kept = [head, ...[...later, ...brackets].filter((clause) => !isAboutAnother(clause))];
  if (said !== undefined) return isCertain(head, kept, later) ? { diet: said } : guess(said);
  const mentioned = mentionedIn(wordsIn(kept.join(' ')));
  if (mentioned !== undefined) return guess(mentioned);
  return ONE_LETTER.test(dish) ? guess('vegetarian') : {};
}

const dietIn = (clauses: readonly string[]) => leastOf(wordsIn(clauses.join(' ')));

/** Said alone in a clause, with no more food behind it: `Bönchili med ris, vegansk`. */
const clauseDiet = (clauses: readonly string[]) =>
  dietIn(clauses.filter((clause, index) => isSaidAlone(clause) && !hasFood(clauses.slice(index + 1))));

/** Whether clauses hold more than prices and what may stand beside a word for a diet. */
const hasFood = (clauses: readonly string[]) =>
  clauses.some((clause) => wordsIn(clause).some((word) => !isDietWord(word) && !BESIDE.has(word) && !PRICE.test(word)));
const PRICE = /^(?:\p{N}+|kr|kronor|sek|st)$/u;

/** `(V)` means vegetarian mostly, and vegan to some. */
const ONE_LETTER = /[([] ?(?:[A-ZÅÄÖ]{1,2}, ?)*V(?:, ?[A-ZÅÄÖ]{1,2})* ?[)\]]/u;

function takeBracketsApart(text: string): { outside: string; brackets: string[] } {
  const brackets: string[] = [];
  const outside = text.replace(/[([]([^()[\]]*)[)\]]/gu, (_, inside: string) => {
    brackets.push(inside);
    return ' ';
  });
  return { outside, brackets };
}

/** The clause up to a word such as `kan fås`; undefined where what is before it is itself on demand: `vegansk på begäran`. */
function upToOnDemand(clause: string): string | undefined {
  const words = clause.split(' ');
  const at = words.findIndex((word) =>
    wordsIn(word).some((part) => ON_DEMAND.has(part) && !['eller', 'or', 'alt', 'alternativt'].includes(part)),
  );
  if (at === -1) return clause;
  const backwards = [
    'begäran',
    'önskemål',
    'request',
    'available',
    'option',
    'options',
    'beställning',
    'alternativ',
    'version',
    'order',
  ];
  const isBackwards = words.slice(at).some((word) => wordsIn(word).some((part) => backwards.includes(part)));
  const isSentence = words.slice(at).some((word) => /^(?:kan|går|can|even|även|också|also)$/u.test(word));
  if (!isBackwards || isSentence) return words.slice(0, at).join(' ');
  return undefined;
}

/** A choice between dishes of which not each is said to be vegetarian. A choice between side dishes is none. */
function isAlternative(head: string): boolean {
  const text = head.split(PARTS)[0] ?? '';
  const rest = head.slice(text.length);
  if (ALTERNATIVE.test(rest) && (rest.includes('/') || dietIn([rest]) !== undefined || hasMeat(wordsIn(rest))))
    return dietIn([head]) !== undefined;
  if (!ALTERNATIVE.test(text)) return false;
  return text.split(ALTERNATIVE).some((side) => !wordsIn(side).some(isDietWord));
}

/** The diet of the dish's name: before it, or at its end. */
function headDiet(head: string): Diet | undefined {
  const name = (head.split(PARTS).find((part) => part.trim() !== '') ?? '').trim();
  const words = wordsIn(name);
  const at = words.findIndex(isDietWord);
  if (at === -1) {
    const ending = wordsIn(head).at(-1) ?? '';
    // `Curry med kikärtor. Vegan` and the like; a neuter `veganskt` at the end is said of a part
    return /^(?:vegan|vegetarian|vegetarisk|vegansk)$/u.test(ending) && words.length > 0 && ALONE_AT_END.test(head)
      ? dietOfWord(ending)
      : undefined;
  }
  const isBeforeName = words
    .slice(0, at)
    .every((word) => ADJECTIVES.has(word) || (ADJECTIVE_ENDING.test(word) && !isMeat(word)));
  return isBeforeName || words.slice(at).every(isDietWord) ? leastOf(words) : undefined;
}
const ALONE_AT_END = /[!.–—-] ?\p{L}+[.!]?$/u;

/**
 * Brackets count where an entry is the word alone, or the word with allergens, before the name or behind a single clause:
 * `Lasagne, grönsallad (vegan)` and `Margherita (vegetarisk), Hawaii` may say it of one of two.
 */
function bracketDiet(text: string): Diet | undefined {
  const [before = ''] = text.split(/[([]/u);
  const { outside, brackets } = takeBracketsApart(text);
  if (ALTERNATIVE.test(outside.split(PARTS)[0] ?? '')) return undefined;
  const isBehindAll = before.split(CLAUSES).length === 1 && !hasFood([outside.slice(before.length)]);
  if (before.trim() !== '' && !isBehindAll) return undefined;
  return dietIn(
    brackets
      .filter((inside) => !isAboutAnother(inside))
      .flatMap((inside) => inside.split(/[,;.|]/u))
      .filter(isSaidAlone),
  );
}

function isSaidAlone(clause: string): boolean {
  const words = wordsIn(clause);
  return words.some(isDietWord) && words.every((word) => isDietWord(word) || BESIDE.has(word));
}

/** `vegetariskt alternativ finns`, `veg: sojabullar`, `kött/veg`. */
function isAboutAnother(clause: string): boolean {
  const words = wordsIn(clause);
  if (words.some((word) => ON_DEMAND.has(word)) || clause.includes(':')) return true;
  return clause.includes('/') && !clause.split('/').every((side) => wordsIn(side).some(isDietWord));
}

const isDenied = (dish: string) =>
  wordsIn(dish).some(
    (word, index, words) => ['ej', 'inte', 'icke', 'not', 'non'].includes(word) && isDietWord(words[index + 1] ?? ''),
  );

/** Meat in the line is believed over the word, unless the word stands right before it: `vegetarisk köttfärssås`. */
function isCertain(head: string, kept: readonly string[], later: readonly string[]): boolean {
  const words = wordsIn(head.split(PARTS)[0] ?? '');
  const first = words.findIndex(isDietWord);
  const others = [
    ...words.slice(0, first === -1 ? words.length : first),
    ...wordsIn(head.slice((head.split(PARTS)[0] ?? '').length)),
    ...wordsIn([...kept.slice(1), ...later].join(' ')),
  ];
  return !hasMeat(others);
}

function hasMeat(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const before = words.slice(Math.max(0, index - 2), index);
    return (
      isMeat(word) &&
      !before.some(
        (earlier) =>
          isDietWord(earlier) || earlier.startsWith('köttfri') || ['utan', 'without', 'no'].includes(earlier),
      )
    );
  });
}

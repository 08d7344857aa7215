/**
 * Vegetarian or vegan, only where somebody said so. A word for the whole dish (in its label, its head, brackets, or at
 * the end by itself) is taken as said; a word for a part of it (`med vegansk majonnäs`) is a guess; what can be had on
 * request, or is denied, counts for nothing. That no such word is there proves nothing, and meat is not reported.
 */

/** Open: clients accept further values. Vegan counts as vegetarian. */
export type Diet = 'vegan' | 'vegetarian';

export interface DietClaim {
  readonly diet?: Diet;
  readonly dietIsGuess?: true;
}

const WORD_START = '(?<![\\p{L}\\p{N}])';
const VEGAN = new RegExp(`${WORD_START}vegan`, 'iu');
const VEGETARIAN = new RegExp(`${WORD_START}(?:vegetari|vego|veggie|veg(?![\\p{L}\\p{N}]))`, 'iu');
/** Green means vegetarian in a label only: `Dagens gröna`, but not `grön curry`. */
const GREEN_LABEL = new RegExp(`${WORD_START}(?:gröna?|grönt|green)(?!\\p{L})`, 'iu');

const NOT_OF_THIS_DISH = new RegExp(
  `${WORD_START}(?:kan (?:även |också )?(?:fås|göras|beställas|väljas)|finns (?:även|också|som)|går att få|fås (?:även|också)|fråga efter` +
    `|(?:även|också) som|ej|inte|icke|not|non|can be|available|on request|eller)[^.;()]*`,
  'giu',
);

/** `(V)` and a label `V` mean vegetarian mostly, and vegan to some. */
const ONE_LETTER = /[([]\s*(?:[A-ZÅÄÖ]{1,2},\s*)*V(?:,\s*[A-ZÅÄÖ]{1,2})*\s*[)\]]/u;

/** Where the parts of a dish begin. */
const PARTS = /(?:,| (?:med|i|på|och|samt|till|with|and|in|on|&) )/iu;
const ALONE_AT_END = /(?:[,–-] ?|\. ?)(?<last>\p{L}+)[.!]?$/u;

/** What is said of a dish. */
export function dietOf(dish: string, label?: string): DietClaim {
  // `vegetarisk/vegansk` promises the less of the two
  const own = dish.replace(NOT_OF_THIS_DISH, '').replace(/(vegetarisk[ta]?) ?\/ ?vegan\p{L}*/giu, '$1');
  const brackets = [...own.matchAll(/[([](?<inside>[^)\]]*)[)\]]/gu)].map((match) => match.groups?.['inside'] ?? '');
  const said = [
    own.replace(/[([][^)\]]*[)\]]/gu, ' ').split(PARTS)[0] ?? '',
    ...brackets,
    ALONE_AT_END.exec(own)?.groups?.['last'] ?? '',
  ].join('\n');
  const labelled = label ?? '';
  if (VEGAN.test(said) || VEGAN.test(labelled)) return { diet: 'vegan' };
  if (VEGETARIAN.test(said) || VEGETARIAN.test(labelled) || GREEN_LABEL.test(labelled)) return { diet: 'vegetarian' };
  if (VEGAN.test(own)) return { diet: 'vegan', dietIsGuess: true };
  const isGuess = VEGETARIAN.test(own) || ONE_LETTER.test(own) || labelled === 'V';
  return isGuess ? { diet: 'vegetarian', dietIsGuess: true } : {};
}

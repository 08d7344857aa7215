/**
 * The words by which restaurants say that a dish is vegetarian or vegan, and those that may stand beside them. Promises no
 * judgement of a dish: that is diet.ts.
 */
import { vocabulary } from './wording.ts';

/** Open: clients accept further values. Vegan counts as vegetarian. */
export type Diet = 'vegan' | 'vegetarian';

/** Words after which, up to the end of the clause, another dish is meant or none. */
export const ON_DEMAND = vocabulary(
  'kan finns fås går begäran request available option options alternativ alternativet alternativt fråga möjlig möjligt möjlighet beställs beställas beställning önskemål även också also upon can possible version versioner välj väljs väljas val tillval istället ej inte icke inget ingen inga aldrig not non never no nej or eller alt substitute ask versionen without order swap byt bytas byte ersätt annars otherwise',
);
/** What may stand before the word: `Krämig vegetarisk lasagne`, but not `Kyckling vegansk aioli`. */
export const ADJECTIVES = vocabulary(
  'dagens veckans månadens husets vår vårt våra en ett helt todays our the a an creamy spicy hot homemade crispy warm fresh hearty classic daily weekly mild het stor liten god goda gott varm varmt kall hemlagat klassisk thai indian asian italian mexican oriental green grön grönt gröna ny nyhet new red röd gul yellow vietnamesisk 100',
);
export const ADJECTIVE_ENDING =
  /(?:isk|iska|iskt|ig|iga|igt|lagad|bakad|stekt|kokt|grillad|rostad|gratinerad|fylld|panerad|friterad|ade|ed)$/u;
/** What may stand beside the word in brackets. */
export const BESIDE = vocabulary(
  'och and helt rätt dish glutenfri glutenfritt laktosfri laktosfritt mjölkfri mjölkfritt nötfri gluten laktos free dairy sojafri friendly g l 100',
);
/** What a label may hold besides the word, if all under it is to be believed. */
export const IN_LABELS = vocabulary(
  'dagens veckans månadens husets alltid todays weekly this weeks och and rätt rätten rätter dish dishes alternativ alternativet alternative option soppa sallad pasta pizza wok burgare lunch of the day special tips meny menu klassiker favorit mat food',
);

/** The diet that a word names, if any. `veganost` names none: it is a part of a dish that may hold anything besides. */
export function dietOfWord(word: string): Diet | undefined {
  if (/^vegan(?:s|er|sk(?:t|a|ta)?)?$/u.test(word)) return 'vegan';
  return word.startsWith('vegetari') || /^(?:veg|vego|vegos|veggie|veggies)$/u.test(word) ? 'vegetarian' : undefined;
}

export const isDietWord = (word: string) => dietOfWord(word) !== undefined;

/** Of `vegetarisk/vegansk` only the less is promised. */
export function leastOf(words: readonly string[]): Diet | undefined {
  const diets = words.map(dietOfWord).filter((diet) => diet !== undefined);
  return diets.includes('vegetarian') ? 'vegetarian' : diets[0];
}

/** The diet that is mentioned at all, be it of a part: `veganost`. */
export const mentionedIn = (words: readonly string[]): Diet | undefined =>
  leastOf(words) ?? (words.some((word) => word.startsWith('vegan')) ? 'vegan' : undefined);

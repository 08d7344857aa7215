/** Where a dish can be eaten: a search over today's menus. Pure. */
import type { Diet } from './dietWords.ts';
import { wordsOf } from './fold.ts';
import type { Dish } from './lines.ts';
import type { TodaysMenu } from './menu.ts';

/** Who serves a dish and where. */
export interface DishRestaurant {
  readonly identifier: string;
  readonly name: string;
  readonly region: string;
  readonly mapUrl: string | null;
  readonly homepage: string | null;
}

export interface DishMatch {
  readonly dish: Dish;
  readonly restaurant: DishRestaurant;
}

/**
 * The dishes that hold every word anywhere, in the name, the label or the diet that the menu says. Whole words rank before
 * beginnings of words, and these before parts; among equals the order is that of the menus.
 */
export function findDishes(menus: readonly TodaysMenu[], words: readonly string[]): DishMatch[] {
  return menus
    .flatMap((menu) => menu.dishes.map((dish) => ({ dish, menu, far: howFar(dish, words) })))
    .filter(({ far }) => far < NOWHERE)
    .sort((a, b) => a.far - b.far)
    .map(({ dish, menu: { identifier, name, region, mapUrl, homepage } }) => ({
      dish,
      restaurant: { identifier, name, region, mapUrl, homepage },
    }));
}

const [WHOLE_WORD, BEGINNING, PART, NOWHERE] = [0, 1, 2, Number.POSITIVE_INFINITY] as const;

/** The worst of the words decides. */
function howFar(dish: Dish, words: readonly string[]): number {
  const text = wordsOfDish(dish);
  return Math.max(...words.map((word) => howFarIsWord(text, word)));
}

/** The words for a diet in both languages; vegan counts as vegetarian. */
const WORDS_OF_DIETS: Readonly<Record<Diet, string>> = {
  vegetarian: 'vegetarian vegetarisk',
  vegan: 'vegan vegansk vegetarian vegetarisk',
};

/** The same dishes are searched all day. */
const knownWords = new WeakMap<Dish, readonly string[]>();

function wordsOfDish(dish: Dish): readonly string[] {
  const diet = dish.dietIsGuess || !dish.diet ? '' : WORDS_OF_DIETS[dish.diet];
  const words = knownWords.get(dish) ?? wordsOf(`${dish.label ?? ''} ${dish.name} ${diet}`);
  knownWords.set(dish, words);
  return words;
}

function howFarIsWord(text: readonly string[], word: string): number {
  if (text.includes(word)) return WHOLE_WORD;
  if (text.some((candidate) => candidate.startsWith(word))) return BEGINNING;
  return text.some((candidate) => candidate.includes(word)) ? PART : NOWHERE;
}

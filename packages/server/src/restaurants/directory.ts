/**
 * Finding restaurants: by identifier, by region, and the nearest ones to a name that nobody bears.
 * Names are folded for case and diacritics, both ways: `jons` finds `Jöns`, `café erik` finds `Cafe Erik`.
 */
import { distance } from 'fastest-levenshtein';
import { foldText, wordsOf } from './fold.ts';
import type { RestaurantEntry } from './wire.ts';

const MOST_SUGGESTIONS = 3;

/** The regions of a list, each once, in the list's order. */
export function regionsOf(restaurants: readonly RestaurantEntry[]): string[] {
  return [...new Set(restaurants.map(({ region }) => region.trim()))];
}

/** The restaurants of a region, or undefined where no restaurant has that region. */
export function inRegion(restaurants: readonly RestaurantEntry[], region: string): RestaurantEntry[] | undefined {
  const found = restaurants.filter((restaurant) => foldText(restaurant.region) === foldText(region));
  return found.length > 0 ? found : undefined;
}

/** Up to three identifiers that somebody who wrote `text` may have meant, the nearest first. */
export function suggestIdentifiers(restaurants: readonly RestaurantEntry[], text: string): string[] {
  const wanted = wordsOf(text);
  if (wanted.length === 0) return [];
  const mostEdits = Math.max(1, Math.floor(Math.max(...wanted.map((word) => word.length)) / 3));
  return restaurants
    .map((restaurant) => ({ identifier: restaurant.identifier, edits: editsTo(restaurant, wanted) }))
    .filter(({ identifier, edits }) => edits <= mostEdits && identifier !== text)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ identifier }) => identifier);
}

/** The fewest edits that make each word a word of the identifier or name; the worst of the words decides. */
function editsTo({ identifier, name }: RestaurantEntry, wanted: readonly string[]): number {
  const words = [...wordsOf(identifier), ...wordsOf(name)];
  return Math.max(...wanted.map((word) => Math.min(...words.map((candidate) => editsBetween(candidate, word)))));
}

/** None where one is a part of the other that is long enough to mean something. */
function editsBetween(candidate: string, word: string): number {
  const isPart = (word.length >= 3 && candidate.includes(word)) || (candidate.length >= 4 && word.includes(candidate));
  const edits = isPart ? 0 : distance(candidate, word);
  return edits === 2 && isSwapped(candidate, word) ? 1 : edits;
}

/** Whether all that differs is that two neighbours are in each other's place, the commonest slip of fingers. */
function isSwapped(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return other === `${one.slice(0, at)}${one[at + 1] ?? ''}${one[at] ?? ''}${one.slice(at + 2)}`;
}

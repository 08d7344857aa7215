/**
 * Finding restaurants: by identifier, by region, and the nearest ones to a name that nobody bears.
 * Names are folded for case and diacritics, both ways: `jons` finds `Jöns`, `café erik` finds `Cafe Erik`.
 */
import { distance } from 'fastest-levenshtein';
import type { RestaurantEntry } from './wire.ts';

const MOST_SUGGESTIONS = 3;

/** Text for comparing: lower case, without diacritics. */
function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

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
  const wanted = foldText(text);
  if (wanted === '') return [];
  return restaurants
    .map((restaurant) => ({ identifier: restaurant.identifier, far: howFar(restaurant, wanted) }))
    .filter(({ far }) => far <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ identifier }) => identifier);
}

/** 0: a part of the identifier or name, or the other way round; else the fewest edits to the identifier or to a word of the name. */
function howFar(restaurant: RestaurantEntry, wanted: string): number {
  const name = foldText(restaurant.name);
  const words = [foldText(restaurant.identifier), name, ...name.split(/[^\p{L}\p{N}]+/u)].filter((word) => word !== '');
  const isPart = words.some(
    (word) => (wanted.length >= 3 && word.includes(wanted)) || (word.length >= 4 && wanted.includes(word)),
  );
  return isPart ? 0 : Math.min(...words.map((word) => distance(word, wanted)));
}

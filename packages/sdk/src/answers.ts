/**
 * What an answer must have to be a relay's: no more than what tells it from another server's. Members, and the values of
 * members, are the relay's to add to.
 */
import { isRecord, LunchError } from './errors.ts';
import type { components } from './generated/schema.gen.ts';

type Schemas = components['schemas'];

export type ListedRestaurant = Schemas['ListedRestaurant'];
export type RestaurantToday = Schemas['RestaurantToday'];
export type TodaysMenu = Schemas['TodaysMenu'];
export type Dish = Schemas['Dish'];
export type MenusToday = Schemas['MenusToday'];
export type DishesToday = Schemas['DishesToday'];

const has = (data: unknown, ...lists: string[]): data is Record<string, unknown> =>
  isRecord(data) && lists.every((name) => Array.isArray(data[name]));

export const isRestaurantList = (data: unknown): data is Schemas['RestaurantList'] =>
  has(data, 'restaurants') &&
  // the lunch-menu API itself lists restaurants too
  (data['restaurants'] as unknown[]).every((entry) => isRecord(entry) && typeof entry['publishesMenu'] === 'boolean');

export const isRestaurantToday = (data: unknown): data is RestaurantToday =>
  isRecord(data) && isTodaysMenu(data['today']);

export const isMenusToday = (data: unknown): data is MenusToday =>
  has(data, 'menus', 'failures') && (data['menus'] as unknown[]).every(isTodaysMenu);

export const isDishesToday = (data: unknown): data is DishesToday => has(data, 'matches', 'notSearched');

const isTodaysMenu = (data: unknown): boolean => has(data, 'dishes', 'notices') && typeof data['status'] === 'string';

/** The JSON of an answer. Throws `invalid_response` for what is none, an empty body included. */
export function parseJson(text: string, response: Response): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const type = response.headers.get('content-type') ?? 'of no type';
    throw toFormError(
      response,
      cause,
      `The answer (${type}, ${text.length} characters) is no JSON. Is this a Lunch Relay?`,
    );
  }
}

/** The error for an answer that has another form than expected; the cause itself where it is one already. */
export function toFormError(
  { status }: Response,
  cause?: unknown,
  message = 'The answer has another form than expected. Is this a Lunch Relay?',
): LunchError {
  return cause instanceof LunchError ? cause : new LunchError('invalid_response', message, { status, cause });
}

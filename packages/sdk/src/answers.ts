/**
 * What an answer must have to be a relay's, and to be used as its type says: lists that are lists, and in them what every
 * entry has. Further members, and further values, are the relay's to add.
 */
import { factsOf, LunchError, membersOf } from './errors.ts';
import type { components } from './generated/schema.gen.ts';

type Schemas = components['schemas'];

export type ListedRestaurant = Schemas['ListedRestaurant'];
export type RestaurantToday = Schemas['RestaurantToday'];
export type TodaysMenu = Schemas['TodaysMenu'];
export type Dish = Schemas['Dish'];
export type MenusToday = Schemas['MenusToday'];
export type DishesToday = Schemas['DishesToday'];

/** Some of the members, each with any value of its type; the one entry of a list stands for all. */
type Example<Data> = Data extends readonly (infer Item)[]
  ? readonly [Example<Item>]
  : Data extends object
    ? { readonly [Name in keyof Data]?: Example<Data[Name]> }
    : Data;

/** Whether all that the example has is there, and of the same type. */
function isLike(data: unknown, example: unknown): boolean {
  if (Array.isArray(example)) return Array.isArray(data) && data.every((item) => isLike(item, example[0]));
  if (typeof example !== 'object') return typeof data === typeof example;
  return Object.entries(membersOf(example)).every(([name, member]) => isLike(membersOf(data)[name], member));
}

const PLACE = { identifier: '', name: '' };
const DISH: Example<Dish> = { name: '' };
const MENU: Example<TodaysMenu> = {
  ...PLACE,
  region: '',
  date: '',
  status: '',
  dishes: [DISH],
  notices: [''],
  fetchedAt: '',
  stale: true,
};

/** Reads an answer that is like the example. Throws `invalid_response` for another. */
const readLike =
  <Data>(example: Example<Data>) =>
  async (response: Response): Promise<Data> => {
    const data = await readJson(response);
    if (isLike(data, example)) return data as Data;
    throw toFormError(response);
  };

const readList = /* @__PURE__ */ readLike<Schemas['RestaurantList']>({
  // the lunch-menu API itself lists restaurants too, without `publishesMenu`
  restaurants: [{ ...PLACE, region: '', publishesMenu: true }],
});

export const readRestaurants = async (response: Response) => (await readList(response)).restaurants;
export const readRestaurantToday = /* @__PURE__ */ readLike<RestaurantToday>({
  restaurant: { menu: [{ dish: '' }] },
  today: MENU,
});
export const readMenusToday = /* @__PURE__ */ readLike<MenusToday>({
  date: '',
  menus: [MENU],
  failures: [{ ...PLACE, code: '' }],
});
export const readDishesToday = /* @__PURE__ */ readLike<DishesToday>({
  date: '',
  matches: [{ dish: DISH, restaurant: PLACE }],
  searched: 0,
  notSearched: [PLACE],
});

/** The JSON of an answer. Throws `invalid_response` for what is none, an empty body included. */
export async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const type = response.headers.get('content-type') ?? 'of no type';
    throw toFormError(response, cause, `The answer (${type}, ${text.length} characters) is no JSON.`);
  }
}

/** The error for an answer that has another form than expected; the cause itself where it is one already. */
export function toFormError(
  response: Response,
  cause?: unknown,
  what = 'The answer has another form than expected.',
): LunchError {
  if (cause instanceof LunchError) return cause;
  return new LunchError('invalid_response', `${what} Is this a Lunch Relay?`, {
    ...factsOf(response),
    ...(cause !== undefined && { cause }),
  });
}

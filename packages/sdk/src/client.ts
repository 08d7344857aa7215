/** The client: one method for each operation of the relay. Data is returned, failures are thrown as LunchError. */
import createClient, { type Client } from 'openapi-fetch';
import { isRecord, LunchError, toResponseError, toTransportError } from './errors.ts';
import type { components, paths } from './generated/schema.gen.ts';

export type ListedRestaurant = components['schemas']['ListedRestaurant'];
export type RestaurantToday = components['schemas']['RestaurantToday'];
export type TodaysMenu = components['schemas']['TodaysMenu'];
export type Dish = components['schemas']['Dish'];
export type MenusToday = components['schemas']['MenusToday'];
export type DishesToday = components['schemas']['DishesToday'];

export interface LunchClientOptions {
  /** Where the relay is, such as `http://localhost:8080`; a path is kept. */
  readonly baseUrl: string;
  /** The global one unless given. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** For a whole call, the body included. Default 15,000: the relay itself gives up after 10,000. */
  readonly timeoutMs?: number;
}

export interface CallOptions {
  /** Ends the call; its reason is then thrown as it is. */
  readonly signal?: AbortSignal;
}

export interface LunchClient {
  /** All restaurants, or those of one region. Throws `invalid_request` for a region that does not exist. */
  listRestaurants(filter?: { readonly region?: string }, options?: CallOptions): Promise<ListedRestaurant[]>;
  /** What a restaurant serves today, and the lunch-menu API's document that it is read from. Throws `not_found`. */
  getRestaurant(identifier: string, options?: CallOptions): Promise<RestaurantToday>;
  /**
   * What many restaurants serve today: those named and those of the region; all if neither is given. Restaurants that fail
   * are in `failures`. Throws `invalid_request` for restaurants and regions that do not exist.
   */
  listMenus(
    wanted?: { readonly restaurants?: readonly string[]; readonly region?: string },
    options?: CallOptions,
  ): Promise<MenusToday>;
  /** Where a dish can be eaten today. Throws `invalid_request` for a query without words and for an unknown region. */
  findDishes(query: string, filter?: { readonly region?: string }, options?: CallOptions): Promise<DishesToday>;
  /** The openapi-fetch client, typed by the relay's document. */
  readonly raw: Client<paths>;
}

const DEFAULT_TIMEOUT_MS = 15_000;

/** Throws a TypeError if `baseUrl` is no http: or https: URL. */
export function createLunchClient(options: LunchClientOptions): LunchClient {
  const { baseUrl, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl))
    throw new TypeError(`baseUrl must be an http: or https: URL, not "${baseUrl}"`);
  const raw = createClient<paths>({ baseUrl, ...(options.fetch && { fetch: options.fetch }) });

  /** Runs a call under its deadline and takes the data out of it, if it has the form that `isExpected` knows. */
  async function take<Data>(
    call: (signal: AbortSignal) => Promise<{ data?: unknown; error?: unknown; response: Response }>,
    isExpected: (data: unknown) => data is Data,
    signal?: AbortSignal,
  ): Promise<Data> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const result = await call(signal ? AbortSignal.any([signal, deadline]) : deadline).catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw toTransportError(error, timeoutMs);
    });
    const { data, error, response } = result;
    // `error` may be undefined for a failure with an empty body: only the response says whether it is one
    if (!response.ok) throw toResponseError(response, error);
    if (!isExpected(data)) {
      throw new LunchError('invalid_response', 'The answer has another form than a Lunch Relay gives.', {
        status: response.status,
      });
    }
    return data;
  }

  return {
    raw,
    async listRestaurants(filter = {}, { signal } = {}) {
      const params = { query: filter };
      const list = await take((deadline) => raw.GET('/restaurant', { params, signal: deadline }), isList, signal);
      return list.restaurants;
    },
    async getRestaurant(identifier, { signal } = {}) {
      // these are no segment of a path: the URI would be another one
      if (['', '.', '..'].includes(identifier)) {
        throw new LunchError('not_found', `There is no restaurant "${identifier}".`);
      }
      const params = { path: { restaurant_id: identifier } };
      return take((deadline) => raw.GET('/restaurant/{restaurant_id}', { params, signal: deadline }), isToday, signal);
    },
    listMenus({ restaurants = [], region } = {}, { signal } = {}) {
      const params = { query: { restaurant: [...restaurants], ...(region !== undefined && { region }) } };
      return take((deadline) => raw.GET('/menus', { params, signal: deadline }), isMenus, signal);
    },
    findDishes(query, filter = {}, { signal } = {}) {
      const params = { query: { q: query, ...filter } };
      return take((deadline) => raw.GET('/dishes', { params, signal: deadline }), isDishes, signal);
    },
  };
}

/** No more than what tells a relay's answer from another server's: members are the relay's to add to. */
const isList = (data: unknown): data is components['schemas']['RestaurantList'] =>
  isRecord(data) &&
  Array.isArray(data['restaurants']) &&
  // the lunch-menu API itself lists restaurants too
  data['restaurants'].every((restaurant) => isRecord(restaurant) && typeof restaurant['publishesMenu'] === 'boolean');
const isToday = (data: unknown): data is RestaurantToday =>
  isRecord(data) && isRecord(data['today']) && Array.isArray(data['today']['dishes']);
const isMenus = (data: unknown): data is MenusToday =>
  isRecord(data) && Array.isArray(data['menus']) && Array.isArray(data['failures']);
const isDishes = (data: unknown): data is DishesToday =>
  isRecord(data) && Array.isArray(data['matches']) && Array.isArray(data['notSearched']);

/** The client: one method for each operation of the relay. Data is returned, failures are thrown as LunchError. */
import createClient, { type Client } from 'openapi-fetch';
import { isDishesToday, isMenusToday, isRestaurantList, isRestaurantToday, parseJson, toFormError } from './answers.ts';
import { arrivals, type MenuArrival } from './arrivals.ts';
import { type LunchCall, type LunchResponse, startCall, toLunchResponse } from './call.ts';
import { LunchError, toResponseError } from './errors.ts';
import { rememberingEtags } from './etags.ts';
import type { components, paths } from './generated/schema.gen.ts';
import { type ParsedRelayRequest, parseRelayed, type RelayRequest, takeRelayed, toRelayedPath } from './relayed.ts';
import { type LunchClientOptions, parseSettings } from './settings.ts';
import { createTransport } from './transport.ts';

export type ListedRestaurant = components['schemas']['ListedRestaurant'];
export type RestaurantToday = components['schemas']['RestaurantToday'];
export type TodaysMenu = components['schemas']['TodaysMenu'];
export type Dish = components['schemas']['Dish'];
export type MenusToday = components['schemas']['MenusToday'];
export type DishesToday = components['schemas']['DishesToday'];

export interface CallOptions {
  /** Ends the call at once; its reason is then thrown as it is. */
  readonly signal?: AbortSignal;
  /** Sent with this call, in place of those of the client with the same name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Those named and those of the region; all if neither is given. */
export interface MenusWanted {
  readonly restaurants?: readonly string[];
  readonly region?: string;
}

/** What calls throw, beside what each method names, is told at {@link LunchErrorKind}. */
export interface LunchClient {
  /** All restaurants, or those of one region. Throws `invalid_request` for a region that does not exist. */
  listRestaurants(filter?: { readonly region?: string }, options?: CallOptions): LunchCall<ListedRestaurant[]>;
  /** What a restaurant serves today, and the lunch-menu API's document that it is read from. Throws `not_found`. */
  getRestaurant(identifier: string, options?: CallOptions): LunchCall<RestaurantToday>;
  /**
   * What many restaurants serve today, in one answer. Restaurants that fail are in `failures`. Throws `invalid_request` for
   * restaurants and regions that do not exist.
   */
  listMenus(wanted?: MenusWanted, options?: CallOptions): LunchCall<MenusToday>;
  /**
   * The same menus as they arrive: one call for each restaurant, four at once. Of restaurants that fail the error arrives.
   * Who stops reading ends the calls under way. Throws `invalid_request` for a region that does not exist.
   */
  iterateMenus(wanted?: MenusWanted, options?: CallOptions): AsyncGenerator<MenuArrival, void, undefined>;
  /** Where a dish can be eaten today. Throws `invalid_request` for a query without words and for an unknown region. */
  findDishes(query: string, filter?: { readonly region?: string }, options?: CallOptions): LunchCall<DishesToday>;
  /**
   * The lunch-menu API's own answer to this path below its `/api`, query included, by way of the relay. The data is JSON, of
   * which nothing is known, or what `parse` makes of the response. Statuses that are no success are thrown.
   */
  relay(path: `/${string}`, request?: RelayRequest, options?: CallOptions): LunchCall<unknown>;
  relay<Data>(path: `/${string}`, request: ParsedRelayRequest<Data>, options?: CallOptions): LunchCall<Data>;
  /**
   * The openapi-fetch client, typed by the relay's document, with the same deadlines and retries. Errors of the relay are
   * returned; LunchErrors are thrown where there is no answer, a SyntaxError where it is no JSON.
   */
  readonly raw: Client<paths>;
}

/** Throws a TypeError for a `baseUrl` that cannot be used, and a RangeError for a number out of its range. */
export function createLunchClient(options: LunchClientOptions): LunchClient {
  const settings = parseSettings(options);
  const { baseUrl, headers, cacheEntries } = settings;
  const plain = createTransport(settings);
  const transport = cacheEntries > 0 ? rememberingEtags(plain, cacheEntries) : plain;
  const raw = createClient<paths>({ baseUrl, headers, fetch: (request) => transport(request) });
  // paths that are not in the document have no types there
  const askAnything = raw.request as (
    method: string,
    path: string,
    init: object,
  ) => Promise<{ error?: unknown; response: Response }>;
  // not as `signal`: every Request would listen to the caller's until it is collected
  const sending = ({ signal, headers = {} }: CallOptions) =>
    ({ headers, parseAs: 'text', fetch: (request: Request) => transport(request, signal) }) as const;

  const client: LunchClient = {
    raw,
    listRestaurants: (filter = {}, options = {}) =>
      startCall(async () => {
        const asked = raw.GET('/restaurant', { params: { query: filter }, ...sending(options) });
        const answer = await take(asked, isRestaurantList);
        return { ...answer, data: answer.data.restaurants };
      }),
    getRestaurant: (identifier, options = {}) =>
      startCall(async () => {
        // these are no segment of a path: the URI would be another one
        if (/^\.{0,2}$/.test(identifier)) throw new LunchError('not_found', `There is no restaurant "${identifier}".`);
        const params = { path: { restaurant_id: identifier } };
        return take(raw.GET('/restaurant/{restaurant_id}', { params, ...sending(options) }), isRestaurantToday);
      }),
    listMenus: ({ restaurants = [], region } = {}, options = {}) =>
      startCall(() => {
        const query = { restaurant: [...restaurants], ...(region !== undefined && { region }) };
        return take(raw.GET('/menus', { params: { query }, ...sending(options) }), isMenusToday);
      }),
    async *iterateMenus({ restaurants = [], region } = {}, options = {}) {
      const isWholeList = restaurants.length === 0 || region !== undefined;
      const listed = isWholeList ? await client.listRestaurants(region === undefined ? {} : { region }, options) : [];
      const identifiers = [...restaurants, ...listed.map(({ identifier }) => identifier)];
      const ask = async (identifier: string, signal: AbortSignal) =>
        (await client.getRestaurant(identifier, { ...options, signal })).today;
      yield* arrivals(identifiers, ask, options.signal);
    },
    findDishes: (query, filter = {}, options = {}) =>
      startCall(() => {
        const params = { query: { q: query, ...filter } };
        return take(raw.GET('/dishes', { params, ...sending(options) }), isDishesToday);
      }),
    relay: <Data>(
      path: string,
      request: RelayRequest & Partial<ParsedRelayRequest<Data>> = {},
      options: CallOptions = {},
    ) =>
      startCall(() => {
        const { method = 'GET', parse = parseRelayed, body } = request;
        const asked = askAnything(method, toRelayedPath(path), {
          ...sending(options),
          parseAs: 'stream',
          ...(body !== undefined && { body, bodySerializer: () => body }),
          // null: what fits the body, and not JSON always
          headers: { 'Content-Type': null, ...options.headers },
        });
        return takeRelayed<unknown>(asked, parse) as Promise<LunchResponse<Data>>;
      }),
  };
  return client;
}

/** Takes the data out of an answer, if it has the form that `isExpected` knows. */
async function take<Data>(
  asked: Promise<{ data?: string | undefined; error?: unknown; response: Response }>,
  isExpected: (data: unknown) => data is Data,
): Promise<LunchResponse<Data>> {
  const { data, error, response } = await asked;
  // `error` may be undefined for a failure with an empty body: only the response says whether it is one
  if (!response.ok) throw toResponseError(response, error);
  const body = parseJson(data ?? '', response);
  if (!isExpected(body)) throw toFormError(response);
  return toLunchResponse(body, response);
}

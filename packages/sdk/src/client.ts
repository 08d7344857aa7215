/** The client: one method for each operation of the relay. Data is returned, failures are thrown as LunchError. */
import type { Client } from 'openapi-fetch';
import {
  type DishesToday,
  isDishesToday,
  isMenusToday,
  isRestaurantList,
  isRestaurantToday,
  type ListedRestaurant,
  type MenusToday,
  parseJson,
  type RestaurantToday,
  toFormError,
} from './answers.ts';
import { arrivals, type MenuArrival, type MenusWanted } from './arrivals.ts';
import { type LunchCall, type LunchResponse, startCall, toLunchResponse } from './call.ts';
import { type CallOptions, connect } from './connection.ts';
import { LunchError, toResponseError } from './errors.ts';
import type { paths } from './generated/schema.gen.ts';
import { type AnyRelayRequest, askRelayed, type ParsedRelayRequest, type RelayRequest } from './relayed.ts';
import type { LunchClientOptions } from './settings.ts';

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
  const connection = connect(options);
  const { raw, sending } = connection;
  const client: LunchClient = {
    raw,
    listRestaurants: (filter = {}, options = {}) =>
      startCall(options, async () => {
        const asked = raw.GET('/restaurant', { params: { query: filter }, ...sending(options) });
        const answer = await take(asked, isRestaurantList);
        return { ...answer, data: answer.data.restaurants };
      }),
    getRestaurant: (identifier, options = {}) =>
      startCall(options, () => {
        // these are no segment of a path: the URI would be another one
        if (/^\.{0,2}$/.test(identifier)) throw new LunchError('not_found', `There is no restaurant "${identifier}".`);
        const params = { path: { restaurant_id: identifier } };
        return take(raw.GET('/restaurant/{restaurant_id}', { params, ...sending(options) }), isRestaurantToday);
      }),
    listMenus: ({ restaurants = [], ...filter } = {}, options = {}) =>
      startCall(options, () => {
        const query = { restaurant: [...restaurants], ...filter };
        return take(raw.GET('/menus', { params: { query }, ...sending(options) }), isMenusToday);
      }),
    iterateMenus: (wanted = {}, options = {}) => arrivals(client, wanted, options),
    findDishes: (query, filter = {}, options = {}) =>
      startCall(options, () => {
        const params = { query: { q: query, ...filter } };
        return take(raw.GET('/dishes', { params, ...sending(options) }), isDishesToday);
      }),
    relay: <Data>(path: string, request: AnyRelayRequest<Data> = {}, options: CallOptions = {}) =>
      startCall(options, () => askRelayed(connection, path, request, options)),
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

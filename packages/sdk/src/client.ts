/** The client: one method for each operation of the relay. Data is returned, failures are thrown as LunchError. */
import type { Client } from 'openapi-fetch';
import {
  type DishesToday,
  type ListedRestaurant,
  type MenusToday,
  type RestaurantToday,
  readDishesToday,
  readMenusToday,
  readRestaurants,
  readRestaurantToday,
} from './answers.ts';
import { arrivals, type MenuArrival, type MenusWanted } from './arrivals.ts';
import { type Answer, type CallInit, type LunchCall, take, toLunchCall } from './call.ts';
import { type CallOptions, type Connection, connect } from './connection.ts';
import { LunchError } from './errors.ts';
import type { paths } from './generated/schema.gen.ts';
import {
  type AnyRelayRequest,
  type Ask,
  askRelayed,
  type ParsedRelayRequest,
  type RelayRequest,
  readAny,
} from './relayed.ts';
import type { LunchClientOptions } from './settings.ts';

export interface RegionFilter {
  /** In any case, with or without diacritics. */
  readonly region?: string | undefined;
}

/** What calls throw, beside what each method names, is told at {@link LunchErrorKind}. */
export interface LunchClient {
  /** All restaurants, or those of one region. Throws `invalid_request` for a region that does not exist. */
  listRestaurants(filter?: RegionFilter, options?: CallOptions): LunchCall<ListedRestaurant[]>;
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
  findDishes(query: string, filter?: RegionFilter, options?: CallOptions): LunchCall<DishesToday>;
  /**
   * The lunch-menu API's own answer to this path below its `/api`, query included, by way of the relay. The data is JSON, of
   * which nothing is known, or what `parse` makes of the response. Statuses that are no success are thrown.
   */
  relay<Data>(path: `/${string}`, request: ParsedRelayRequest<Data>, options?: CallOptions): LunchCall<Data>;
  relay(path: `/${string}`, request?: RelayRequest, options?: CallOptions): LunchCall<unknown>;
  /**
   * The openapi-fetch client, typed by the relay's document, with the same deadlines and retries. Errors of the relay are
   * returned; LunchErrors are thrown where there is no answer, a SyntaxError where it is no JSON.
   */
  readonly raw: Client<paths>;
}

/** Throws a TypeError or a RangeError, which names it, for an option that cannot be used. */
export function createLunchClient(options: LunchClientOptions): LunchClient {
  const { client: asking, raw, run } = connect(options);
  const call = callBy(run);
  const client: LunchClient = {
    raw,
    listRestaurants: (filter, options) =>
      call(readRestaurants, options, (init) =>
        asking.GET('/restaurant', { params: { query: filter as Present }, ...init }),
      ),
    getRestaurant: (identifier, options) =>
      call(readRestaurantToday, options, (init) =>
        asking.GET('/restaurant/{restaurant_id}', {
          params: { path: { restaurant_id: toSegment(identifier) } },
          ...init,
        }),
      ),
    listMenus: ({ restaurants, ...filter } = {}, options) =>
      call(readMenusToday, options, (init) =>
        restaurants?.length === 0 && filter.region === undefined
          ? noMenus()
          : asking.GET('/menus', {
              params: { query: { ...(filter as Present), restaurant: [...(restaurants ?? [])] } },
              ...init,
            }),
      ),
    iterateMenus: (wanted = {}, options = {}) => arrivals(client, wanted, options),
    findDishes: (query, filter, options) =>
      call(readDishesToday, options, (init) =>
        asking.GET('/dishes', { params: { query: { q: query, ...(filter as Present) } }, ...init }),
      ),
    relay: <Data>(path: string, request: AnyRelayRequest<Data> = {}, options?: CallOptions) =>
      call<Data>(
        request.parse ?? (readAny as () => Promise<Data>),
        options,
        (init) => askRelayed(asking.request as Ask, path, request, init),
        true,
      ),
  };
  return client;
}

/** Makes a call of how its answer is read, and of its question. */
const callBy =
  (run: Connection['run']) =>
  <Data>(
    read: (response: Response) => Data | Promise<Data>,
    { signal, headers = {} }: CallOptions = {},
    ask: (init: CallInit) => Promise<Answer>,
    isRelayed?: boolean,
  ): LunchCall<Data> =>
    toLunchCall(run(signal, async (fetch) => take(ask({ headers, parseAs: 'stream', fetch }), read, isRelayed)));

/** Throws `not_found` for what is no segment of a path: the URI would be another one. */
function toSegment(identifier: string): string {
  if (/^\.{0,2}$/.test(identifier)) throw new LunchError('not_found', `There is no restaurant "${identifier}".`);
  return identifier;
}

/** openapi-fetch leaves out what is undefined, though its types do not say so. */
type Present = { region?: string };

/** To ask for none of the restaurants needs no relay; the date is of this machine's clock. */
function noMenus(): Promise<Answer> {
  const date = new Date().toLocaleDateString('sv', { timeZone: 'Europe/Stockholm' });
  return Promise.resolve({ response: Response.json({ date, menus: [], failures: [] }) });
}

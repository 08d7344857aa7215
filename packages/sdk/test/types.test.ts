/** What the compiler is to accept and to refuse (`tsc` checks this file), and the same at run time: sets are open. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type CacheResult,
  createEtagCache,
  createLunchClient,
  type Dish,
  type DishesToday,
  isLunchError,
  type ListedRestaurant,
  type LunchCall,
  type LunchClient,
  type LunchError,
  type LunchErrorKind,
  type MenuArrival,
  type MenusToday,
  type RestaurantToday,
  type TodaysMenu,
} from '@lunch-relay/sdk';
import type { operations } from '../src/generated/schema.gen.ts';
import { type ScriptedServer, startScripted, TODAY } from './support/scripted.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Refuses a value whose type is not exactly the one expected. */
const exactly =
  <Expected>() =>
  <Actual>(value: Actual, ..._unless: Equal<Actual, Expected> extends true ? [] : [never]) =>
    void value;

export function methods(client: LunchClient): void {
  exactly<LunchCall<ListedRestaurant[]>>()(client.listRestaurants());
  exactly<LunchCall<RestaurantToday>>()(client.getRestaurant('a'));
  exactly<LunchCall<MenusToday>>()(client.listMenus());
  exactly<LunchCall<DishesToday>>()(client.findDishes('lax'));
  exactly<LunchCall<unknown>>()(client.relay('/x'));
  // @ts-expect-error that these claims are tested at all
  exactly<LunchCall<ListedRestaurant>>()(client.listRestaurants());
}

// every operation of the relay has a method: the error names the one that has none
type WithoutMethod = Exclude<keyof operations, keyof LunchClient>;
const withoutMethod: [WithoutMethod] extends [never] ? 'none' : WithoutMethod = 'none';

// values that the SDK does not know are no errors
const menuOf = (status: string, region: string, reason: string): Pick<TodaysMenu, 'status' | 'region' | 'reason'> => ({
  status,
  region,
  reason,
});
const dish: Dish = { name: 'Soppa', diet: 'pescetarian' };
const kind: LunchErrorKind = 'a_kind_of_2030';
const cache: CacheResult = 'revalidated';
void [withoutMethod, menuOf, dish, kind, cache];

export function closedSwitch(error: LunchError): string {
  switch (error.kind) {
    case 'not_found':
    case 'invalid_request':
    case 'rate_limited':
    case 'upstream_unavailable':
    case 'timeout':
    case 'not_cached':
    case 'connection':
    case 'invalid_response':
    case 'relay_error':
      return 'known';
    default: {
      // @ts-expect-error a switch over all kinds of today is never whole
      const rest: never = error.kind;
      return rest;
    }
  }
}

export async function accepted(client: LunchClient, signal: AbortSignal): Promise<void> {
  const options = { signal, headers: { 'x-trace': '1' } };
  await client.listRestaurants({ region: 'anywhere' }, options);
  await client.listMenus({ restaurants: ['a'] as const }, options);
  const bytes: ArrayBuffer = await client.relay('/x', { parse: (response) => response.arrayBuffer() }, options);
  const { data, ageMs } = await client.findDishes('lax', {}, options).withResponse();
  exactly<DishesToday>()(data);
  exactly<number | undefined>()(ageMs);
  const { data: raw } = await client.raw.GET('/menus', { params: { query: { restaurant: ['a', 'b'] } } });
  exactly<MenusToday | undefined>()(raw);
  for await (const arrival of client.iterateMenus({}, options)) {
    exactly<MenuArrival>()(arrival);
    if (arrival.menu) exactly<undefined>()(arrival.error);
    else exactly<LunchError>()(arrival.error);
  }
  void bytes;
}

/** Under `exactOptionalPropertyTypes`, which is on here: a value that there may not be can be handed on. */
export async function maybe(client: LunchClient, text: string | undefined, signal?: AbortSignal): Promise<void> {
  const number: number | undefined = text?.length;
  createLunchClient({
    baseUrl: 'http://x',
    fetch: undefined,
    timeoutMs: number,
    totalTimeoutMs: number,
    retries: number,
    headers: undefined,
    appInfo: undefined,
    cache: undefined,
  });
  createLunchClient({ baseUrl: 'http://x', appInfo: { name: 'x', version: text } });
  createEtagCache({ maxEntries: number });
  const options = { signal, headers: undefined };
  await client.listRestaurants({ region: text }, options);
  await client.listMenus({ region: text, restaurants: text === undefined ? undefined : [text] }, options);
  await client.findDishes('lax', { region: text }, options);
  await client.relay('/x', { method: text, body: text }, options);
  exactly<string>()(await client.relay('/x', { method: text, parse: (response) => response.text() }, options));
  void client.iterateMenus({ region: text, restaurants: undefined }, options);
}

export function refused(client: LunchClient, error: unknown): void {
  // @ts-expect-error there is no such filter
  void client.listRestaurants({ city: 'Solna' });
  // @ts-expect-error the path of a relayed URI begins with a slash
  void client.relay('version');
  // @ts-expect-error nobody has checked what a relayed URI gives: its type cannot be claimed
  void client.relay<{ version: string }>('/version');
  // @ts-expect-error there is no such operation
  void client.raw.GET('/nothing');
  // @ts-expect-error durations are numbers of milliseconds
  createLunchClient({ baseUrl: 'http://x', timeoutMs: '5s' });
  if (isLunchError(error, 'timeout', 'connection')) exactly<'timeout' | 'connection'>()(error.kind);
}

let server: ScriptedServer;
beforeAll(async () => {
  const today = { ...TODAY.today, status: 'moved', region: 'Lund', dishes: [dish], added: { in: 2030 } };
  const problem = {
    type: '/docs/errors#a_code_of_2030',
    code: 'a_code_of_2030',
    detail: 'Something new.',
    status: 418,
  };
  server = await startScripted((response, _, { url }) => {
    const [status, body] =
      url === '/restaurant/a' ? ([200, { ...TODAY, today, added: [] }] as const) : ([418, problem] as const);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
});
afterAll(() => server.close());

it('passes on values and members that it does not know', async () => {
  const { today } = await createLunchClient({ baseUrl: server.url }).getRestaurant('a');
  expect(today).toMatchObject({ status: 'moved', region: 'Lund', dishes: [dish], added: { in: 2030 } });
});

it('has a kind for a code that it does not know', async () => {
  const error: unknown = await createLunchClient({ baseUrl: server.url })
    .getRestaurant('b')
    .catch((failure: unknown) => failure);
  expect(isLunchError(error, 'invalid_request') && error.code).toBe('a_code_of_2030');
});

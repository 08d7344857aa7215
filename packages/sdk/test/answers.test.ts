/** What is taken for an answer of a relay, and what the error tells where it is none. */
import { expect, it } from '@jest/globals';
import type { LunchClient } from '@lunch-relay/sdk';
import { clientOf } from './support/clients.ts';
import { failureOf } from './support/failureOf.ts';
import { cut, json, type Script, TODAY } from './support/scripted.ts';

const strictClient = async (script: Script) => (await clientOf([script], { retries: 0 })).client;

const PLACE = { identifier: 'a', name: 'A' };
const LISTED = { ...PLACE, region: 'Solna', publishesMenu: true };
const FOUND = {
  date: '2026-11-23',
  searched: 1,
  notSearched: [],
  matches: [{ dish: { name: 'Lax' }, restaurant: PLACE }],
};
const MENUS = { date: '2026-11-23', menus: [TODAY.today], failures: [{ ...PLACE, code: 'upstream_error' }] };
const today = (members: object) => ({ ...TODAY, today: { ...TODAY.today, ...members } });

type Ask = (client: LunchClient) => Promise<unknown>;
const list: Ask = (client) => client.listRestaurants();
const get: Ask = (client) => client.getRestaurant('a');
const menus: Ask = (client) => client.listMenus();
const find: Ask = (client) => client.findDishes('lax');

it.each<[string, Ask, unknown]>([
  ['a list', list, { restaurants: [LISTED] }],
  ['a restaurant', get, TODAY],
  ['menus', menus, MENUS],
  ['dishes', find, FOUND],
])('%s may have further members at every level', async (_, ask, answer) => {
  const grown = JSON.parse(JSON.stringify(answer), (_name, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value, of2030: { a: [1] } } : value,
  ) as unknown;
  expect(JSON.stringify(await ask(await strictClient(json(grown))))).toContain('of2030');
});

it.each<[string, Ask, unknown]>([
  ['a restaurant without identifier', list, { restaurants: [{ ...LISTED, identifier: undefined }] }],
  ['a restaurant whose name is none', list, { restaurants: [LISTED, { ...LISTED, name: 7 }] }],
  ['a list that is none', list, { restaurants: { 0: LISTED, length: 1 } }],
  ['null for a restaurant', list, { restaurants: [null] }],
  ['no today', get, { restaurant: TODAY.restaurant }],
  ['no restaurant', get, { today: TODAY.today }],
  ['a menu without date', get, today({ date: undefined })],
  ['a menu of no time', get, today({ fetchedAt: undefined })],
  ['dishes that are none', get, today({ dishes: 'Lax' })],
  ['a dish without name', get, today({ dishes: [{}] })],
  ['a notice that is no text', get, today({ notices: [null] })],
  ['a menu that is none among many', menus, { ...MENUS, menus: [TODAY.today, 'closed'] }],
  ['no failures', menus, { ...MENUS, failures: undefined }],
  ['a failure of nobody', menus, { ...MENUS, failures: [{}] }],
  ['a match without dish', find, { ...FOUND, matches: [{ restaurant: PLACE }] }],
  ['a match without restaurant', find, { ...FOUND, matches: [{ dish: { name: 'Lax' } }] }],
  ['a number that is none', find, { ...FOUND, searched: '9' }],
  ['null', find, null],
])('%s is no answer', async (_, ask, answer) => {
  const error = await failureOf(ask(await strictClient(json(answer))));
  expect(error).toMatchObject({ kind: 'invalid_response', status: 200, retryable: false });
  expect(error.message).toBe('The answer has another form than expected. Is this a Lunch Relay?');
  expect('cause' in error).toBe(false);
});

it.each<[string, Script]>([
  ['is no JSON', (response) => void response.end('<p>')],
  ['is empty', (response) => void response.end()],
  ['is of another form', json({})],
  ['is no success, and of nobody', json({}, 404)],
  ['is cut short', cut],
])('an answer that %s tells the number of the request', async (_, script) => {
  const numbered: Script = (response, ...words) => script(response.setHeader('X-Request-Id', '4711'), ...words);
  const error = await failureOf(list(await strictClient(numbered)));
  expect(error).toMatchObject({ kind: 'invalid_response', requestId: '4711' });
});

it('an error of another server is not told in its words', async () => {
  const error = await failureOf(list(await strictClient(json({ detail: 'Not Found' }, 404))));
  expect(error.message).toBe('The relay answered with status 404.');
});

const problem = (code: string, status: number) =>
  json({ type: `/docs/errors#${code}`, code, title: code, detail: `${code}.`, status, requestId: '1' }, status);

it.each([
  ['request_timeout', 408, 'timeout', true],
  ['not_cached', 504, 'not_cached', false],
  ['upstream_timeout', 504, 'timeout', true],
  ['upstream_overloaded', 503, 'rate_limited', true],
  ['relay_overloaded', 503, 'rate_limited', true],
  ['client_rate_limited', 429, 'rate_limited', true],
  ['upstream_suspended', 503, 'upstream_unavailable', true],
  ['restaurant_not_found', 404, 'not_found', false],
  ['headers_too_large', 431, 'invalid_request', false],
  ['not_implemented', 501, 'relay_error', false],
  ['loop_detected', 508, 'relay_error', false],
])('%s (%d) is of the kind %s', async (code, status, kind, retryable) => {
  expect(await failureOf(get(await strictClient(problem(code, status))))).toMatchObject({
    code,
    kind,
    retryable,
    status,
  });
});

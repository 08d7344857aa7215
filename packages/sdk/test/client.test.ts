/** The client against the real relay in front of the simulated upstream, and against servers that are no relay. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLunchClient, type LunchClient } from '@lunch-relay/sdk';
import { MONDAY_11, startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { clientOf } from './support/clients.ts';
import { failureOf } from './support/failureOf.ts';
import { closedUrl, json, type Script } from './support/scripted.ts';

describe('the client', () => {
  let test: TestRelay;
  let client: LunchClient;
  beforeEach(async () => {
    test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '1000' } });
    client = createLunchClient({ baseUrl: test.relay.url });
  });
  afterEach(() => test.close());

  it('lists restaurants, of one region if asked', async () => {
    expect(await client.listRestaurants()).toHaveLength(18);
    const solna = await client.listRestaurants({ region: 'solna' });
    expect(new Set(solna.map(({ region }) => region))).toEqual(new Set(['Solna']));
  });

  it('tells what a restaurant serves today', async () => {
    const { today, restaurant } = await client.getRestaurant('nanna');
    expect(today).toMatchObject({ identifier: 'nanna', status: 'served', date: '2026-11-23' });
    expect(restaurant.menu.length).toBeGreaterThan(0);
  });

  it('finds where a dish can be eaten', async () => {
    const { today } = await client.getRestaurant('nanna');
    const { matches } = await client.findDishes(today.dishes[0]?.name ?? '', { region: 'solna' });
    expect(matches).toContainEqual({
      dish: today.dishes[0],
      restaurant: expect.objectContaining({ identifier: 'nanna' }) as unknown,
    });
    expect(await failureOf(client.findDishes(''))).toMatchObject({ kind: 'invalid_request', status: 400 });
  });

  it('offers the typed client beneath', async () => {
    const { data } = await client.raw.GET('/restaurant/{restaurant_id}', {
      params: { path: { restaurant_id: 'jorpes' } },
    });
    expect(data?.today.status).toBe('no_online_menu');
  });

  it('throws what the relay says', async () => {
    expect(await failureOf(client.getRestaurant('nana'))).toMatchObject({
      name: 'LunchError',
      kind: 'not_found',
      status: 404,
      code: 'restaurant_not_found',
      suggestions: ['nanna'],
      requestId: expect.stringMatching(/^[0-9a-f-]{16,}$/) as unknown,
    });
    expect(await failureOf(client.listRestaurants({ region: 'x' }))).toMatchObject({
      kind: 'invalid_request',
      status: 400,
    });
  });

  it.each([
    ['bikupan', { kind: 'reset-before-headers' }, 'upstream_unavailable'],
    ['dufva', { kind: 'status', status: 429 }, 'rate_limited'],
    ['elma', { kind: 'hang' }, 'timeout'],
  ] as const)('throws for %s with %j the kind %s', async (identifier, fault, kind) => {
    test.simulator.setFault(`/restaurant/${identifier}`, fault);
    expect(await failureOf(client.getRestaurant(identifier))).toMatchObject({ kind });
  });

  it('tells what many serve, and what fails beside them', async () => {
    test.setNow(MONDAY_11 + 24 * 3_600_000);
    test.simulator.setFault('/restaurant/omni', { kind: 'status', status: 500 });
    const { date, menus, failures } = await client.listMenus({ restaurants: ['omni', 'jorpes', 'nanna'] });
    expect(date).toBe('2026-11-24');
    expect(menus.map(({ identifier }) => identifier)).toEqual(['jorpes', 'nanna']);
    expect(failures).toMatchObject([{ identifier: 'omni', code: 'upstream_error' }]);
    test.simulator.clearFaults();
    test.setNow(MONDAY_11 + 48 * 3_600_000);
    expect((await client.listMenus()).menus).toHaveLength(18);
  });

  it('gives no menus to whoever names no restaurant, without asking', async () => {
    const asked = test.logged.length;
    expect(await client.listMenus({ restaurants: [] })).toEqual({
      date: new Date().toLocaleDateString('sv', { timeZone: 'Europe/Stockholm' }),
      menus: [],
      failures: [],
    });
    expect(test.logged).toHaveLength(asked);
    const { menus } = await client.listMenus({ restaurants: [], region: 'uppsala' });
    expect(new Set(menus.map(({ region }) => region))).toEqual(new Set(['Uppsala']));
  });

  it('takes undefined for what is left out', async () => {
    expect(await client.listRestaurants({ region: undefined }, { signal: undefined })).toHaveLength(18);
    expect((await client.listMenus({ restaurants: undefined, region: undefined })).menus).toHaveLength(18);
    const { searched } = await client.findDishes('lax', { region: undefined }, { headers: undefined });
    expect(searched).toBeGreaterThan(0);
    await client.relay('/restaurant/nanna/', { method: undefined, body: undefined });
  });

  it.each(['', '.', '..'])('knows without asking that "%s" is no restaurant', async (identifier) => {
    expect(await failureOf(client.getRestaurant(identifier))).toMatchObject({ kind: 'not_found' });
  });

  it('tells the lunch-menu API itself from a relay', async () => {
    const direct = createLunchClient({ baseUrl: test.simulator.url });
    expect(await failureOf(direct.listRestaurants())).toMatchObject({ kind: 'invalid_response' });
    expect(await failureOf(direct.getRestaurant('nanna'))).toMatchObject({ kind: 'invalid_response' });
  });

  it.each([0, '', null, false])('keeps %j as a reason to abort', async (reason) => {
    await expect(client.listRestaurants({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('says what is wrong with half a character', async () => {
    await expect(client.getRestaurant('\ud83c')).rejects.toMatchObject({ kind: 'invalid_request' });
    await expect(client.findDishes('lax \ud83c')).rejects.toMatchObject({ kind: 'invalid_request' });
  });

  it('keeps a caller’s reason to abort as it is', async () => {
    const reason = new Error('changed my mind');
    await expect(client.listRestaurants({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('gives headers, cache result and age where they are asked for', async () => {
    const own = await startTestRelay();
    const fresh = createLunchClient({ baseUrl: own.relay.url });
    expect(await fresh.getRestaurant('nanna').withResponse()).toMatchObject({ cache: 'miss', ageMs: 0, status: 200 });
    own.setNow(MONDAY_11 + 60_000);
    const { data, headers, cache, ageMs } = await fresh.getRestaurant('nanna').withResponse();
    expect([data.today.status, cache, ageMs]).toEqual(['served', 'hit', 60_000]);
    expect(headers.get('etag')).toMatch(/^".+"$/);
    own.setNow(MONDAY_11 + 2 * 3_600_000);
    await fresh.relay('/version');
    own.simulator.setFault('*', { kind: 'reset-before-headers' });
    expect(await fresh.getRestaurant('nanna').withResponse()).toMatchObject({ cache: 'stale', ageMs: 7_200_000 });
    // the first that stands in, and those that do not ask again for a while
    for (const seconds of [1, 2]) {
      own.setNow(MONDAY_11 + 2 * 3_600_000 + seconds * 1_000);
      expect(await fresh.relay('/version').withResponse()).toMatchObject({ cache: 'stale', ageMs: seconds * 1_000 });
    }
    await own.close();
  });

  it('rejects withResponse as the call, and nothing else', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    expect(await failureOf(client.getRestaurant('nana').withResponse())).toMatchObject({ kind: 'not_found' });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});

describe('where no relay answers', () => {
  it('says why there is no connection', async () => {
    const client = createLunchClient({ baseUrl: await closedUrl() });
    const error = await failureOf(client.listRestaurants());
    expect(error).toMatchObject({ kind: 'connection', retryable: true, cause: { code: 'ECONNREFUSED' } });
    expect(error.message).toMatch(/^connect ECONNREFUSED/);
  });

  it('takes the first of several reasons', async () => {
    const fetch = () =>
      Promise.reject(new TypeError('fetch failed', { cause: new AggregateError([new Error('first')]) }));
    const client = createLunchClient({ baseUrl: 'http://x', retries: 0, fetch });
    expect((await failureOf(client.listRestaurants())).message).toBe('first');
  });

  const html = (status: number, text = '<p>hello</p>'): Script => {
    return (response) => void response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8' }).end(text);
  };
  it.each<[string, Script, string]>([
    [
      'HTML with 200',
      html(200),
      'The answer (text/html; charset=utf-8, 12 characters) is no JSON. Is this a Lunch Relay?',
    ],
    [
      'JSON of another form',
      json({ restaurants: 7 }),
      'The answer has another form than expected. Is this a Lunch Relay?',
    ],
    ['JSON null', json(null), 'The answer has another form than expected. Is this a Lunch Relay?'],
    [
      'broken JSON',
      (response) => void response.setHeader('Content-Type', 'application/json').end('{"rest'),
      'The answer (application/json, 6 characters) is no JSON. Is this a Lunch Relay?',
    ],
    [
      'nothing with 200',
      (response) => void response.end(),
      'The answer (of no type, 0 characters) is no JSON. Is this a Lunch Relay?',
    ],
    [
      '204',
      (response) => void response.writeHead(204).end(),
      'The answer (of no type, 0 characters) is no JSON. Is this a Lunch Relay?',
    ],
    ['an error page', html(404), 'The relay answered with status 404.'],
    ['an empty error', html(500, ''), 'The relay answered with status 500.'],
  ])('calls %s an invalid response', async (_, script, message) => {
    const { client } = await clientOf([script]);
    const error = await failureOf(client.listRestaurants());
    expect(error).toMatchObject({ kind: 'invalid_response', retryable: false });
    expect(error.message).toBe(message);
  });
});

/** The client against the real relay in front of the simulated upstream, and against servers that are no relay. */
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLunchClient, type LunchClient, LunchError } from '@lunch-relay/sdk';
import { MONDAY_11, startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';

async function failureOf(call: Promise<unknown>): Promise<LunchError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof LunchError) return outcome;
  throw new Error('no LunchError was thrown', { cause: outcome });
}

describe('the client', () => {
  let test: TestRelay;
  let client: LunchClient;
  beforeAll(async () => {
    test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '300' } });
    client = createLunchClient({ baseUrl: test.relay.url });
  });
  afterAll(() => test.close());

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
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
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
    test.simulator.clearFaults();
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

  it.each(['', '.', '..'])('knows without asking that "%s" is no restaurant', async (identifier) => {
    expect(await failureOf(client.getRestaurant(identifier))).toMatchObject({ kind: 'not_found' });
  });

  it('tells the lunch-menu API itself from a relay', async () => {
    const direct = createLunchClient({ baseUrl: test.simulator.url });
    expect(await failureOf(direct.listRestaurants())).toMatchObject({ kind: 'invalid_response' });
    expect(await failureOf(direct.getRestaurant('nanna'))).toMatchObject({ kind: 'invalid_response' });
  });

  it('keeps a caller’s reason to abort as it is', async () => {
    const reason = new Error('changed my mind');
    await expect(client.listRestaurants({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it.each(['', 'localhost:8080', 'ftp://x', '/api', 'http://'])('refuses the base URL "%s"', (baseUrl) => {
    expect(() => createLunchClient({ baseUrl })).toThrow(TypeError);
  });
});

describe('where no relay answers', () => {
  const servers: http.Server[] = [];
  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });
  async function serve(handle: RequestListener): Promise<string> {
    const server = http.createServer(handle).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('says why there is no connection', async () => {
    const client = createLunchClient({ baseUrl: 'http://127.0.0.1:1' });
    const error = await failureOf(client.listRestaurants());
    expect(error.kind).toBe('connection');
    expect(error.message).not.toBe('fetch failed');
  });

  it.each<[string, RequestListener]>([
    ['HTML with 200', (_, response) => void response.setHeader('Content-Type', 'text/html').end('<p>hello</p>')],
    [
      'JSON of another form',
      (_, response) => void response.setHeader('Content-Type', 'application/json').end('{"restaurants":7}'),
    ],
    ['JSON null', (_, response) => void response.setHeader('Content-Type', 'application/json').end('null')],
    ['nothing with 200', (_, response) => void response.end()],
    ['an error page', (_, response) => void response.writeHead(404).end('<p>not here</p>')],
    ['an empty error', (_, response) => void response.writeHead(500).end()],
  ])('calls %s an invalid response', async (_, handle) => {
    const client = createLunchClient({ baseUrl: await serve(handle) });
    expect((await failureOf(client.listRestaurants())).kind).toBe('invalid_response');
  });

  it('gives up in time, also on a body that does not end', async () => {
    const baseUrl = await serve(
      (_, response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).write('{'),
    );
    const client = createLunchClient({ baseUrl, timeoutMs: 100 });
    expect(await failureOf(client.listRestaurants())).toMatchObject({
      kind: 'timeout',
      message: 'The relay did not answer within 100 ms.',
    });
  });
});

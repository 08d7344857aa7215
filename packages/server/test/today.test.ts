/** Today’s menu and nothing else, through HTTP, over days as the upstream really has them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { ResponseOf } from '../src/contract.ts';
import { startRedis, type TestRedis } from './support/redis.ts';
import { getJson, startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';

type RestaurantToday = ResponseOf<'getRestaurant'>;
type DishesToday = ResponseOf<'findDishes'>;

const at = (text: string) => Date.parse(text);

describe('the status of a real restaurant', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay();
  });
  afterAll(() => test.close());

  it.each([
    ['a weekday', '2026-11-23T10:00:00Z', 'nanna', { status: 'served' }],
    ['a weekday', '2026-11-23T10:00:00Z', 'jorpes', { status: 'no_online_menu' }],
    [
      'a Saturday, though the upstream has dishes',
      '2026-11-28T10:00:00Z',
      'elma',
      { status: 'closed', reason: 'weekend' },
    ],
    [
      'a Sunday, though the upstream has Monday’s dishes',
      '2026-11-29T10:00:00Z',
      'jons',
      { status: 'closed', reason: 'weekend' },
    ],
    ['a Saturday', '2026-11-28T10:00:00Z', 'jorpes', { status: 'closed', reason: 'weekend' }],
    [
      'Easter Monday',
      '2026-04-06T10:00:00Z',
      'rudbeck',
      { status: 'closed', reason: 'public_holiday', holiday: 'Annandag påsk' },
    ],
    [
      'Easter Monday, though the upstream has dishes',
      '2026-04-06T10:00:00Z',
      'svarta',
      { status: 'closed', reason: 'public_holiday' },
    ],
  ])('on %s (%s) %s: %j', async (_, moment, identifier, standing) => {
    test.setNow(at(moment));
    const { today } = await getJson<RestaurantToday>(`${test.relay.url}/restaurant/${identifier}`);
    expect(today).toMatchObject({ ...standing, date: moment.slice(0, 10) });
    expect(today.dishes.length > 0).toBe(standing.status === 'served');
  });

  it('is unknown, never closed, when the upstream’s parser fails', async () => {
    test.setNow(at('2026-11-25T10:00:00Z'));
    test.simulator.setParserFault(['omni', 'jorpes']);
    const statusOf = async (identifier: string) =>
      (await getJson<RestaurantToday>(`${test.relay.url}/restaurant/${identifier}`)).today.status;
    expect([await statusOf('omni'), await statusOf('jorpes')]).toEqual(['unknown', 'no_online_menu']);
    test.simulator.clearFaults();
  });

  it('stays served when the parser fails later in the day, and is asked for again in minutes', async () => {
    test.setNow(at('2026-11-26T10:00:00Z'));
    const url = `${test.relay.url}/restaurant/hubben`;
    const { today: before } = await getJson<RestaurantToday>(url);
    test.simulator.setParserFault(['hubben']);
    test.setNow(at('2026-11-26T11:30:00Z'));
    await getJson(url); // the stale copy; the refresh finds nothing
    await until(() => !(test.simulator.requestCount('/restaurant/hubben') < 2));
    await expectEventually(async () => (await getJson<RestaurantToday>(url)).today, { ...before, stale: true });
    // asked for again, and empty again
    test.setNow(at('2026-11-26T11:36:00Z'));
    await getJson(url);
    await until(() => !(test.simulator.requestCount('/restaurant/hubben') < 3));
    const { text } = await request(test.relay.adminUrl).get('/metrics');
    expect(text).toContain('lunch_relay_suspicious_empty_menus_total 1');
    test.simulator.clearFaults();
    test.setNow(at('2026-11-26T11:42:00Z'));
    await getJson(url);
    await expectEventually(async () => (await getJson<RestaurantToday>(url)).today.stale, false);
  });

  it('of one that begins to publish is known from then on', async () => {
    test.setNow(at('2026-11-26T10:00:00Z'));
    const body = JSON.stringify({ restaurant: { menu: [{ dish: 'Lax' }] } });
    test.simulator.setFault('/restaurant/street', {
      kind: 'status',
      status: 200,
      body,
      contentType: 'application/json',
    });
    expect((await getJson<RestaurantToday>(`${test.relay.url}/restaurant/street`)).today.status).toBe('served');
    test.simulator.clearFaults();
    test.setNow(at('2026-11-27T10:00:00Z'));
    expect((await getJson<RestaurantToday>(`${test.relay.url}/restaurant/street`)).today.status).toBe('unknown');
    const { restaurants } = await getJson<ResponseOf<'listRestaurants'>>(`${test.relay.url}/restaurant`);
    expect(restaurants.find(({ identifier }) => identifier === 'street')?.publishesMenu).toBe(true);
  });
});

async function expectEventually(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      expect(await read()).toEqual(expected);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  expect(await read()).toEqual(expected);
}

describe.each(['memory', 'Redis'])('over midnight, with the cache in %s', (kind) => {
  let redis: TestRedis | undefined;
  beforeAll(async () => {
    if (kind === 'Redis') redis = await startRedis();
  });
  afterAll(() => redis?.stop());
  const open: TestRelay[] = [];
  afterEach(async () => {
    for (const test of open.splice(0)) await test.close();
  });
  async function start(now: number, upstreamUrl?: string): Promise<TestRelay> {
    const settings = { ...(redis && { REDIS_URL: redis.url }), ...(upstreamUrl && { UPSTREAM_URL: upstreamUrl }) };
    const test = await startTestRelay({ now, settings });
    open.push(test);
    await until(
      async () => !(redis && !(await (await fetch(`${test.relay.adminUrl}/readyz`)).text()).includes('"redis":"up"')),
    );
    return test;
  }
  const dishesOf = async (test: TestRelay, identifier: string) =>
    (await getJson<RestaurantToday>(`${test.relay.url}/restaurant/${identifier}`)).today;

  it.each([
    [
      'winter',
      ['2026-11-23T22:50:00Z', '2026-11-23T22:59:59.999Z'],
      ['2026-11-23T23:00:00Z', '2026-11-23T23:10:00Z', '2026-11-24T01:30:00Z', '2026-11-24T03:50:00Z'],
      '2026-11-24T11:00:00Z',
    ],
    [
      'summer',
      ['2026-07-01T21:50:00Z', '2026-07-01T21:59:59.999Z'],
      ['2026-07-01T22:00:00Z', '2026-07-01T22:10:00Z', '2026-07-02T00:30:00Z', '2026-07-02T02:50:00Z'],
      '2026-07-02T11:00:00Z',
    ],
  ])(
    'a relay that runs on, and one that is started anew, serve no dish of the day before (%s)',
    async (_, evening, night, noon) => {
      const running = await start(at(evening[0] ?? ''));
      const yesterday = await dishesOf(running, 'nanna');
      running.setNow(at(evening[1] ?? ''));
      expect((await dishesOf(running, 'nanna')).status).toBe('served');

      // with a cache of its own: the others must not find its menu in Redis
      const reference = await startTestRelay({ now: at(noon) });
      open.push(reference);
      const today = await dishesOf(reference, 'nanna');
      expect(today.dishes).not.toEqual(yesterday.dishes);

      for (const moment of night) {
        running.setNow(at(moment));
        const asked = [running, await start(at(moment), running.simulator.url)];
        for (const test of asked) {
          const { status, reason, dishes, date } = await dishesOf(test, 'nanna');
          expect(date).toBe(noon.slice(0, 10));
          if (status === 'served') expect(dishes).toEqual(today.dishes);
          else
            expect({ status, reason, dishes }).toEqual({ status: 'unknown', reason: 'not_yet_published', dishes: [] });
        }
      }
    },
  );

  it('a relay whose upstream is gone serves an error rather than the day before', async () => {
    const test = await start(at('2026-11-25T22:50:00Z'));
    expect((await dishesOf(test, 'elma')).status).toBe('served');
    test.simulator.setFault('*', { kind: 'reset-before-headers' });
    test.setNow(at('2026-11-25T23:00:00Z'));
    await request(test.relay.url).get('/restaurant/elma').expect(502);
    const { matches, notSearched } = await getJson<DishesToday>(`${test.relay.url}/dishes?q=a`);
    expect({ matches, unknown: notSearched.length }).toEqual({ matches: [], unknown: 18 });
  });
});

/** Today's menu and nothing else, through HTTP, over days as the upstream really has them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { ResponseOf } from '../src/contract.ts';
import { startRedis, type TestRedis } from './support/redis.ts';
import { MONDAY_11, startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';

type RestaurantToday = ResponseOf<'getRestaurant'>;
type MenusToday = ResponseOf<'listMenus'>;
type DishesToday = ResponseOf<'findDishes'>;

const at = (text: string) => Date.parse(text);
const getJson = async <T>(url: string) => (await (await fetch(url)).json()) as T;

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
    const { text } = await request(test.relay.adminUrl).get('/metrics');
    expect(text).toContain('lunch_relay_suspicious_empty_menus_total 1');
    test.simulator.clearFaults();
    test.setNow(at('2026-11-26T11:36:00Z'));
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

describe('GET /menus', () => {
  let test: TestRelay;
  beforeEach(async () => {
    test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '2000' } });
  });
  afterEach(() => test.close());

  const menus = (query: string) => getJson<MenusToday>(`${test.relay.url}/menus${query}`);
  const identifiers = ({ menus: found }: MenusToday) => found.map(({ identifier }) => identifier);

  it('answers the restaurants named and those of the region, in the list’s order', async () => {
    expect(identifiers(await menus('?restaurant=omni&restaurant=jorpes'))).toEqual(['jorpes', 'omni']);
    expect(identifiers(await menus('?restaurant=omni&region=uppsala'))).toEqual([
      'bikupan',
      'dufva',
      'elma',
      'hubben',
      'kraemer',
      'omni',
      'rudbeck',
    ]);
    const all = await menus('');
    expect(all).toMatchObject({ date: '2026-11-23', failures: [] });
    expect(all.menus).toHaveLength(18);
    expect(all.menus.filter(({ status }) => status === 'served')).toHaveLength(9);
  });

  it('asks the upstream once for each, two at a time', async () => {
    await menus('');
    test.simulator.resetRequests();
    await menus('');
    expect(test.simulator.requestCount()).toBe(0);
    test.setNow(MONDAY_11 + 24 * 3_600_000);
    await Promise.all([menus(''), menus(''), menus('?region=solna')]);
    expect(test.simulator.requests.filter(({ path }) => path?.startsWith('/restaurant/'))).toHaveLength(18);
  });

  it('tells what fails beside the rest, and lets that be asked again soon', async () => {
    test.setNow(MONDAY_11 + 2 * 24 * 3_600_000);
    test.simulator.setFault('/restaurant/nanna', { kind: 'reset-before-headers' });
    test.simulator.setFault('/restaurant/omni', { kind: 'hang' });
    const response = await fetch(`${test.relay.url}/menus?region=solna`);
    const { menus: found, failures } = (await response.json()) as MenusToday;
    expect(response.headers.get('cache-control')).toBe('public, max-age=10');
    expect(found).toHaveLength(10);
    expect(failures).toEqual([
      {
        identifier: 'nanna',
        name: 'Restaurang Nanna Svartz',
        code: 'upstream_unreachable',
        detail: expect.any(String) as unknown,
      },
      { identifier: 'omni', name: 'Restaurang Omni', code: 'upstream_timeout', detail: expect.any(String) as unknown },
    ]);
  });

  it.each([
    [
      '/menus?restaurant=nanna&restaurant=nosuch',
      'restaurant',
      /^restaurant: there is no restaurant "nosuch"; use one of bikupan, .*svarta\.$/,
    ],
    ['/menus?restaurant=', 'restaurant', /^restaurant: there is no restaurant ""/],
    ['/menus?region=Kista', 'region', /^region: there is no region "Kista"; use one of Uppsala, Solna\.$/],
    ['/dishes', 'q', /^q: is needed: words of a dish\.$/],
    ['/dishes?q=', 'q', /^q: must not be empty/],
    ['/dishes?q=%20%20', 'q', /^q: must not be empty/],
    ['/dishes?q=!%3F', 'q', /^q: a word of a dish is needed\.$/],
    [`/dishes?q=${'a'.repeat(101)}`, 'q', /^q: must have at most 100 characters\.$/],
    ['/dishes?q=a&q=b', 'q', /^q: /],
    ['/dishes?q=lax&region=Kista', 'region', /use one of Uppsala, Solna\.$/],
  ])('refuses %s, naming %s', async (path, parameter, detail) => {
    const response = await request(test.relay.url)
      .get(path)
      .expect(400)
      .expect('Content-Type', 'application/problem+json');
    expect(response.body).toMatchObject({
      code: 'invalid_request',
      parameter,
      detail: expect.stringMatching(detail) as unknown,
    });
  });
});

describe('GET /dishes', () => {
  let test: TestRelay;
  beforeEach(async () => {
    test = await startTestRelay();
  });
  afterEach(() => test.close());

  it('tells who serves a dish and where, and what could not be searched', async () => {
    test.simulator.setParserFault(['omni']);
    test.simulator.setFault('/restaurant/svarta', { kind: 'status', status: 500 });
    const { menus } = await getJson<MenusToday>(`${test.relay.url}/menus`);
    const [dish] = menus.find(({ identifier }) => identifier === 'nanna')?.dishes ?? [];
    const word = /\p{L}{4,}/u.exec(dish?.name ?? '')?.[0] ?? '';
    const found = await getJson<DishesToday>(`${test.relay.url}/dishes?q=${encodeURIComponent(word.toUpperCase())}`);
    expect(found).toMatchObject({ query: word.toUpperCase(), date: '2026-11-23', searched: 7 });
    expect(found.matches).toContainEqual({
      dish,
      restaurant: {
        identifier: 'nanna',
        name: 'Restaurang Nanna Svartz',
        region: 'Solna',
        mapUrl: 'https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278#map=19/59.34867/18.0278',
        homepage: 'https://ki.hors.se/17/3/restaurang-nanna-svartz/',
      },
    });
    const reasons = Object.fromEntries(found.notSearched.map(({ identifier, reason }) => [identifier, reason]));
    expect(reasons).toMatchObject({ omni: 'unknown', svarta: 'upstream_error', jorpes: 'no_online_menu' });
    expect(found.notSearched).toHaveLength(11);
  });

  it('of one region, and of a dish that nobody has', async () => {
    const { matches, searched, notSearched } = await getJson<DishesToday>(
      `${test.relay.url}/dishes?q=xyzzy&region=uppsala`,
    );
    expect({ matches, searched, notSearched: notSearched.map(({ identifier }) => identifier) }).toEqual({
      matches: [],
      searched: 5,
      notSearched: ['kraemer'],
    });
  });

  it('on a holiday has nothing, and nothing is left unsearched', async () => {
    test.setNow(at('2026-12-24T10:00:00Z'));
    const { matches, searched } = await getJson<DishesToday>(`${test.relay.url}/dishes?q=lax&region=uppsala`);
    expect({ matches, searched }).toEqual({ matches: [], searched: 6 });
  });
});

/** Today’s menus of many restaurants at once, through HTTP. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResponseOf } from '../src/contract.ts';
import { expectInvalid } from './support/refusals.ts';
import { getJson, MONDAY_11, startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';

type MenusToday = ResponseOf<'listMenus'>;
type DishesToday = ResponseOf<'findDishes'>;

const json = (body: object) =>
  ({ kind: 'status', status: 200, body: JSON.stringify(body), contentType: 'application/json' }) as const;
const listOf = (...restaurants: unknown[]) => json({ restaurants });
const JONS = { identifier: 'jons', name: '\u001b[31mJöns\u001b[0m ', region: 'Solna' };
const KROG = { restaurant: { title: 'Ny Krog', location: 'Solna', url: '', map_url: '', menu: [{ dish: 'Lax' }] } };

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

  it('are of one day, dishes and date, when midnight passes while some are missing', async () => {
    const midnight = MONDAY_11 + 13 * 3_600_000;
    test.setNow(midnight - 2_000);
    expect(identifiers(await menus('?restaurant=jons'))).toEqual(['jons']); // in the cache
    test.simulator.setFault('/restaurant/nanna', { kind: 'delay', delayMs: 200 });
    const asked = menus('?restaurant=jons&restaurant=nanna');
    await until(() => test.simulator.requestCount('/restaurant/nanna') === 1);
    test.setNow(midnight + 2_000);
    const { date, menus: found } = await asked;
    expect(date).toBe('2026-11-24');
    expect(found.map((menu) => [menu.identifier, menu.date, menu.status, menu.dishes])).toEqual([
      ['jons', '2026-11-24', 'unknown', []],
      ['nanna', '2026-11-24', 'unknown', []],
    ]);
  });

  it('of a region are known again however its name is written, and are not those of all', async () => {
    const lookUps = async (query: string) => {
      const count = async () => {
        const text = await (await fetch(`${test.relay.adminUrl}/metrics`)).text();
        return Number(/cache_results_total{result="hit"} (\d+)/.exec(text)?.[1]);
      };
      const before = await count();
      const { menus: found } = await menus(query);
      return { found: found.length, lookUps: (await count()) - before };
    };
    // one without a region: its name is all that remains of a mark without a letter
    test.simulator.setFault('/restaurant', listOf({ identifier: 'nanna', name: 'Nanna' }, JONS));
    await menus('?');
    for (const query of ['?region=solna', '?region=%CC%81', '?']) await menus(query);
    for (const query of ['?region=SOLNA', '?region=so%CC%81lna', '?region=%CC%82', '?&'])
      expect([query, await lookUps(query)]).toEqual([query, { found: query === '?&' ? 2 : 1, lookUps: 1 }]);
  });

  it('and the dishes of them give names without what a terminal would obey, of what fails too', async () => {
    test.simulator.setFault('/restaurant', listOf(JONS));
    test.simulator.setFault('/restaurant/jons', { kind: 'status', status: 500 });
    const { failures } = await menus('');
    const { notSearched } = await getJson<DishesToday>(`${test.relay.url}/dishes?q=lax`);
    expect([...failures, ...notSearched].map(({ name }) => name)).toEqual(['Jöns', 'Jöns']);
  });

  describe.each([
    ['while there is no list of the upstream’s', { kind: 'status', status: 500 }],
    ['where an entry of the list cannot be read', listOf(JONS, 'ny')],
  ] as const)('%s', (_, fault) => {
    beforeEach(() => {
      test.simulator.setFault('/restaurant', fault);
      test.simulator.setFault('/restaurant/ny', json(KROG));
    });

    it('answer a restaurant that only the upstream knows, as /restaurant/… does', async () => {
      const { today } = await getJson<ResponseOf<'getRestaurant'>>(`${test.relay.url}/restaurant/ny`);
      const { menus: found, failures } = await menus('?restaurant=ny&restaurant=jons&restaurant=ny');
      expect(found.map(({ identifier, name }) => [identifier, name])).toEqual([
        ['jons', expect.stringContaining('Jöns')],
        ['ny', 'Ny Krog'],
      ]);
      expect([found[1], failures]).toEqual([today, []]);
    });

    it('tell of one that cannot be had as of any other', async () => {
      test.simulator.setFault('/restaurant/ny', { kind: 'status', status: 500 });
      const { menus: found, failures } = await menus('?restaurant=ny&restaurant=jons');
      expect(found).toHaveLength(1);
      expect(failures).toMatchObject([{ identifier: 'ny', name: 'ny', code: 'upstream_error' }]);
    });

    it('refuse one that the upstream does not know either', () =>
      expectInvalid(
        test.relay.url,
        '/menus?restaurant=jons&restaurant=nosuch',
        'restaurant',
        /^restaurant: there is no restaurant "nosuch"/,
      ));

    it.each(['', '.', '..'])('refuse "%s", which stands in no path, without asking', async (identifier) => {
      const asked = `/menus?restaurant=jons&restaurant=${identifier}`;
      await expectInvalid(test.relay.url, asked, 'restaurant', /^restaurant: there is no restaurant "/);
      expect(test.simulator.requests.map(({ path }) => path)).toEqual(['/restaurant']);
    });
  });

  it.each([
    [
      '/menus?restaurant=nanna&restaurant=nosuch',
      'restaurant',
      /^restaurant: there is no restaurant "nosuch"; use one of bikupan, .*svarta\.$/,
    ],
    ['/menus?restaurant=', 'restaurant', /^restaurant: there is no restaurant ""/],
    ['/menus?region=Kista', 'region', /^region: there is no region "Kista"; use one of Uppsala, Solna\.$/],
  ])('refuses %s, naming %s', (path, parameter, detail) => expectInvalid(test.relay.url, path, parameter, detail));
});

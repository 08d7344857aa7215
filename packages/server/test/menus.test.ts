/** Today’s menus of many restaurants at once, through HTTP. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResponseOf } from '../src/contract.ts';
import { expectInvalid } from './support/refusals.ts';
import { getJson, MONDAY_11, startTestRelay, type TestRelay } from './support/relay.ts';

type MenusToday = ResponseOf<'listMenus'>;

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
  ])('refuses %s, naming %s', (path, parameter, detail) => expectInvalid(test.relay.url, path, parameter, detail));
});

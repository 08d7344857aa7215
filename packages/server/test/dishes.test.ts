/** Who serves a dish today, through HTTP. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResponseOf } from '../src/contract.ts';
import { expectInvalid } from './support/refusals.ts';
import { getJson, startTestRelay, type TestRelay } from './support/relay.ts';

type MenusToday = ResponseOf<'listMenus'>;
type DishesToday = ResponseOf<'findDishes'>;

const at = (text: string) => Date.parse(text);

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

  it.each([
    ['/dishes', 'q', /^q: is needed: words of a dish\.$/],
    ['/dishes?q=', 'q', /^q: must not be empty/],
    ['/dishes?q=%20%20', 'q', /^q: must not be empty/],
    ['/dishes?q=!%3F', 'q', /^q: a word of a dish is needed\.$/],
    [`/dishes?q=${'a'.repeat(101)}`, 'q', /^q: must have at most 100 characters\.$/],
    ['/dishes?q=a&q=b', 'q', /^q: /],
    ['/dishes?q=lax&region=Kista', 'region', /use one of Uppsala, Solna\.$/],
  ])('refuses %s, naming %s', (path, parameter, detail) => expectInvalid(test.relay.url, path, parameter, detail));
});

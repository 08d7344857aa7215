import { describe, expect, it } from '@jest/globals';
import type { TodaysMenu } from '@lunch-relay/sdk';
import { Chalk } from 'chalk';
import { renderMenu } from '../src/render.ts';

const chalk = new Chalk({ level: 0 });

const menu: TodaysMenu = {
  identifier: 'nanna',
  name: 'Restaurang Nanna Svartz',
  region: 'Solna',
  date: '2026-11-23',
  status: 'served',
  dishes: [],
  notices: [],
  mapUrl: null,
  homepage: null,
  menuUrl: null,
  fetchedAt: '2026-11-23T10:00:00.000Z',
  stale: false,
};

const FETCHED = Date.parse(menu.fetchedAt);

const linesOf = (changes: Partial<TodaysMenu>, now = FETCHED) =>
  renderMenu({ ...menu, ...changes }, chalk, now)
    .split('\n')
    .slice(1);

describe('a menu as text', () => {
  it.each<[Partial<TodaysMenu>, string]>([
    [{ status: 'closed', reason: 'weekend' }, 'Closed today: weekend'],
    [{ status: 'closed', reason: 'public_holiday', holiday: 'Långfredagen' }, 'Closed today: Långfredagen'],
    [{ status: 'closed', reason: 'notice', notices: ['Stängt pga sjukdom'] }, 'Closed today: Stängt pga sjukdom'],
    [
      { status: 'no_online_menu', menuUrl: 'https://example.org/menu' },
      'No online menu — see https://example.org/menu',
    ],
    [{ status: 'no_online_menu' }, 'No online menu'],
    [{ status: 'unknown' }, 'Nothing found today; the site may not be updated yet'],
    [{ status: 'unknown', notices: ['Glad påsk!'] }, 'No dishes found today; the site says: Glad påsk!'],
    [{ status: 'unknown', reason: 'not_yet_published' }, 'Today’s menu is not published yet'],
    [{ status: 'a status of the future' }, 'Nothing found today; the site may not be updated yet'],
  ])('says %j in words', (changes, words) => {
    expect(linesOf(changes)).toEqual([`  ${words}`]);
  });

  it('marks labels, diets and guesses', () => {
    const dishes = [
      { name: 'Gnocchi', label: 'VEG', diet: 'vegetarian' },
      { name: 'Burgare', diet: 'vegan', dietIsGuess: true },
    ];
    expect(linesOf({ dishes })).toEqual(['  • VEG: Gnocchi (vegetarian)', '  • Burgare (vegan?)']);
  });

  it('says from when a stale copy is', () => {
    expect(linesOf({ dishes: [{ name: 'Lax' }], stale: true })).toEqual([
      '  • Lax',
      '  as of 11:00, and past its time: a newer menu could not be had yet',
    ]);
  });

  it('says from when a copy is that is not new', () => {
    const dishes = [{ name: 'Lax' }];
    expect(linesOf({ dishes }, FETCHED + 15 * 60_000)).toEqual(['  • Lax']);
    expect(linesOf({ dishes }, FETCHED + 16 * 60_000)).toEqual(['  • Lax', '  as of 11:00']);
  });

  it('lets nothing through that controls the terminal', () => {
    const evil = '\u001b]0;x\u0007\u001b[2J\u009b31mLax\u202e\r\n';
    const dishes = [{ name: evil, label: evil, diet: evil }];
    const text = renderMenu(
      {
        ...menu,
        name: evil,
        region: evil,
        date: evil,
        fetchedAt: evil,
        stale: true,
        dishes,
        notices: [evil],
        mapUrl: evil,
        homepage: evil,
        menuUrl: evil,
      },
      chalk,
      FETCHED,
    );
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(text.split('\n')).toHaveLength(6);
  });
});

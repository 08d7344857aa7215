/** Menus as text for people: words, marks, lines, and that nothing in them controls the terminal. */
import { describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { renderMatches, renderMenus } from '../../src/output/cards.ts';
import { jsonDocument } from '../../src/output/json.ts';
import { plainMenus } from '../../src/output/plain.ts';
import { safe, safeUrl } from '../../src/output/safe.ts';
import type { Menu } from '../../src/relay/answers.ts';

const plainLook = { chalk: new Chalk({ level: 0 }), width: Number.POSITIVE_INFINITY, hasLinks: false };

const menu: Menu = {
  identifier: 'nanna',
  name: 'Nanna',
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
  offline: false,
};

const linesOf = async (changes: Partial<Menu>, look = {}) =>
  (await renderMenus([{ ...menu, ...changes }], { ...plainLook, ...look })).split('\n').slice(1);

describe('a menu as text', () => {
  it.each<[Partial<Menu>, string]>([
    [{ dishes: [{ name: 'Lax' }] }, 'Serves 1 dish'],
    [{ status: 'closed', reason: 'weekend' }, 'Closed today: weekend'],
    [{ status: 'closed', reason: 'public_holiday', holiday: 'Långfredagen' }, 'Closed today: Långfredagen'],
    [{ status: 'closed', reason: 'notice', notices: ['Stängt pga sjukdom'] }, 'Closed today: Stängt pga sjukdom'],
    [{ status: 'no_online_menu' }, 'No online menu'],
    [{ status: 'unknown' }, 'Nothing found today; the site may not be updated yet'],
    [{ status: 'unknown', notices: ['Glad påsk!'] }, 'No dishes found today; the site says: Glad påsk!'],
    [{ status: 'unknown', reason: 'not_yet_published' }, 'Today’s menu is not published yet'],
    [{ status: 'a status of the future' }, 'Nothing found today; the site may not be updated yet'],
  ])('says %j in words', async (changes, words) => {
    expect((await linesOf(changes))[0]).toBe(`${words} · Monday 23 November · fetched 11:00`);
  });

  it('marks labels, diets and guesses', async () => {
    const dishes = [
      { name: 'Gnocchi', label: 'VEG', diet: 'vegetarian' },
      { name: 'Burgare', diet: 'vegan', dietIsGuess: true },
    ];
    expect((await linesOf({ dishes })).slice(1)).toEqual(['  • VEG: Gnocchi (vegetarian)', '  • Burgare (vegan?)']);
  });

  it('wraps with hanging indent, by what the terminal shows', async () => {
    const dishes = [
      { name: 'Panngris med löksås och krispig grönsallad', label: 'Kött' },
      { name: 'ต้มยำกุ้งแกงเขียวหวานไก่ผัดไทยข้าวผัดกุ้ง 🍤👨‍👩‍👧 curry' },
    ];
    const lines = await linesOf({ dishes }, { width: 24 });
    expect(lines.slice(0, 6)).toEqual([
      'Serves 2 dishes · Monday',
      '23 November · fetched',
      '11:00',
      '  • Kött: Panngris med',
      '    löksås och krispig',
      '    grönsallad',
    ]);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(24);
    const thai = lines.slice(6).join('').replaceAll(/\s/g, '');
    expect(thai).toBe('•ต้มยำกุ้งแกงเขียวหวานไก่ผัดไทยข้าวผัดกุ้ง🍤👨‍👩‍👧curry');
  });

  it.each<Partial<Menu>>([
    { status: 'closed', holiday: '! 中文' },
    { date: '中文中文' },
    { dishes: [{ name: 'Lax', diet: '中文中文 中' }] },
  ])('wraps %j by what the terminal shows, too', async (changes) => {
    const lines = await linesOf({ ...changes }, { width: 20 });
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(20);
  });

  it('wraps after a word that takes no cell, too', async () => {
    const dishes = [{ name: '\u200d potatismos' }];
    const lines = await linesOf({ dishes }, { width: 4 + 'potatismos'.length });
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(4 + 'potatismos'.length);
  });

  it('lets what was looked for stand out', async () => {
    const restaurant = { ...menu, publishesMenu: true };
    const look = { ...plainLook, chalk: new Chalk({ level: 1 }) };
    const text = await renderMatches([{ dish: { name: 'Stekt Lax med dill' }, restaurant }], ['lax'], look);
    expect(text).toContain('Stekt \u001b[33mLax\u001b[39m med dill');
  });
});

describe('text from elsewhere', () => {
  const evil =
    '\u001b]0;x\u0007\u001b[2J\u009b31m\u001b]8;;http://evil/\u001b\\Lax\u202e\u2066\u200e\u{E0041}\r\n\tx\u0000\ud800';

  it('controls nothing, wherever it stands and however it is printed', async () => {
    const url = `https://x.example/${evil}`;
    const dishes = [{ name: evil, label: evil, diet: evil }];
    const hostile = {
      ...menu,
      identifier: evil,
      name: evil,
      region: evil,
      date: evil,
      fetchedAt: evil,
      stale: true,
      dishes,
      notices: [evil],
      mapUrl: url,
      homepage: evil,
      menuUrl: 'javascript:alert(1)',
    };
    const card = await renderMenus([hostile], plainLook);
    const plain = plainMenus([hostile]);
    const json = jsonDocument('menus', { menus: [hostile], failures: [] });
    for (const text of [card, plain.replaceAll('\t', ''), json]) {
      expect(text.replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\p{Cs}\u200e\u202a-\u202e\u2066-\u2069\u{E0000}-\u{E007F}]/u,
      );
    }
    expect(card.split('\n')).toHaveLength(5);
    expect(plain.split('\n')).toHaveLength(2);
    expect((JSON.parse(json) as { menus: Array<{ name: string }> }).menus[0]?.name).toBe(evil);
  });

  it('is a link only where it is one', async () => {
    expect(safeUrl('javascript:alert(1)')).toBeUndefined();
    expect(safeUrl('https://x/\u001b]8;;\u0007')).toBe('https://x/%1B]8;;');
    const lines = await linesOf({ homepage: 'https://x/å', mapUrl: 'file:///etc/passwd' }, { hasLinks: true });
    expect(lines[1]).toBe('  \u001b]8;;https://x/%C3%A5\u001b\\Website\u001b]8;;\u001b\\');
  });

  it('keeps what people need', () => {
    expect(safe('  Crème\u00a0brûlée\n 👨‍👩‍👧 ต้มยำ ')).toBe('Crème brûlée 👨‍👩‍👧 ต้มยำ');
  });
});

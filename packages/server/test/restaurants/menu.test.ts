import { describe, expect, it } from '@jest/globals';
import {
  type FetchedMenu,
  hasDishes,
  isFetchedMenu,
  keepIfSuspiciouslyEmpty,
  mapUrlOf,
  menuKey,
  menuPolicy,
  todaysMenu,
} from '../../src/restaurants/menu.ts';
import { at, HOUR, MINUTE, MONDAY, menu, NANNA, type Told } from '../support/fetchedMenus.ts';

const FOOD = ['Lax', 'Pytt'];
const standing = (told: Told, { now = told.fetchedAt ?? MONDAY, publishes = true } = {}) => {
  const { status, reason, holiday, dishes, notices } = todaysMenu(NANNA, menu(told), {
    now: at(now),
    publishes,
    stale: false,
  });
  return { status, reason, holiday, dishes: dishes.map(({ name }) => name), notices };
};

type Standing = ReturnType<typeof standing>;
type Expected = { [Member in keyof Standing]?: Standing[Member] | undefined };

describe('the status', () => {
  it.each<[string, Told, Parameters<typeof standing>[1], Expected]>([
    [
      '1: closed on a weekend',
      { lines: FOOD, fetchedAt: '2026-11-28T10:00:00Z' },
      {},
      { status: 'closed', reason: 'weekend' },
    ],
    [
      '1: closed on a holiday',
      { lines: FOOD, fetchedAt: '2026-04-03T10:00:00Z' },
      {},
      { status: 'closed', reason: 'public_holiday', holiday: 'Långfredagen' },
    ],
    [
      '1: a weekend goes before another day’s menu',
      { lines: FOOD, fetchedAt: '2026-11-28T10:00:00Z', scrapedAt: '2026-11-27T10:00:00Z' },
      {},
      { status: 'closed', reason: 'weekend' },
    ],
    [
      '2: not yet published, read on another UTC day',
      { lines: FOOD, fetchedAt: '2026-11-24T01:30:00Z', scrapedAt: '2026-11-23T23:30:00Z' },
      {},
      { status: 'unknown', reason: 'not_yet_published' },
    ],
    [
      '2: not yet published, unknown when read, before five',
      { lines: FOOD, fetchedAt: '2026-11-24T03:59:59Z', scrapedAt: null },
      {},
      { status: 'unknown', reason: 'not_yet_published' },
    ],
    [
      '2: the same, looked at later',
      { lines: FOOD, fetchedAt: '2026-11-24T03:59:59Z', scrapedAt: null },
      { now: '2026-11-24T09:00:00Z' },
      { status: 'unknown', reason: 'not_yet_published' },
    ],
    [
      '2: notices of another day are not today’s',
      { lines: ['Stängt'], fetchedAt: '2026-11-24T01:30:00Z', scrapedAt: '2026-11-23T23:30:00Z' },
      {},
      { status: 'unknown', reason: 'not_yet_published', notices: [] },
    ],
    ['3: served', { lines: FOOD }, {}, { status: 'served', dishes: FOOD }],
    [
      '3: served, unknown when read, from five on',
      { lines: FOOD, fetchedAt: '2026-11-24T04:00:00Z', scrapedAt: null },
      {},
      { status: 'served', dishes: FOOD },
    ],
    [
      '3: served, read today in UTC, though before five',
      { lines: FOOD, fetchedAt: '2026-11-24T03:30:00Z', scrapedAt: '2026-11-24T03:00:00Z' },
      {},
      { status: 'served', dishes: FOOD },
    ],
    [
      '3: a dish goes before a closing notice',
      { lines: ['Kött: Stängt pga avstängd El.', 'Veg: Falafel'] },
      {},
      { status: 'served', dishes: ['Falafel'], notices: ['Stängt pga avstängd El.'] },
    ],
    [
      '3: served are the dishes of the day',
      { lines: ['Måndag', 'Lax', 'Tisdag', 'Pytt'] },
      {},
      { status: 'served', dishes: ['Lax'] },
    ],
    ['3: dishes of other days are none', { lines: ['Tisdag', 'Pytt'] }, {}, { status: 'unknown', reason: undefined }],
    [
      '4: closed by notice',
      { lines: ['Glad påsk!', 'Stängt'] },
      {},
      { status: 'closed', reason: 'notice', notices: ['Glad påsk!', 'Stängt'] },
    ],
    [
      '5: another notice proves nothing',
      { lines: ['Glad påsk!'] },
      {},
      { status: 'unknown', reason: undefined, notices: ['Glad påsk!'] },
    ],
    [
      '5: not even for one without menus',
      { lines: ['Glad påsk!'] },
      { publishes: false },
      { status: 'unknown', reason: undefined },
    ],
    ['6: never had dishes', {}, { publishes: false }, { status: 'no_online_menu', reason: undefined }],
    [
      '6: labels and terms are no dishes',
      { lines: ['Vegetariskt:', 'Pris 115 kr'] },
      { publishes: false },
      { status: 'no_online_menu' },
    ],
    ['7: unknown', {}, {}, { status: 'unknown', reason: undefined }],
  ])('%s', (_, told, seen, expected) => {
    const { dishes, ...rest } = standing(told, seen);
    expect({ dishes, ...rest }).toMatchObject({ dishes: [], ...expected });
  });

  it('is never served on the day after, whatever the hour', () => {
    for (const scrapedAt of [MONDAY, null]) {
      for (let now = at('2026-11-23T23:00:00Z'); now < at('2026-11-24T23:00:00Z'); now += 30 * MINUTE) {
        expect(standing({ lines: FOOD, scrapedAt }, { now: new Date(now).toISOString() }).dishes).toEqual([]);
      }
    }
  });
});

describe('today’s menu', () => {
  it('has clean names, a map with a marker, and links that a browser may open', () => {
    const today = todaysMenu({ ...NANNA, menuUrl: 'javascript:alert(1)' }, menu({ lines: FOOD }), {
      now: at(MONDAY),
      publishes: true,
      stale: true,
    });
    expect(today).toMatchObject({
      name: 'Jöns & Jacob',
      date: '2026-11-23',
      mapUrl: 'https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278#map=19/59.34867/18.0278',
      homepage: 'https://example.org/a%20b',
      menuUrl: null,
      fetchedAt: '2026-11-23T10:00:00.000Z',
      scrapedAt: '2026-11-23T10:00:00.000Z',
      stale: true,
    });
    expect(mapUrlOf(null)).toBeNull();
  });

  const now = at(MONDAY);
  const seen = { now, publishes: true, stale: false };

  it('does not say when it was read where nobody knows, and has no dishes where none are served', () => {
    const closed = todaysMenu(NANNA, menu({ lines: ['Stängt'], scrapedAt: null }), seen);
    expect(closed).not.toHaveProperty('scrapedAt');
    expect(closed.dishes).toEqual([]);
  });

  it.each([
    ['http://example.org/', 'http://example.org/'],
    [' https://example.org/ ', 'https://example.org/'],
    ['xhttp://example.org/', null],
    ['example.org', null],
  ])('has of the link %j %j', (homepage, link) => {
    expect(todaysMenu({ ...NANNA, homepage }, menu({}), seen).homepage).toBe(link);
  });

  it('is made once, and anew when anything is different', () => {
    const fetched = menu({});
    const made = todaysMenu(NANNA, fetched, seen);
    expect(todaysMenu(NANNA, fetched, { ...seen, now: now + MINUTE })).toBe(made);
    const after = (more: Partial<typeof seen>, restaurant = NANNA) => {
      todaysMenu(NANNA, fetched, seen);
      return todaysMenu(restaurant, fetched, { ...seen, ...more });
    };
    expect(after({ publishes: false }).status).toBe('no_online_menu');
    expect(after({ stale: true }).stale).toBe(true);
    expect(after({ now: now + 24 * HOUR }).date).toBe('2026-11-24');
    expect(after({}, { ...NANNA, name: 'Jöns' }).name).toBe('Jöns');
  });

  it.each<[boolean, string, unknown]>([
    [true, 'what was fetched', menu({ lines: FOOD })],
    [true, 'one of which less is known', menu({ scrapedAt: null, maxAgeMs: null })],
    [true, 'one of which all is known', menu({ maxAgeMs: 7 })],
    [false, 'nothing', null],
    [false, 'a text', 'x'],
    [false, 'one of an unknown time', { ...menu({}), fetchedAt: null }],
    [true, 'one of the last moment', { ...menu({}), fetchedAt: 8.64e15, scrapedAt: -8.64e15, maxAgeMs: 1e300 }],
    [false, 'one of a moment after that', { ...menu({}), fetchedAt: 8.64e15 + 1 }],
    [false, 'one read at such a moment', { ...menu({}), scrapedAt: 1e300 }],
    [false, 'one read before all', { ...menu({}), scrapedAt: -1e300 }],
    [false, 'one that lives without end', { ...menu({}), maxAgeMs: Number.POSITIVE_INFINITY }],
    [false, 'one read at no time', { ...menu({}), scrapedAt: 'x' }],
    [false, 'one that lives for no time', { ...menu({}), maxAgeMs: undefined }],
    [false, 'no document', { ...menu({}), document: {} }],
  ])('can be made (%s) of %s', (isOne, _, value) => {
    expect(isFetchedMenu(value)).toBe(isOne);
  });
});

describe('the policy', () => {
  const freshFor = (told: Told, now = told.fetchedAt ?? MONDAY) =>
    (menuPolicy(menu(told), at(now)).freshUntil - at(now)) / MINUTE;

  it.each<[string, Told, minutes: number]>([
    ['dishes: an hour at most', { lines: FOOD, maxAgeMs: 3 * HOUR }, 60],
    ['dishes: the upstream’s max-age if shorter', { lines: FOOD, maxAgeMs: 7 * MINUTE }, 7],
    ['dishes without max-age: an hour', { lines: FOOD }, 60],
    ['nothing on a weekday: ten minutes', { maxAgeMs: 3 * HOUR }, 10],
    [
      'not yet published: a quarter',
      { lines: FOOD, fetchedAt: '2026-11-24T01:30:00Z', scrapedAt: '2026-11-23T23:30:00Z', maxAgeMs: 3 * HOUR },
      15,
    ],
    ['a weekend: until midnight', { fetchedAt: '2026-11-28T10:00:00Z' }, 13 * 60],
    ['a holiday: until midnight', { lines: FOOD, fetchedAt: '2026-04-03T10:00:00Z' }, 12 * 60],
    ['never past midnight in Stockholm', { lines: FOOD, fetchedAt: '2026-11-23T22:45:00Z', maxAgeMs: 3 * HOUR }, 15],
    ['never past midnight, summer', { lines: FOOD, fetchedAt: '2026-07-01T21:59:00Z' }, 1],
  ])('%s', (_, told, minutes) => {
    expect(freshFor(told)).toBe(minutes);
  });

  it('ends every copy at midnight in Stockholm, on days of 23 and 25 hours too', () => {
    expect(menuPolicy(menu({ lines: FOOD }), at(MONDAY)).staleIfErrorUntil).toBe(at('2026-11-23T23:00:00Z'));
    expect(menuPolicy(menu({}), at('2026-03-29T10:00:00Z')).staleIfErrorUntil).toBe(at('2026-03-29T22:00:00Z'));
    expect(menuPolicy(menu({}), at('2026-10-25T10:00:00Z')).staleIfErrorUntil).toBe(at('2026-10-25T23:00:00Z'));
  });

  it('knows dishes of another day, and serves none', () => {
    const other = menu({ lines: ['Tisdag: Pytt'] });
    expect(hasDishes(other)).toBe(true);
    expect(hasDishes(menu({ lines: ['Stängt'] }))).toBe(false);
    expect(freshFor({ lines: ['Tisdag: Pytt'] })).toBe(10);
  });

  it('lets only dishes of today be answered while newer ones are asked for', () => {
    const whileAsking = (told: Told) => {
      const now = at(told.fetchedAt ?? MONDAY);
      const { freshUntil, staleWhileRevalidateUntil } = menuPolicy(menu(told), now);
      return staleWhileRevalidateUntil > freshUntil;
    };
    expect(whileAsking({ lines: FOOD })).toBe(true);
    expect(whileAsking({})).toBe(false);
    expect(whileAsking({ lines: ['Stängt'] })).toBe(false);
    expect(whileAsking({ lines: ['Tisdag: Pytt'] })).toBe(false);
    expect(whileAsking({ lines: FOOD, fetchedAt: '2026-11-24T03:30:00Z', scrapedAt: null })).toBe(false);
  });

  it('takes no max-age for a wish to be asked for every client', () => {
    expect(freshFor({ lines: FOOD, maxAgeMs: 0 })).toBe(1);
  });

  it('has the date in Stockholm in its key', () => {
    expect(menuKey('nanna', at('2026-11-23T22:59:59.999Z'))).toBe('menu:2026-11-23:nanna');
    expect(menuKey('nanna', at('2026-11-23T23:00:00Z'))).toBe('menu:2026-11-24:nanna');
  });
});

describe('a menu that comes back empty', () => {
  const before = menu({ lines: FOOD });
  const after = (told: Told) => menu({ fetchedAt: '2026-11-23T11:00:00Z', ...told });

  it('leaves the copy from earlier today in place, to be asked for again in minutes', () => {
    const kept = keepIfSuspiciouslyEmpty(after({}), before);
    expect(kept).toEqual({ ...before, isKeptCopy: true });
    const now = at('2026-11-23T11:00:00Z');
    expect(kept && menuPolicy(kept, now).freshUntil).toBe(now + 5 * MINUTE);
  });

  it.each<[string, Told, FetchedMenu]>([
    ['has dishes', { lines: ['Lax'] }, before],
    ['says that it is closed', { lines: ['Stängt'] }, before],
    ['has dishes of other days', { lines: ['Tisdag: Pytt'] }, before],
    ['says anything', { lines: ['Glad påsk!'] }, before],
    ['was empty before', {}, menu({})],
    ['had dishes of another day', { fetchedAt: '2026-11-24T10:00:00Z' }, before],
  ])('is believed when it %s', (_, told, previous) => {
    expect(keepIfSuspiciouslyEmpty(after(told), previous)).toBeUndefined();
  });
});

/** What `pnpm bench:micro` calls: pure functions of the server with the input that they get in life. */

import {
  type CachedRequest,
  type Head,
  isStorable,
  type PolicySettings,
  useOf,
  variantOf,
} from '../packages/server/src/relay/cache/policy.ts';
import { parseRequestTarget } from '../packages/server/src/relay/requestTarget.ts';
import { inRegion, suggestIdentifiers } from '../packages/server/src/restaurants/directory.ts';
import { findDishes } from '../packages/server/src/restaurants/dishes.ts';
import { readLine, readMenu } from '../packages/server/src/restaurants/lines.ts';
import { type FetchedMenu, type TodaysMenu, todaysMenu } from '../packages/server/src/restaurants/menu.ts';
import { seedRestaurants } from '../packages/server/src/restaurants/seed.ts';
import { parseMenu, parseRestaurantList, type RestaurantEntry } from '../packages/server/src/restaurants/wire.ts';
import { DISHES, LABELS, QUIRKY_DISHES, SIDES } from '../packages/upstream-sim/src/dishes.ts';

type Cases = Readonly<Record<string, () => unknown>>;

/** A working Monday before noon. */
const NOW = Date.parse('2026-11-23T10:30:00Z');

/** Lines as they come, with a label before every third. */
const LINES = [
  ...DISHES.map(({ text, kind }, index) => {
    const label = index % 3 === 0 ? (LABELS[kind][0] ?? '') : '';
    return `${label}${text}, ${SIDES[index % SIDES.length]}`;
  }),
  ...QUIRKY_DISHES.map(({ text }) => text),
  'Stängt pga sjukdom',
  'Lunchbuffé 115 kr inkl. sallad och kaffe',
];

const DISHES_OF_A_MENU = 5;

const rawMenu = (number: number) =>
  Array.from(
    { length: DISHES_OF_A_MENU },
    (_, index) => LINES[(number * DISHES_OF_A_MENU + index) % LINES.length] ?? '',
  );

/** Calls with one input after the other. */
function inTurn<Input>(inputs: readonly Input[], call: (input: Input) => unknown): () => unknown {
  let count = 0;
  return () => call(inputs[count++ % inputs.length] as Input);
}

export function smallCases(): Cases {
  const menus = Array.from({ length: 20 }, (_, number) => rawMenu(number));
  return {
    'a line read': inTurn(LINES, (line) => readLine(line)),
    'the longest line that a menu may have': () => readLine('Köttbullar, '.repeat(1_000)),
    'a menu of five lines read': inTurn(menus, (lines) => readMenu(lines, '2026-11-23')),
    'a menu for today': inTurn(menus.map(fetched), (menu) =>
      todaysMenu(entryOf(0), menu, { now: NOW, publishes: true, stale: false }),
    ),
    ...guardCases(),
    ...policyCases(),
  };
}

const guardCases = (): Cases => ({
  'path guard: a plain path': () => parseRequestTarget('/restaurant/nanna?x=1'),
  'path guard: an encoded path': () => parseRequestTarget('/caf%C3%A9%20erik/menu%2Ftoday'),
  'path guard: dots in seven layers of encoding': () => refusedBy(() => parseRequestTarget(`/%${'25'.repeat(6)}2e./x`)),
  'path guard: 8 kB of segments': () => parseRequestTarget(`/${'ab%20c/'.repeat(1_170)}`),
});

function refusedBy(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

function policyCases(): Cases {
  const settings: PolicySettings = { honoursRequests: false, defaultTtlMs: 0, staleIfErrorMs: 3_600_000 };
  const request: CachedRequest = {
    method: 'GET',
    rawHeaders: ['Host', 'localhost:8080', 'User-Agent', 'curl/8', 'Accept', '*/*', 'Accept-Encoding', 'gzip, br'],
  };
  const date = new Date(NOW - 60_000).toUTCString();
  const fields = [
    'date',
    date,
    'content-type',
    'application/json',
    'cache-control',
    'public, max-age=10800',
    'vary',
    'Accept-Encoding',
  ];
  const head: Head = { status: 200, headers: fields, requestedAt: NOW - 60_000, respondedAt: NOW - 60_000 };
  return {
    'cache policy: may it be stored': () => isStorable(request, head, settings),
    'cache policy: may it be used': () => useOf(request, head, NOW, settings),
    'cache policy: which variant': () => variantOf(['accept-encoding'], request),
  };
}

export function grownCases(count: number): Cases {
  const entries = Array.from({ length: count }, (_, number) => entryOf(number));
  const menus = entries.map(
    (entry, number): TodaysMenu =>
      todaysMenu(entry, fetched(rawMenu(number)), { now: NOW, publishes: true, stale: false }),
  );
  const document = { restaurants: entries };
  return {
    'search: one word': () => findDishes(menus, ['lax']),
    'search: two words': () => findDishes(menus, ['stekt', 'flask']),
    'search: nothing found': () => findDishes(menus, ['hummer']),
    'suggestions for a misspelt name': () => suggestIdentifiers(entries, 'nana svarz'),
    'restaurants of a region': () => inRegion(entries, 'Uppsala'),
    'the list read off the wire': () => parseRestaurantList(document),
  };
}

/** The seed's restaurants again and again, under other names. */
function entryOf(number: number): RestaurantEntry {
  const entry = seedRestaurants[number % seedRestaurants.length] as RestaurantEntry;
  const again = Math.floor(number / seedRestaurants.length);
  return again === 0 ? entry : { ...entry, identifier: `${entry.identifier}${again}`, name: `${entry.name} ${again}` };
}

function fetched(lines: readonly string[]): FetchedMenu {
  const document = parseMenu({
    restaurant: { title: 'Restaurang', location: 'Solna', url: '', map_url: '', menu: lines.map((dish) => ({ dish })) },
  });
  return { document, fetchedAt: NOW - 60_000, scrapedAt: NOW - 60_000, maxAgeMs: 10_800_000 };
}

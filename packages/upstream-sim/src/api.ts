/**
 * The lunch-menu API itself: from a call to the answer of the wire version in force.
 * Promises the behaviour of the real one, memory included: menus for 3 hours (empty ones too), the list for 100 hours,
 * both made anew for a call with `cache-control: no-cache` or `no-store`; dates in UTC; no fault of a parser ever shows
 * as more than an empty menu.
 */
import { type Answer, emptyAnswer, signed, withHeaders } from './answer.ts';
import { utcDate } from './calendar.ts';
import type { Call } from './call.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { createMemory, type Recalled } from './memory.ts';
import { menuOn } from './menus.ts';
import { hash32 } from './random.ts';
import { RESTAURANTS, type Restaurant } from './restaurants.ts';
import { type RouteName, WIRES, type Wire, type WireVersion } from './wire.ts';

const MENU_LIFETIME_SECONDS = 3 * 60 * 60;
const LIST_LIFETIME_SECONDS = 100 * 60 * 60;
const VERSION = '23.10.1';

export interface ApiParts {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly seed: number;
  /** The wire version in force at the moment. */
  readonly wire: () => WireVersion;
}

export interface Api {
  readonly answer: (call: Call) => Answer;
  /** From now on the parsers of these restaurants find nothing. What is remembered of them before and after is forgotten. */
  readonly breakParsers: (identifiers: ReadonlySet<string>) => void;
  /** Empties the memory, as a restart does; entity tags change with it. */
  readonly forget: () => void;
}

export function createApi({ clock, seed, wire }: ApiParts): Api {
  const menus = createMemory<readonly string[]>(MENU_LIFETIME_SECONDS, clock);
  const lists = createMemory<readonly Restaurant[]>(LIST_LIFETIME_SECONDS, clock);
  let broken: ReadonlySet<string> = new Set();
  let restarts = 0;

  function scrape(restaurant: Restaurant): readonly string[] {
    return broken.has(restaurant.identifier) ? [] : menuOn(restaurant, utcDate(clock()), seed);
  }

  function menuAnswer(call: Call, shape: Wire, identifier: string): Answer {
    const restaurant = RESTAURANTS.find((candidate) => candidate.identifier === identifier);
    if (!restaurant) return shape.framework.notFound('Restaurant not found');
    const recalled = menus.recall(identifier, () => scrape(restaurant), isBypass(call));
    return fresh(call, shape, shape.menu(restaurant, recalled.value, urlOf(call)), recalled);
  }

  function listAnswer(call: Call, shape: Wire): Answer {
    const recalled = lists.recall('list', () => RESTAURANTS, isBypass(call));
    return fresh(call, shape, shape.list(recalled.value, urlOf(call)), recalled);
  }

  /** Adds what W9 tells of freshness; its entity tag is malformed (no quotes) and changes with every restart. */
  function fresh(call: Call, shape: Wire, document: unknown, { secondsLeft, isNew }: Recalled<unknown>): Answer {
    const answer = shape.framework.json(document);
    if (!shape.tellsFreshness) return answer;
    // a signed number, as Python's `hash` gives
    const tag = `W/${hash32(`${seed}|${restarts}|${JSON.stringify(document)}`) | 0}`;
    const cacheControl = ['cache-control', `max-age=${secondsLeft}`] as const;
    if (!isNew && call.headers['if-none-match'] === tag) return emptyAnswer(304, [cacheControl]);
    return withHeaders(answer, [cacheControl, ['etag', tag]]);
  }

  function routedAnswer(call: Call, shape: Wire): Answer {
    const route = matchRoute(shape, call.path);
    if (!route) return misspeltAnswer(call, shape);
    if (!shape.framework.methods.includes(call.method)) return shape.framework.methodNotAllowed();
    if (call.method === 'OPTIONS') return emptyAnswer(200, [['allow', shape.framework.methods.join(', ')]]);
    if (route.name === 'menu') return menuAnswer(call, shape, route.identifier);
    if (route.name === 'list') return listAnswer(call, shape);
    return shape.framework.json(route.name === 'version' ? { version: VERSION } : shape.root(urlOf(call)));
  }

  return {
    answer(call) {
      const shape = WIRES[wire()];
      const answer = preflightAnswer(call) ?? withCors(routedAnswer(call, shape), call);
      return signed(answer, shape.framework.server, clock());
    },
    breakParsers(identifiers) {
      menus.forget([...broken, ...identifiers]);
      broken = new Set(identifiers);
    },
    forget() {
      menus.forget();
      lists.forget();
      restarts += 1;
    },
  };
}

/** The path as it was sent: what the caller would call the document. */
function urlOf({ baseUrl, path }: Call): string {
  return `${baseUrl}${path}`;
}

function isBypass({ headers }: Call): boolean {
  return /(?:^|[\s,])no-(?:cache|store)(?:$|[\s,=])/i.test(headers['cache-control'] ?? '');
}

function misspeltAnswer({ baseUrl, path, query }: Call, shape: Wire): Answer {
  const other = shape.framework.otherSpelling(path);
  const isKnown = other !== path && matchRoute(shape, other) !== undefined;
  return isKnown ? shape.framework.redirect(`${baseUrl}${other}${query}`) : shape.framework.notFound();
}

function matchRoute({ routes }: Wire, path: string): { name: RouteName; identifier: string } | undefined {
  const decoded = decodedPath(path);
  for (const [name, pattern] of routes) {
    const match = pattern.exec(decoded);
    if (match) return { name, identifier: match[1] ?? '' };
  }
  return undefined;
}

/** Routes are matched after decoding; a path that cannot be decoded is taken as it is. */
function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

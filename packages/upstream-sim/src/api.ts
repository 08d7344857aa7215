/**
 * The lunch-menu API itself: from a call to the answer of the wire version in force.
 * Promises the behaviour of the real one: what it has found before is remembered (`findings.ts`), and found anew for a call with
 * `cache-control: no-cache` or `no-store`.
 */
import { type Answer, emptyAnswer, signed, withHeaders } from './answer.ts';
import type { Call } from './call.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { createFindings, type Findings } from './findings.ts';
import type { Recalled } from './memory.ts';
import { hash32 } from './random.ts';
import { RESTAURANTS } from './restaurants.ts';
import { type RouteName, WIRES, type Wire, type WireVersion } from './wire.ts';

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
  readonly breakParsers: Findings['breakParsers'];
  /** Empties the memory, as a restart does; entity tags change with it. */
  readonly forget: () => void;
}

export function createApi({ clock, seed, wire }: ApiParts): Api {
  const findings = createFindings(clock, seed);
  let restarts = 0;
  const life = () => `${seed}|${restarts}`;

  function menuAnswer(call: Call, shape: Wire, identifier: string): Answer {
    const restaurant = RESTAURANTS.find((candidate) => candidate.identifier === identifier);
    if (!restaurant) return shape.framework.notFound('Restaurant not found');
    const recalled = findings.menu(restaurant, isBypass(call));
    return fresh(call, shape, shape.menu(restaurant, recalled.value, urlOf(call)), recalled, life());
  }

  function listAnswer(call: Call, shape: Wire): Answer {
    const recalled = findings.list(isBypass(call));
    return fresh(call, shape, shape.list(recalled.value, urlOf(call)), recalled, life());
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
    breakParsers: findings.breakParsers,
    forget() {
      findings.forget();
      restarts += 1;
    },
  };
}

/** Adds what W9 tells of freshness; its entity tag is malformed (no quotes) and changes with every restart: it is of a `life`. */
function fresh(
  call: Call,
  shape: Wire,
  document: unknown,
  { secondsLeft, isNew }: Recalled<unknown>,
  life: string,
): Answer {
  const answer = shape.framework.json(document);
  if (!shape.tellsFreshness) return answer;
  // a signed number, as Python's `hash` gives
  const tag = `W/${hash32(`${life}|${JSON.stringify(document)}`) | 0}`;
  const cacheControl = ['cache-control', `max-age=${secondsLeft}`] as const;
  if (!isNew && call.headers['if-none-match'] === tag) return emptyAnswer(304, [cacheControl]);
  return withHeaders(answer, [cacheControl, ['etag', tag]]);
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

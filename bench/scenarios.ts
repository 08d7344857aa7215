/** What `pnpm bench` measures: a scenario is one kind of request, the relay's state for it, and who answers it too. */
import { DISHES } from '../packages/upstream-sim/src/dishes.ts';
import type { Paths } from './load/plan.ts';
import { GUARD_OFF, type Settings } from './relay.ts';

export const CONTESTANTS = [
  'relay',
  'relay-2-workers',
  'floor',
  'redis-floor',
  'bare-proxy',
  'nginx',
  'varnish',
] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export interface Scenario {
  readonly name: string;
  /** For the reader of a table. */
  readonly what: string;
  /** `simulator`: the lunch-menu API, for typed routes. `origin`: 1 kB at once, for relayed URIs. */
  readonly upstream: 'simulator' | 'origin';
  readonly paths: Paths;
  /** The request has the entity tag of the answer, so that 304 is the answer. */
  readonly isConditional?: boolean;
  readonly settings?: Settings;
  readonly needsRedis?: boolean;
  /** The first is what the others are compared with. */
  readonly contestants: readonly [ContestantName, ...ContestantName[]];
  readonly connections: readonly number[];
}

const one = (path: string): Paths => ({ kind: 'one', path });

/** More entries than the least memory holds, so that each is gone by the time that it is asked for again. */
const REDIS_ENTRIES = 500;
const LEAST_MEMORY: Settings = { CACHE_MEMORY_BYTES: '65536' };

const CACHES: readonly [ContestantName, ...ContestantName[]] = ['floor', 'relay', 'bare-proxy', 'nginx', 'varnish'];

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'typed-hit',
    what: '/restaurant/nanna out of memory',
    upstream: 'simulator',
    paths: one('/restaurant/nanna'),
    contestants: CACHES,
    connections: [1, 64, 1_000],
  },
  {
    name: 'raw-hit',
    what: 'a relayed URI of 1 kB out of memory',
    upstream: 'origin',
    paths: one('/relay_anything/kept/menu'),
    contestants: CACHES,
    connections: [1, 64, 1_000],
  },
  {
    name: 'not-modified',
    what: '/restaurant/nanna with If-None-Match: 304',
    upstream: 'simulator',
    paths: one('/restaurant/nanna'),
    isConditional: true,
    contestants: CACHES,
    connections: [64],
  },
  {
    name: 'menus',
    what: '/menus of all 18 restaurants out of memory',
    upstream: 'simulator',
    paths: one('/menus'),
    contestants: ['floor', 'relay'],
    connections: [1, 64],
  },
  {
    name: 'dishes-same',
    what: '/dishes, always the same query',
    upstream: 'simulator',
    paths: one('/dishes?q=lax'),
    contestants: ['floor', 'relay'],
    connections: [64],
  },
  {
    name: 'dishes-many',
    what: '/dishes, many different queries in turn',
    upstream: 'simulator',
    paths: { kind: 'each', paths: queries() },
    contestants: ['floor', 'relay'],
    connections: [64],
  },
  {
    name: 'raw-miss',
    what: 'relayed URIs of 1 kB that nobody may store, each asked once',
    upstream: 'origin',
    paths: { kind: 'distinct', prefix: '/relay_anything/fresh/' },
    settings: GUARD_OFF,
    contestants: ['bare-proxy', 'relay', 'nginx', 'varnish', 'floor'],
    connections: [1, 64, 1_000],
  },
  {
    name: 'raw-miss-stored',
    what: 'relayed URIs of 1 kB that are stored, each asked once',
    upstream: 'origin',
    paths: { kind: 'distinct', prefix: '/relay_anything/kept/' },
    settings: GUARD_OFF,
    contestants: ['bare-proxy', 'relay', 'nginx', 'varnish', 'floor'],
    connections: [64],
  },
  {
    name: 'redis-hit',
    what: `${REDIS_ENTRIES} relayed URIs of 1 kB in turn, of which memory holds few: each comes from Redis`,
    upstream: 'origin',
    paths: {
      kind: 'each',
      paths: Array.from({ length: REDIS_ENTRIES }, (_, index) => `/relay_anything/kept/${1_000 + index}`),
    },
    settings: { ...GUARD_OFF, ...LEAST_MEMORY },
    needsRedis: true,
    contestants: ['redis-floor', 'relay'],
    connections: [1, 64],
  },
  {
    name: 'workers',
    what: '/restaurant/nanna out of memory, with one and with two workers',
    upstream: 'simulator',
    paths: one('/restaurant/nanna'),
    contestants: ['relay', 'relay-2-workers'],
    connections: [64, 1_000],
  },
];

/** What people may type: the beginnings of words on menus, in all regions and in one. Over a thousand. */
function queries(): string[] {
  const words = DISHES.flatMap(({ text }) => text.toLowerCase().match(/\p{L}{4,}/gu) ?? []);
  const typed = new Set(words.flatMap((word) => [word.slice(0, 3), word.slice(0, 4), word.slice(0, 6), word]));
  return [...typed].flatMap((word) =>
    ['', '&region=solna', '&region=uppsala'].map((region) => `/dishes?q=${encodeURIComponent(word)}${region}`),
  );
}

/** What a cache under test loads, keeps and goes by: a clock that a test moves, sources that count, a real Redis. */
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { Source } from '../../src/cache/cache.ts';
import { createRedis, type Redis } from '../../src/cache/redis.ts';
import type { CacheTier } from '../../src/cache/tiers.ts';
import { RelayError } from '../../src/errors.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { MONDAY_11 } from './relay.ts';
import { until } from './until.ts';

export const SECOND = 1_000;

let now = MONDAY_11;
export const clock = () => now;
export function pass(ms: number): void {
  now += ms;
}

let keys = 0;
/** That nothing is stored for. */
export const newKey = () => `key-${keys++}`;

/** Fresh for 10 s, answered while loading until 20 s, on errors until 60 s. */
export function source(load: Source<string>['load']): Source<string> {
  const lifetimeOf = () => ({
    freshUntil: now + 10 * SECOND,
    staleWhileRevalidateUntil: now + 20 * SECOND,
    staleIfErrorUntil: now + 60 * SECOND,
  });
  return { load, lifetimeOf, isValue: (value) => typeof value === 'string' };
}

/** Loads 'value 1', 'value 2' and so on, and counts. */
export function counting() {
  let loads = 0;
  const seen: Array<string | undefined> = [];
  const counted = source(({ previous }) => {
    seen.push(previous);
    loads += 1;
    return Promise.resolve(`value ${loads}`);
  });
  return { source: counted, loads: () => loads, seen };
}

export const failing = source(() => Promise.reject(new RelayError('upstream_unreachable')));

/** Whatever can go on by itself has done so. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A shared tier that does as it is told. */
export const brokenTier = (get: CacheTier['get'], set: CacheTier['set']): CacheTier => ({
  name: 'redis',
  get,
  set,
  delete: () => Promise.resolve(),
  clear: () => Promise.resolve(),
  state: () => 'up',
  close: () => Promise.resolve(),
});

/** To be called once, where a test file begins: what it gives connects to one Redis, until the test ends. */
export function useRedis(): () => Promise<Redis> {
  const redises: Redis[] = [];
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    for (const { tier } of redises.splice(0)) await tier.close();
  });
  return async () => {
    const redis = createRedis({ url: server.url, log: { info: () => {}, warn: () => {} } });
    redises.push(redis);
    await until(() => redis.tier.state() === 'up');
    return redis;
  };
}

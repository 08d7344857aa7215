/** The cache's contract, on every kind of store that may lie behind it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Cache, createCache, ENTRY_VERSION, type Source } from '../../src/cache/cache.ts';
import type { LeasePort } from '../../src/cache/lease.ts';
import { createRedis, type Redis } from '../../src/cache/redis.ts';
import { type CacheTier, createMemoryTier } from '../../src/cache/tiers.ts';
import { RelayError } from '../../src/errors.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const SECOND = 1_000;
const silent = { info: () => {}, warn: () => {} };

let now = Date.parse('2026-11-23T10:00:00Z');
const clock = () => now;

/** Fresh for 10 s, answered while loading until 20 s, on errors until 60 s. */
function source(load: Source<string>['load']): Source<string> {
  const lifetimeOf = () => ({
    freshUntil: now + 10 * SECOND,
    staleWhileRevalidateUntil: now + 20 * SECOND,
    staleIfErrorUntil: now + 60 * SECOND,
  });
  return { load, lifetimeOf, isValue: (value) => typeof value === 'string' };
}

/** Loads 'value 1', 'value 2' and so on, and counts. */
function counting() {
  let loads = 0;
  const seen: Array<string | undefined> = [];
  const counted = source(({ previous }) => {
    seen.push(previous);
    loads += 1;
    return Promise.resolve(`value ${loads}`);
  });
  return { source: counted, loads: () => loads, seen };
}

const failing = source(() => Promise.reject(new RelayError('upstream_unreachable')));
const brokenTier = (get: CacheTier['get'], set: CacheTier['set']): CacheTier => ({
  name: 'redis',
  get,
  set,
  delete: () => Promise.resolve(),
  clear: () => Promise.resolve(),
  state: () => 'up',
  close: () => Promise.resolve(),
});

const redises: Redis[] = [];
let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const { tier } of redises.splice(0)) await tier.close();
});

async function connect(): Promise<Redis> {
  const redis = createRedis({ url: server.url, log: silent });
  redises.push(redis);
  await until(() => !(redis.tier.state() !== 'up'));
  return redis;
}

interface Store {
  shared?: CacheTier;
  lease?: LeasePort;
}
const lie = {
  version: ENTRY_VERSION,
  storedAt: 0,
  freshUntil: 9e15,
  staleWhileRevalidateUntil: 9e15,
  staleIfErrorUntil: 9e15,
};
const STORES: Array<[string, () => Promise<Store>]> = [
  ['memory alone', () => Promise.resolve({})],
  ['a real Redis', async () => connect().then(({ tier, lease }) => ({ shared: tier, lease }))],
  [
    'a store that throws',
    () =>
      Promise.resolve({
        shared: brokenTier(
          () => Promise.reject(new Error('get')),
          () => Promise.reject(new Error('set')),
        ),
      }),
  ],
  [
    'a store that hangs on writes',
    () =>
      Promise.resolve({
        shared: brokenTier(
          () => Promise.resolve(undefined),
          () => new Promise(() => {}),
        ),
      }),
  ],
  [
    'a store that lies about moments',
    () =>
      Promise.resolve({
        shared: brokenTier(
          () => Promise.resolve({ ...lie, value: 'lie' }),
          () => Promise.resolve(),
        ),
      }),
  ],
  [
    'a store that lies about values',
    () =>
      Promise.resolve({
        shared: brokenTier(
          () =>
            Promise.resolve({
              ...lie,
              storedAt: now,
              freshUntil: now + 1,
              staleWhileRevalidateUntil: now + 1,
              staleIfErrorUntil: now + 1,
              value: {},
            }),
          () => Promise.resolve(),
        ),
      }),
  ],
];

let keys = 0;
const newKey = () => `key-${keys++}`;

describe.each(STORES)('over %s', (_, makeStore) => {
  const makeCache = async (maxWaitMs = 5_000): Promise<Cache> =>
    createCache({ memory: createMemoryTier(1e6), ...(await makeStore()), clock, random: () => 0.5, maxWaitMs });

  it('a value is loaded once, for all who ask at the same time and after', async () => {
    const cache = await makeCache();
    const { source: counted, loads } = counting();
    const key = newKey();
    const first = await Promise.all(Array.from({ length: 20 }, () => cache.getOrLoad(key, counted)));
    expect(new Set(first.map(({ value, result }) => `${value} ${result}`))).toEqual(new Set(['value 1 miss']));
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 1', result: 'hit', storedAt: now });
    expect(loads()).toBe(1);
  });

  it('a value past its time is answered while one newer load runs, which sees it', async () => {
    const cache = await makeCache();
    const { source: counted, loads, seen } = counting();
    const key = newKey();
    await cache.getOrLoad(key, counted);
    now += 15 * SECOND;
    const stale = await Promise.all(Array.from({ length: 20 }, () => cache.getOrLoad(key, counted)));
    expect(stale[0]).toMatchObject({ value: 'value 1', result: 'stale' });
    await until(async () => !((await cache.getOrLoad(key, counted)).value !== 'value 2'));
    expect(loads()).toBe(2);
    expect(seen).toEqual([undefined, 'value 1']);
  });

  it('a value further past its time waits for the newer one, and stands in for one that cannot be loaded', async () => {
    const cache = await makeCache();
    const { source: counted } = counting();
    const key = newKey();
    await cache.getOrLoad(key, counted);
    now += 25 * SECOND;
    expect(await cache.getOrLoad(key, failing)).toMatchObject({ value: 'value 1', result: 'stale' });
    now += 16 * SECOND; // the failure is forgotten by then
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 2', result: 'miss' });
    now += 61 * SECOND;
    await expect(cache.getOrLoad(key, failing)).rejects.toMatchObject({ code: 'upstream_unreachable' });
  });

  it('a failure is not stored, and not tried again for some seconds', async () => {
    const cache = await makeCache();
    const { source: counted, loads } = counting();
    const key = newKey();
    for (const attempt of [failing, counted])
      await expect(cache.getOrLoad(key, attempt)).rejects.toMatchObject({ code: 'upstream_unreachable' });
    expect(loads()).toBe(0);
    now += 16 * SECOND;
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 1' });
  });

  it('a caller waits no longer than it may, and the load goes on for the others', async () => {
    const cache = await makeCache(100);
    const { promise, resolve } = Promise.withResolvers<string>();
    const key = newKey();
    await expect(
      cache.getOrLoad(
        key,
        source(() => promise),
      ),
    ).rejects.toMatchObject({ code: 'upstream_timeout' });
    const other = cache.getOrLoad(key, failing);
    resolve('late');
    expect(await other).toMatchObject({ value: 'late' });
  });
});

describe('a shared tier that reads and does not store', () => {
  it('does not bring an older value back', async () => {
    const { source: counted, seen } = counting();
    const memory = createMemoryTier(1e6);
    let old: unknown;
    const shared = brokenTier(
      () => Promise.resolve(old),
      (_, value) => {
        old ??= value;
        return Promise.resolve();
      },
    );
    const cache = createCache({ memory, shared, clock, random: () => 0.5, maxWaitMs: 1_000 });
    const key = newKey();
    await cache.getOrLoad(key, counted);
    now += 25 * SECOND;
    expect((await cache.getOrLoad(key, counted)).value).toBe('value 2');
    now += 25 * SECOND;
    expect(await cache.getOrLoad(key, failing)).toMatchObject({ value: 'value 2', result: 'stale' });
    now += 16 * SECOND;
    expect((await cache.getOrLoad(key, counted)).value).toBe('value 3');
    expect(seen).toEqual([undefined, 'value 1', 'value 2']);
  });
});

describe('jitter', () => {
  it.each([
    [0, 9],
    [0.5, 10],
    [1, 11],
  ])('of %d makes 10 s of freshness %d s', async (random, seconds) => {
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => random, maxWaitMs: 1_000 });
    const { freshUntil } = await cache.getOrLoad(newKey(), counting().source);
    expect(freshUntil - now).toBe(seconds * SECOND);
  });

  it('never goes beyond the end', async () => {
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => 1, maxWaitMs: 1_000 });
    const end = now + 10 * SECOND;
    const brief = {
      ...counting().source,
      lifetimeOf: () => ({ freshUntil: end, staleWhileRevalidateUntil: end, staleIfErrorUntil: end }),
    };
    expect((await cache.getOrLoad(newKey(), brief)).freshUntil).toBe(end);
  });
});

describe('memory', () => {
  it('is bounded in bytes, the least recently used going first', async () => {
    const tier = createMemoryTier(65_536);
    for (let index = 0; index < 100; index++) {
      await tier.set(`k${index}`, 'x'.repeat(1_000), 60_000);
      await tier.get('k0');
    }
    const kept = await Promise.all(Array.from({ length: 100 }, (_, index) => tier.get(`k${index}`)));
    expect(kept[0]).toBeDefined();
    expect(kept.filter((value) => value !== undefined).length).toBeLessThan(33);
    await tier.set('none', 'x', 0);
    expect(await tier.get('none')).toBeUndefined();
  });
});

describe('several processes on one Redis', () => {
  const cacheOn = async () => {
    const { tier, lease } = await connect();
    return createCache({
      memory: createMemoryTier(1e6),
      shared: tier,
      lease,
      clock,
      random: () => 0.5,
      maxWaitMs: 10_000,
    });
  };

  it('load a key once between them', async () => {
    const caches = await Promise.all([cacheOn(), cacheOn(), cacheOn()]);
    let loads = 0;
    const slow = source(async () => {
      loads += 1;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return 'slow';
    });
    const key = newKey();
    const kept = await Promise.all(caches.flatMap((cache) => [cache.getOrLoad(key, slow), cache.getOrLoad(key, slow)]));
    expect(kept.every(({ value }) => value === 'slow')).toBe(true);
    expect(loads).toBe(1);
  });

  it('go on after a lease time when whoever loads has crashed', async () => {
    const { evaluate } = await connect();
    const key = newKey();
    // the lease of a process that is no more: nobody renews it
    await evaluate("return redis.call('set', KEYS[1], 'gone', 'PX', 600)", [`lease:${key}`], []);
    const { source: counted, loads } = counting();
    expect(await (await cacheOn()).getOrLoad(key, counted)).toMatchObject({ value: 'value 1' });
    expect(loads()).toBe(1);
  });

  it('keep a lease while they work, and give it back when they fail', async () => {
    const [first, second] = await Promise.all([cacheOn(), cacheOn()]);
    const key = newKey();
    let loads = 0;
    const slow = source(async () => {
      loads += 1;
      await new Promise((resolve) => setTimeout(resolve, 2_600)); // longer than a lease
      return 'slow';
    });
    expect(
      (await Promise.all([first.getOrLoad(key, slow), second.getOrLoad(key, slow)])).map(({ value }) => value),
    ).toEqual(['slow', 'slow']);
    expect(loads).toBe(1);
    const other = newKey();
    await expect(first.getOrLoad(other, failing)).rejects.toThrow();
    expect(await second.getOrLoad(other, counting().source)).toMatchObject({ value: 'value 1' });
  });
});

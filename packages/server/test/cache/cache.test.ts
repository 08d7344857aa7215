/** The cache’s contract, on every kind of store that may lie behind it. */
import { describe, expect, it } from '@jest/globals';
import { type Cache, createCache, ENTRY_VERSION } from '../../src/cache/cache.ts';
import type { LeasePort } from '../../src/cache/lease.ts';
import { type CacheTier, createMemoryTier } from '../../src/cache/tiers.ts';
import { brokenTier, clock, counting, failing, newKey, pass, SECOND, source, useRedis } from '../support/caches.ts';
import { until } from '../support/until.ts';

const connect = useRedis();

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
              storedAt: clock(),
              freshUntil: clock() + 1,
              staleWhileRevalidateUntil: clock() + 1,
              staleIfErrorUntil: clock() + 1,
              value: {},
            }),
          () => Promise.resolve(),
        ),
      }),
  ],
];

describe.each(STORES)('over %s', (_, makeStore) => {
  const makeCache = async (maxWaitMs = 5_000): Promise<Cache> =>
    createCache({ memory: createMemoryTier(1e6), ...(await makeStore()), clock, random: () => 0.5, maxWaitMs });

  it('a value is loaded once, for all who ask at the same time and after', async () => {
    const cache = await makeCache();
    const { source: counted, loads } = counting();
    const key = newKey();
    const first = await Promise.all(Array.from({ length: 20 }, () => cache.getOrLoad(key, counted)));
    expect(new Set(first.map(({ value, result }) => `${value} ${result}`))).toEqual(new Set(['value 1 miss']));
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 1', result: 'hit', storedAt: clock() });
    expect(loads()).toBe(1);
  });

  it('a value past its time is answered while one newer load runs, which sees it', async () => {
    const cache = await makeCache();
    const { source: counted, loads, seen } = counting();
    const key = newKey();
    await cache.getOrLoad(key, counted);
    pass(15 * SECOND);
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
    pass(25 * SECOND);
    expect(await cache.getOrLoad(key, failing)).toMatchObject({ value: 'value 1', result: 'stale' });
    pass(16 * SECOND); // the failure is forgotten by then
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 2', result: 'miss' });
    pass(61 * SECOND);
    await expect(cache.getOrLoad(key, failing)).rejects.toMatchObject({ code: 'upstream_unreachable' });
  });

  it('a failure is not stored, and not tried again for some seconds', async () => {
    const cache = await makeCache();
    const { source: counted, loads } = counting();
    const key = newKey();
    for (const attempt of [failing, counted])
      await expect(cache.getOrLoad(key, attempt)).rejects.toMatchObject({ code: 'upstream_unreachable' });
    expect(loads()).toBe(0);
    pass(16 * SECOND);
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
    pass(25 * SECOND);
    expect((await cache.getOrLoad(key, counted)).value).toBe('value 2');
    pass(25 * SECOND);
    expect(await cache.getOrLoad(key, failing)).toMatchObject({ value: 'value 2', result: 'stale' });
    pass(16 * SECOND);
    expect((await cache.getOrLoad(key, counted)).value).toBe('value 3');
    expect(seen).toEqual([undefined, 'value 1', 'value 2']);
  });
});

describe('at the very moment at which', () => {
  it.each([
    ['freshness ends, it is past its time', 10, { value: 'value 1', result: 'stale' }],
    ['the time for answering at once ends, a newer one is waited for', 20, { value: 'value 2', result: 'miss' }],
  ])('%s', async (_, seconds, expected) => {
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => 0.5, maxWaitMs: 1_000 });
    const { source: counted } = counting();
    const key = newKey();
    await cache.getOrLoad(key, counted);
    pass(seconds * SECOND);
    expect(await cache.getOrLoad(key, counted)).toMatchObject(expected);
  });

  it('all time ends, it stands in for nothing', async () => {
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => 0.5, maxWaitMs: 1_000 });
    const key = newKey();
    await cache.getOrLoad(key, counting().source);
    pass(60 * SECOND);
    await expect(cache.getOrLoad(key, failing)).rejects.toMatchObject({ code: 'upstream_unreachable' });
  });
});

describe('how it was answered', () => {
  it('is told of each look', async () => {
    const told: string[] = [];
    const onResult = (result: string) => void told.push(result);
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => 0.5, maxWaitMs: 1_000, onResult });
    const key = newKey();
    await cache.getOrLoad(key, counting().source);
    await cache.getOrLoad(key, failing);
    pass(15 * SECOND);
    await cache.getOrLoad(key, failing);
    await cache.getOrLoad(newKey(), failing).catch(() => {});
    expect(told).toEqual(['miss', 'hit', 'stale', 'error']);
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
    expect(freshUntil - clock()).toBe(seconds * SECOND);
  });

  it.each([
    ['never goes beyond the end', 10, 10],
    ['leaves the moments in their order', 60, 11],
  ])('%s', async (_, staleIfErrorS, seconds) => {
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => 1, maxWaitMs: 1_000 });
    const until = clock() + 10 * SECOND;
    const staleIfErrorUntil = clock() + staleIfErrorS * SECOND;
    const brief = {
      ...counting().source,
      lifetimeOf: () => ({ freshUntil: until, staleWhileRevalidateUntil: until, staleIfErrorUntil }),
    };
    const moment = clock() + seconds * SECOND;
    expect(await cache.getOrLoad(newKey(), brief)).toMatchObject({
      ...{ freshUntil: moment, staleWhileRevalidateUntil: moment, staleIfErrorUntil },
    });
  });
});

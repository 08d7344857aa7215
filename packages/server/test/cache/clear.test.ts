/** A clear of the cache: nothing of what was asked for before it is kept after it. */
import { describe, expect, it } from '@jest/globals';
import { createCache, ENTRY_VERSION } from '../../src/cache/cache.ts';
import type { LeasePort } from '../../src/cache/lease.ts';
import { type CacheTier, createMemoryTier } from '../../src/cache/tiers.ts';
import { RelayError } from '../../src/errors.ts';
import { brokenTier, clock, counting, failing, newKey, SECOND, settled, source, useRedis } from '../support/caches.ts';

const connect = useRedis();

describe('a clear', () => {
  const cacheOver = (store: { shared?: CacheTier; lease?: LeasePort }) => {
    const memory = createMemoryTier(1e6);
    const cache = createCache({ memory, ...store, clock, random: () => 0.5, maxWaitMs: 5_000 });
    return { memory, cache, shared: store.shared };
  };
  const slow = () => {
    const begun = Promise.withResolvers<void>();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const load = () => {
      begun.resolve();
      return promise;
    };
    return { source: source(load), begun: begun.promise, end: resolve, fail: reject };
  };

  describe.each(['memory alone', 'a real Redis'])('over %s', (kind) => {
    const start = async () => {
      if (kind === 'memory alone') return cacheOver({});
      const { tier, lease } = await connect();
      return cacheOver({ shared: tier, lease });
    };

    it('lets go of what was stored, for others on the same store too', async () => {
      const { cache } = await start();
      const { source: counted } = counting();
      const key = newKey();
      await cache.getOrLoad(key, counted);
      await cache.clear();
      expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 2', result: 'miss' });
      const other = await start();
      if (other.shared) expect(await other.cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 2' });
    });

    it('is not undone by what was asked for before it, which is for those who asked', async () => {
      const { cache, memory, shared } = await start();
      const key = newKey();
      const old = slow();
      const before = cache.getOrLoad(key, old.source);
      await old.begun;
      await cache.clear();
      const fresh = slow();
      const after = cache.getOrLoad(key, fresh.source);
      await settled();
      old.end('old');
      expect(await before).toMatchObject({ value: 'old', result: 'miss' });
      expect([await memory.get(key), await shared?.get(key)]).toEqual([undefined, undefined]);
      // nor do those that ask now wait for it
      await fresh.begun;
      const another = cache.getOrLoad(key, failing);
      fresh.end('new');
      for (const asked of [after, another]) expect(await asked).toMatchObject({ value: 'new', result: 'miss' });
      expect(await memory.get(key)).toMatchObject({ value: 'new' });
    });

    it('is not followed by a pause for what failed before it, or that was asked for before it', async () => {
      const { cache } = await start();
      const { source: counted } = counting();
      const key = newKey();
      await cache.getOrLoad(key, failing).catch(() => {});
      const old = slow();
      const other = newKey();
      const before = cache.getOrLoad(other, old.source);
      await old.begun;
      await cache.clear();
      old.fail(new RelayError('upstream_unreachable'));
      await expect(before).rejects.toMatchObject({ code: 'upstream_unreachable' });
      expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 1' });
      expect(await cache.getOrLoad(other, counted)).toMatchObject({ value: 'value 2' });
    });
  });

  it('rejects where the shared tier does, and has let go of what is near all the same', async () => {
    const tier = brokenTier(
      () => Promise.resolve(undefined),
      () => Promise.resolve(),
    );
    const shared = { ...tier, clear: () => Promise.reject(new Error('Redis cannot be used')) };
    const { cache } = cacheOver({ shared });
    const { source: counted } = counting();
    const key = newKey();
    await cache.getOrLoad(key, counted);
    await expect(cache.clear()).rejects.toThrow('Redis cannot be used');
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 2', result: 'miss' });
  });

  it('is not undone by what the shared tier still has while it goes on', async () => {
    const found = Promise.withResolvers<unknown>();
    const cleared = Promise.withResolvers<void>();
    let look = () => found.promise;
    const tier = brokenTier(
      () => look(),
      () => Promise.resolve(),
    );
    const shared = { ...tier, clear: () => cleared.promise };
    const { cache, memory } = cacheOver({ shared });
    const { source: counted } = counting();
    const key = newKey();
    const moments = { freshUntil: 9e15, staleWhileRevalidateUntil: 9e15, staleIfErrorUntil: clock() + 60 * SECOND };
    const old = { version: ENTRY_VERSION, value: 'old', storedAt: clock(), ...moments };
    const before = cache.getOrLoad(key, counted);
    await settled();
    const clearing = cache.clear();
    found.resolve(old);
    look = () => Promise.resolve(old);
    expect(await before).toMatchObject({ value: 'old', result: 'hit' });
    expect(await memory.get(key)).toBeUndefined();
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 1', result: 'miss' });
    cleared.resolve();
    await clearing;
    expect(await cache.getOrLoad(newKey(), counted)).toMatchObject({ value: 'old' }); // asked again
  });
});

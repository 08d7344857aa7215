/** What is remembered of loads that failed, and for how long. */
import { describe, expect, it } from '@jest/globals';
import { createCache } from '../../src/cache/cache.ts';
import { createMemoryTier } from '../../src/cache/tiers.ts';
import { RelayError } from '../../src/errors.ts';
import { brokenTier, clock, counting, failing, newKey, pass, SECOND, settled, source } from '../support/caches.ts';

describe('a failure', () => {
  const limited = source(() => Promise.reject(new RelayError('client_rate_limited')));

  it.each([
    [0, 5],
    [0.5, 10],
    [1, 15],
  ])('is remembered, by a chance of %d, for %d s', async (random, seconds) => {
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => random, maxWaitMs: 1_000 });
    const { source: counted, loads } = counting();
    const key = newKey();
    const ask = () => cache.getOrLoad(key, counted).catch(() => 'failed');
    await cache.getOrLoad(key, failing).catch(() => {});
    pass(seconds * SECOND - 1);
    expect([await ask(), loads()]).toEqual(['failed', 0]);
    pass(1);
    expect(await ask()).toMatchObject({ value: 'value 1' });
  });

  it('for the sake of a client is not remembered', async () => {
    const cache = createCache({ memory: createMemoryTier(1e6), clock, random: () => 0.5, maxWaitMs: 1_000 });
    const key = newKey();
    await expect(cache.getOrLoad(key, limited)).rejects.toMatchObject({ code: 'client_rate_limited' });
    expect(await cache.getOrLoad(key, counting().source)).toMatchObject({ value: 'value 1' });
  });

  it('for the sake of another makes whoever waited for it begin a load of its own', async () => {
    const asked: unknown[] = [];
    // the first to be told is who began it
    const isAnothers = (error: unknown) => asked.push(error) === 2;
    const parts = { memory: createMemoryTier(1e6), clock, random: () => 0.5, maxWaitMs: 1_000 };
    const cache = createCache({ ...parts, isAnothers });
    const { promise, reject } = Promise.withResolvers<string>();
    const key = newKey();
    const first = cache.getOrLoad(
      key,
      source(() => promise),
    );
    const second = cache.getOrLoad(key, counting().source);
    const error = new RelayError('client_rate_limited');
    reject(error);
    await expect(first).rejects.toBe(error);
    expect(await second).toMatchObject({ value: 'value 1', result: 'miss' });
    expect(asked).toEqual([error, error]);
  });
});

describe('while a failure is not to be tried again', () => {
  const countingTier = () => {
    let gets = 0;
    const shared = brokenTier(
      () => {
        gets += 1;
        return Promise.resolve(undefined);
      },
      () => Promise.resolve(),
    );
    return { shared, gets: () => gets };
  };

  it('a value past its time costs no look into the shared tier', async () => {
    const { shared, gets } = countingTier();
    const cache = createCache({ memory: createMemoryTier(1e6), shared, clock, random: () => 0.5, maxWaitMs: 1_000 });
    const { source: counted, loads } = counting();
    const key = newKey();
    await cache.getOrLoad(key, counted);
    pass(15 * SECOND);
    await cache.getOrLoad(key, failing);
    await settled();
    const looks = gets();
    for (let asked = 0; asked < 100; asked++) {
      expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 1', result: 'stale' });
      await settled();
    }
    expect([gets() - looks, loads()]).toEqual([0, 1]);
  });
});

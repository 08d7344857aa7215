/** What processes that share a Redis load between them. */
import { describe, expect, it } from '@jest/globals';
import { createCache } from '../../src/cache/cache.ts';
import { createMemoryTier } from '../../src/cache/tiers.ts';
import { clock, counting, failing, newKey, source, useRedis } from '../support/caches.ts';

const connect = useRedis();

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

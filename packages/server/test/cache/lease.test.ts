/** What processes that share a Redis load between them. */
import { describe, expect, it, jest } from '@jest/globals';
import { createCache } from '../../src/cache/cache.ts';
import { type LeasePort, withLease } from '../../src/cache/lease.ts';
import { createMemoryTier } from '../../src/cache/tiers.ts';
import { clock, counting, failing, newKey, settled, source, useRedis } from '../support/caches.ts';

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

describe('work under a lease', () => {
  type State = 'granted' | 'held' | 'unavailable';

  /** A keeper that answers so, one after the other and then the last again; what happens is written down in order. */
  function scene(states: readonly State[], found: readonly (string | undefined)[]) {
    const events: string[] = [];
    const left = { states: [...states], found: [...found] };
    const next = <T>(from: T[]) => (from.length > 1 ? from.shift() : from[0]) as T;
    const port: LeasePort = {
      acquire(key) {
        const state = next(left.states);
        events.push(`${key} ${state}`);
        const release = () => Promise.resolve(void events.push('released'));
        return Promise.resolve(state === 'granted' ? { state, release } : { state });
      },
    };
    const look = () => {
      events.push('look');
      return Promise.resolve(next(left.found));
    };
    const settling = Promise.withResolvers<void>();
    const work = () => {
      events.push('work');
      return Promise.resolve({ value: 'own', settled: settling.promise });
    };
    return { events, port, look, work, settle: settling.resolve };
  }

  it('is done at once where nobody can be asked for one', async () => {
    const { port, events, ...parts } = scene(['unavailable'], [undefined]);
    expect(await withLease(port, 'a', parts)).toBe('own');
    expect(events).toEqual(['a unavailable', 'work']);
    expect(await withLease(undefined, 'a', parts)).toBe('own');
  });

  it('is spared where the result came just before, and the lease is given back', async () => {
    const { port, events, ...parts } = scene(['granted'], ['another’s']);
    expect(await withLease(port, 'a', parts)).toBe('another’s');
    await settled();
    expect(events).toEqual(['a granted', 'look', 'released']);
  });

  it('holds it until others can see the result', async () => {
    const { port, events, settle, ...parts } = scene(['granted'], [undefined]);
    expect(await withLease(port, 'a', parts)).toBe('own');
    await settled();
    expect(events).toEqual(['a granted', 'look', 'work']);
    settle();
    await settled();
    expect(events.at(-1)).toBe('released');
  });

  it('waits for another’s result as long as the lease is held, and works when it is free', async () => {
    const other = scene(['held'], [undefined, 'another’s']);
    expect(await withLease(other.port, 'a', other)).toBe('another’s');
    expect(other.events).toEqual(['a held', 'look', 'a held', 'look']);
    const gone = scene(['held', 'granted'], [undefined]);
    const startedAt = performance.now();
    expect(await withLease(gone.port, 'a', gone)).toBe('own');
    expect(performance.now() - startedAt).toBeGreaterThan(40);
    expect(gone.events).toEqual(['a held', 'look', 'a granted', 'look', 'work']);
  });

  it('is done without one that is held for longer than any load takes', async () => {
    jest.useFakeTimers({
      now: 0,
      doNotFake: ['setTimeout', 'setImmediate', 'setInterval', 'nextTick', 'queueMicrotask'],
    });
    jest.advanceTimersByTime(60_000); // a process that has been up for a while
    try {
      const { port, events, work } = scene(['held'], [undefined]);
      let looks = 0;
      const look = () => {
        looks += 1;
        jest.advanceTimersByTime(15_000);
        return Promise.resolve(undefined);
      };
      expect(await withLease(port, 'a', { look, work })).toBe('own');
      expect([looks, events]).toEqual([2, ['a held', 'a held', 'work']]);
    } finally {
      jest.useRealTimers();
    }
  });
});

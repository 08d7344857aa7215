/** What is taken from the shared tier, where others write too, and what it is used for. */
import { describe, expect, it } from '@jest/globals';
import { type CacheResult, createCache, ENTRY_VERSION, type Entry } from '../../src/cache/cache.ts';
import { type CacheTier, createMemoryTier } from '../../src/cache/tiers.ts';
import { brokenTier, clock, counting, failing, newKey, pass, SECOND, settled, source } from '../support/caches.ts';

const DAY = 24 * 3_600 * SECOND;

function startTier() {
  const kept = new Map<string, unknown>();
  let gets = 0;
  const tier = brokenTier(
    (key) => {
      gets += 1;
      return Promise.resolve(kept.get(key));
    },
    (key, value) => Promise.resolve(void kept.set(key, value)),
  );
  return { tier, kept, gets: () => gets };
}

const cacheOn = (shared: CacheTier, onResult?: (result: CacheResult | 'error') => void) => {
  const parts = { memory: createMemoryTier(1e6), shared, clock, random: () => 0.5, maxWaitMs: 5_000 };
  return createCache({ ...parts, ...(onResult && { onResult }) });
};

const entry = (change: Partial<Record<keyof Entry, unknown>> = {}) => ({
  version: ENTRY_VERSION,
  value: 'of another',
  storedAt: clock(),
  freshUntil: clock() + 10 * SECOND,
  staleWhileRevalidateUntil: clock() + 20 * SECOND,
  staleIfErrorUntil: clock() + 60 * SECOND,
  ...change,
});

describe('an entry of another process', () => {
  it.each<[string, () => unknown, string]>([
    ['is taken', () => entry(), 'of another'],
    ['is taken, its clock being a minute ahead', () => entry({ storedAt: clock() + 60 * SECOND }), 'of another'],
    ['is not, its clock being further ahead', () => entry({ storedAt: clock() + 60 * SECOND + 1 }), 'value 1'],
    ['is taken, living for eight days', () => entry({ staleIfErrorUntil: clock() + 8 * DAY }), 'of another'],
    ['is not, living longer', () => entry({ staleIfErrorUntil: clock() + 8 * DAY + 1 }), 'value 1'],
    ['is not after its end', () => entry({ staleIfErrorUntil: clock() }), 'value 1'],
    ['is not, being of another version', () => entry({ version: ENTRY_VERSION + 1 }), 'value 1'],
    ['is not, being no value', () => entry({ value: 7 }), 'value 1'],
    ['is not, without a value', () => ({ ...entry(), value: undefined }), 'value 1'],
    ['is not, without a moment', () => entry({ freshUntil: undefined }), 'value 1'],
    ['is not, with a moment that is none', () => entry({ staleWhileRevalidateUntil: '2026' }), 'value 1'],
    ['is not, being nothing', () => null, 'value 1'],
    ['is not, being text', () => 'of another', 'value 1'],
  ])('%s', async (_, stored, value) => {
    const { tier, kept } = startTier();
    const key = newKey();
    kept.set(key, stored());
    expect((await cacheOn(tier).getOrLoad(key, counting().source)).value).toBe(value);
  });

  it('is kept near', async () => {
    const { tier, kept, gets } = startTier();
    const key = newKey();
    kept.set(key, entry());
    const cache = cacheOn(tier);
    for (let asked = 0; asked < 3; asked++)
      expect(await cache.getOrLoad(key, failing)).toMatchObject({ value: 'of another', result: 'hit' });
    expect(gets()).toBe(1);
  });

  it('that is past its time is answered at once, and followed by a load that nobody waits for', async () => {
    const { tier, kept } = startTier();
    const key = newKey();
    kept.set(key, entry());
    pass(15 * SECOND);
    const cache = cacheOn(tier);
    const seen: unknown[] = [];
    const load = source((context) => {
      seen.push(context);
      return Promise.resolve('new');
    });
    expect(await cache.getOrLoad(key, load)).toMatchObject({ value: 'of another', result: 'stale' });
    await settled();
    expect(await cache.getOrLoad(key, load)).toMatchObject({ value: 'new', result: 'hit' });
    await cache.getOrLoad(newKey(), load);
    expect(seen).toEqual([
      { previous: 'of another', isBackground: true },
      { previous: undefined, isBackground: false },
    ]);
    expect(kept.get(key)).toMatchObject({ value: 'new' });
  });

  it('that is further past its time stands in for what cannot be loaded', async () => {
    const { tier, kept } = startTier();
    const key = newKey();
    kept.set(key, entry());
    pass(25 * SECOND);
    expect(await cacheOn(tier).getOrLoad(key, failing)).toMatchObject({ value: 'of another', result: 'stale' });
  });

  it('that came meanwhile spares a load', async () => {
    const { tier, kept } = startTier();
    const key = newKey();
    const { source: counted, loads } = counting();
    const cache = cacheOn(tier);
    await cache.getOrLoad(key, counted);
    pass(15 * SECOND);
    kept.set(key, entry());
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'value 1', result: 'stale' });
    await settled();
    expect(await cache.getOrLoad(key, counted)).toMatchObject({ value: 'of another', result: 'hit' });
    expect(loads()).toBe(1);
  });
});

describe('the shared tier', () => {
  it('that never answers costs a second or two, and no answer', async () => {
    const hung = brokenTier(
      () => new Promise(() => {}),
      () => Promise.resolve(),
    );
    const before = performance.now();
    expect(await cacheOn(hung).getOrLoad(newKey(), counting().source)).toMatchObject({ value: 'value 1' });
    expect(performance.now() - before).toBeGreaterThan(1_400);
  });

  it('is told for how long to keep what is stored', async () => {
    const kept: number[] = [];
    const tier = brokenTier(
      () => Promise.resolve(undefined),
      (_key, _value, ttlMs) => Promise.resolve(void kept.push(ttlMs)),
    );
    await cacheOn(tier).getOrLoad(newKey(), counting().source);
    expect(kept).toEqual([60 * SECOND]);
  });
});

/** What memory keeps. */
import { describe, expect, it } from '@jest/globals';
import { createMemoryTier } from '../../src/cache/tiers.ts';

const MINUTE_MS = 60_000;

describe('memory', () => {
  it('is bounded in bytes, the least recently used going first', async () => {
    const tier = createMemoryTier(65_536);
    for (let index = 0; index < 100; index++) {
      await tier.set(`k${index}`, 'x'.repeat(1_000), MINUTE_MS);
      await tier.get('k0');
    }
    const kept = await Promise.all(Array.from({ length: 100 }, (_, index) => tier.get(`k${index}`)));
    expect(kept[0]).toBeDefined();
    expect(kept.filter((value) => value !== undefined).length).toBeLessThan(33);
  });

  it('keeps nothing that is too large for it, its key included, or out of date at once', async () => {
    const tier = createMemoryTier(65_536);
    const long = 'k'.repeat(20_000);
    await tier.set(long, 'x'.repeat(20_000), MINUTE_MS);
    expect(await tier.get(long)).toBeUndefined();
    await tier.set('none', 'x', 0);
    expect(await tier.get('none')).toBeUndefined();
  });

  it('gives the very value that was put in, until it is told to let go', async () => {
    const tier = createMemoryTier(65_536);
    const value = { of: ['a', 'menu'] };
    for (const key of ['a', 'b', 'c']) await tier.set(key, value, MINUTE_MS);
    expect(await tier.get('a')).toBe(value);
    await tier.delete('a');
    expect([await tier.get('a'), await tier.get('b')]).toEqual([undefined, value]);
    await tier.clear();
    expect(await tier.get('b')).toBeUndefined();
    await tier.set('b', value, MINUTE_MS);
    await tier.close();
    expect(await tier.get('b')).toBeUndefined();
    expect([tier.name, tier.state()]).toEqual(['memory', 'up']);
  });

  it('tells of every change in it, and of nothing else', async () => {
    const tier = createMemoryTier(65_536);
    const seen = [tier.changes()];
    const after = async (doing: Promise<unknown>) => {
      await doing;
      seen.push(tier.changes());
    };
    await after(tier.set('a', 'x', MINUTE_MS));
    await after(tier.set('a', 'y', MINUTE_MS));
    await after(tier.delete('a'));
    expect(new Set(seen).size).toBe(4);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    await after(tier.get('a'));
    await after(tier.delete('a'));
    expect(new Set(seen).size).toBe(4);
  });
});

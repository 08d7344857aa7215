/** What memory keeps. */
import { describe, expect, it } from '@jest/globals';
import { createMemoryTier } from '../../src/cache/tiers.ts';

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

import { describe, expect, it } from '@jest/globals';
import { hash32, pick, seededRandom, shuffled } from '../src/random.ts';

const take = (random: () => number, count: number) => Array.from({ length: count }, random);

describe('seeded chance', () => {
  it('repeats the sequence of a seed and gives another one for every other seed', () => {
    expect(take(seededRandom(1, 'nanna'), 5)).toEqual(take(seededRandom(1, 'nanna'), 5));
    expect(take(seededRandom(1, 'nanna'), 5)).not.toEqual(take(seededRandom(2, 'nanna'), 5));
  });

  it('spreads over the whole range from 0 to 1', () => {
    const numbers = take(seededRandom('spread'), 2000);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
    expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1);
  });

  it('shuffles without losing or doubling anything', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const order = shuffled(seededRandom('order'), items);
    expect(order).not.toEqual(items);
    expect([...order].sort()).toEqual(items);
  });

  it('refuses to pick from nothing', () => {
    expect(() => pick(seededRandom('none'), [])).toThrow(RangeError);
  });

  it('takes fingerprints that differ for texts that differ', () => {
    expect(hash32('elma')).not.toBe(hash32('elmb'));
  });
});

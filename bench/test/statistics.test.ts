import { describe, expect, it } from '@jest/globals';
import { growthExponent, median, pairedRatio, quantile, robustSlope, spreadOf, trendStrength } from '../statistics.ts';

const inOrder = (values: readonly number[]) => values.map((y, x) => ({ x, y }));

describe('median and quantiles', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10], // as numbers, not as texts
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('takes what lies between its neighbours', () => {
    const hundred = Array.from({ length: 101 }, (_, index) => 100 - index);
    expect([0, 0.25, 0.99, 1].map((share) => quantile(hundred, share))).toEqual([0, 25, 99, 100]);
    expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });

  it('leaves what it is given as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('slopes', () => {
  it('finds the slope of a line', () => {
    expect(robustSlope([10, 12, 14, 16].map((y, index) => ({ x: index * 5, y })))).toBeCloseTo(0.4);
  });

  it('is not moved by a few outliers', () => {
    expect(robustSlope(inOrder([1, 2, 3, 1_000, 5, 6, 7, 8, -500, 10]))).toBeCloseTo(1);
  });

  it('of one point is none', () => {
    expect(robustSlope(inOrder([1]))).toBe(0);
  });

  it('tells a trend from chance', () => {
    expect(trendStrength(inOrder([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))).toBeGreaterThan(3);
    expect(trendStrength(inOrder([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]))).toBeLessThan(-3);
    expect(Math.abs(trendStrength(inOrder([5, 3, 6, 4, 5, 4, 6, 3, 5, 4])))).toBeLessThan(1);
    expect(trendStrength(inOrder([7, 7, 7, 7]))).toBe(0);
  });

  it('agrees with a worked example of the test', () => {
    // n = 5, S = 8: variance 5·4·15/18, z = 7/√16.67
    expect(trendStrength(inOrder([1, 2, 4, 3, 5]))).toBeCloseTo(7 / Math.sqrt(300 / 18));
  });
});

describe('growth', () => {
  it.each([
    [0, () => 7],
    [1, (x: number) => 3 * x],
    [2, (x: number) => x * x],
  ])('finds the exponent %d', (exponent, of) => {
    expect(growthExponent([18, 180, 1_800].map((x) => ({ x, y: of(x) })))).toBeCloseTo(exponent);
  });
});

describe('rounds', () => {
  it('are told with least and most', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  });

  it('are compared with the same round of the other', () => {
    // the machine was half as fast in the second round, for both
    expect(pairedRatio([10, 5, 11], [20, 10, 20])).toEqual({ median: 0.5, least: 0.5, most: 0.55 });
  });
});

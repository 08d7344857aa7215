/**
 * The arithmetic of the suite: order statistics, robust slopes, how something grows. Pure. Promises nothing clever: every
 * figure of a result can be worked out again from the rounds that stand beside it.
 */

/** The middle one, or the mean of the two in the middle. NaN for none. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** With linear interpolation between the neighbours; `share` from 0 to 1. NaN for no values. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Theil and Sen's slope: the median over all pairs, which no third of outliers can move far. 0 for fewer than two points. */
export function robustSlope(points: readonly Point[]): number {
  const slopes = pairsOf(points).flatMap(([a, b]) => (a.x === b.x ? [] : [(b.y - a.y) / (b.x - a.x)]));
  return slopes.length === 0 ? 0 : median(slopes);
}

/**
 * Mann and Kendall's test for a trend, in standard deviations: above 2.33 a growth is no chance in 99 of 100 cases.
 * The points are in the order of time.
 */
export function trendStrength(points: readonly Point[]): number {
  const { length: n } = points;
  const score = pairsOf(points).reduce((sum, [a, b]) => sum + Math.sign(b.y - a.y), 0);
  const ties = [...Map.groupBy(points, ({ y }) => y).values()].map(({ length }) => length);
  const spread = (count: number) => count * (count - 1) * (2 * count + 5);
  const variance = (spread(n) - ties.reduce((sum, count) => sum + spread(count), 0)) / 18;
  return variance <= 0 || score === 0 ? 0 : (score - Math.sign(score)) / Math.sqrt(variance);
}

/** `k` where y is about c·xᵏ: 0 does not grow, 1 grows as much as x, 2 as its square. Least squares over the logarithms. */
export function growthExponent(points: readonly Point[]): number {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: (point: Point) => number) => logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  return mean(({ x, y }) => (x - meanX) * (y - meanY)) / mean(({ x }) => (x - meanX) ** 2);
}

/** What several rounds came to. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
});

/** Of each round with the same round of the other: what the machine did meanwhile, it did to both. */
export const pairedRatio = (values: readonly number[], others: readonly number[]): Spread =>
  spreadOf(values.flatMap((value, round) => (others[round] === undefined ? [] : [value / others[round]])));

function pairsOf(points: readonly Point[]): Array<[Point, Point]> {
  return points.flatMap((a, index) => points.slice(index + 1).map((b): [Point, Point] => [a, b]));
}

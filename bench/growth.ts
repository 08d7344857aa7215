/** Whether something grows that must not: the verdict over the samples of a soak. Pure. */
import { median, type Point, robustSlope, trendStrength } from './statistics.ts';

export interface Sample {
  /** Since the start, in seconds. */
  readonly atS: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly openFiles: number;
  readonly activeHandles: number;
  readonly activeResources: number;
  readonly eventLoopLagP99Ms: number;
}

export type Quantity = Exclude<keyof Sample, 'atS'>;

/** What the machine, the collector of garbage and the faults do by themselves; over the whole of the soak. */
const TOLERATED: Readonly<Record<Quantity, number>> = {
  rssBytes: 16 * 1024 ** 2,
  heapUsedBytes: 16 * 1024 ** 2,
  openFiles: 20,
  activeHandles: 20,
  activeResources: 20,
  eventLoopLagP99Ms: 20,
};

export const QUANTITIES = Object.keys(TOLERATED) as Quantity[];

/** And never more than so much of what it is. */
const TOLERATED_SHARE = 0.1;
/** Chance does it in one of a hundred soaks. */
const CERTAIN = 2.33;
/** Compiled code, full caches, a settled heap: what the first part of a soak is for. */
const WARM_UP_SHARE = 0.25;

export interface Growth {
  readonly quantity: Quantity;
  readonly median: number;
  readonly perHour: number;
  /** From the end of the warm-up to the end. */
  readonly overall: number;
  /** In standard deviations; see `trendStrength`. */
  readonly trend: number;
  /** `unknown`: too short after the warm-up to say. */
  readonly grows: 'yes' | 'no' | 'unknown';
}

/** Fewer samples than these tell a heap that settles from one that leaks in no way. */
const LEAST_SAMPLES = 60;

/** What is broken for the first time may cost memory once: `cycleS` is how long it takes until all has been broken. */
export function growthOf(samples: readonly Sample[], quantity: Quantity, cycleS = 0): Growth {
  const endS = samples.at(-1)?.atS ?? 0;
  const from = (startS: number) => samples.filter(({ atS }) => atS >= startS);
  const settled = from(Math.max(cycleS, endS * WARM_UP_SHARE));
  const isLong = settled.length >= LEAST_SAMPLES;
  const points = (isLong ? settled : from(endS * WARM_UP_SHARE)).map(
    (sample): Point => ({ x: sample.atS, y: sample[quantity] }),
  );
  const perSecond = robustSlope(points);
  const overall = perSecond * (endS - (points[0]?.x ?? 0));
  const middle = median(points.map(({ y }) => y));
  const trend = trendStrength(points);
  const most = Math.max(TOLERATED[quantity], middle * TOLERATED_SHARE);
  return {
    quantity,
    median: middle,
    perHour: perSecond * 3_600,
    overall,
    trend,
    grows: !isLong ? 'unknown' : trend > CERTAIN && overall > most ? 'yes' : 'no',
  };
}

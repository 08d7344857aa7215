/**
 * `pnpm bench:micro`: what the pure parts cost, one call at a time, and how it grows with the number of restaurants. Run
 * from the sources: the figures are for finding what is dear, and for before and after of a change.
 *
 *   --ms 300     of each measurement (default 300)
 *   --out DIR    default bench/results
 */
import { Bench } from 'tinybench';
import { grownCases, smallCases } from './microCases.ts';
import { numberFrom, readOptions, run } from './options.ts';
import { lineChart } from './report/svg.ts';
import { table } from './report/table.ts';
import { describeMachine, machineLine, RESULTS, writeResult } from './results.ts';
import { growthExponent, type Point } from './statistics.ts';

const RESTAURANTS = [18, 180, 1_800, 18_000];

interface Timing {
  readonly name: string;
  /** Medians, in microseconds. */
  readonly us: number;
  readonly p99Us: number;
}

async function time(cases: Readonly<Record<string, () => unknown>>, ms: number): Promise<Timing[]> {
  const bench = new Bench({ time: ms, warmupTime: ms / 3 });
  for (const [name, call] of Object.entries(cases)) bench.add(name, call);
  const tasks = await bench.run();
  return tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name} did not run`);
    return { name, us: result.latency.p50 * 1_000, p99Us: result.latency.p99 * 1_000 };
  });
}

interface Grown {
  readonly name: string;
  readonly points: readonly Point[];
  readonly exponent: number;
}

async function main(): Promise<void> {
  const options = readOptions({ ms: '300', out: RESULTS });
  const ms = numberFrom('ms', options.ms, 10, 60_000);
  const head = { kind: 'micro', startedAt: new Date().toISOString(), machine: describeMachine(), ms };
  const small = await time(smallCases(), ms);
  const bySize = new Map<number, Timing[]>();
  for (const count of RESTAURANTS) bySize.set(count, await time(grownCases(count), ms));
  const names = [...bySize.values()][0]?.map(({ name }) => name) ?? [];
  const grown = names.map((name): Grown => {
    const points = [...bySize].map(([x, timings]) => ({ x, y: timings.find((one) => one.name === name)?.us ?? 0 }));
    return { name, points, exponent: growthExponent(points) };
  });
  const page = `# Parts, one call at a time

${head.startedAt.slice(0, 10)}. ${machineLine(head.machine)}. Medians of ${ms} ms each, in microseconds.

${tables(small, grown)}`;
  console.log(page);
  writeResult(options.out, 'micro', { ...head, small, grown }, { 'micro.md': page, 'micro-growth.svg': plotOf(grown) });
}

const tables = (small: readonly Timing[], grown: readonly Grown[]) =>
  `${table(
    ['', 'µs', 'p99 µs'],
    small.map(({ name, us, p99Us }) => [name, us.toFixed(2), p99Us.toFixed(2)]),
  )}
## With so many restaurants

The exponent says how it grows: 0 not at all, 1 as much as they do.

${table(
  ['', ...RESTAURANTS.map(String), 'exponent'],
  grown.map(({ name, points, exponent }) => [name, ...points.map(({ y }) => y.toFixed(1)), exponent.toFixed(2)]),
)}`;

const plotOf = (series: readonly Grown[]) =>
  lineChart({
    title: 'Time of one call, in µs, with so many restaurants',
    x: 'restaurants',
    y: 'µs',
    series,
    isLogarithmic: true,
    isLogarithmicX: true,
  });

run(main);

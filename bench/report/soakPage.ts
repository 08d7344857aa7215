/** A soak for readers: what grew, what failed and when, and plots over the time. */
import type { Growth, Quantity, Sample } from '../growth.ts';
import type { OpenLoopResult } from '../load/openLoop.ts';
import { type Machine, machineLine } from '../results.ts';
import { median } from '../statistics.ts';
import { lineChart } from './svg.ts';
import { table } from './table.ts';

export interface Window {
  /** Its begin, since the start. */
  readonly atS: number;
  /** What was broken meanwhile; empty for nothing. */
  readonly trouble: string;
  readonly hits: Omit<OpenLoopResult, 'offeredPerSecond' | 'queueMost'>;
  /** How many ended with which status. */
  readonly misses: Readonly<Record<string, number>>;
}

export interface SoakResult {
  readonly kind: 'soak';
  readonly startedAt: string;
  readonly machine: Machine;
  readonly minutes: number;
  readonly requestsPerSecond: number;
  readonly samples: readonly Sample[];
  readonly windows: readonly Window[];
  readonly growths: readonly Growth[];
  /** Files and connections more than before the load, after it. */
  readonly leftOver: number;
  /** Empty if all is well. */
  readonly problems: readonly string[];
}

/** How a quantity is told. */
const UNITS: Readonly<Record<Quantity, { readonly unit: string; readonly of: number }>> = {
  rssBytes: { unit: 'RSS, MiB', of: 1024 ** 2 },
  heapUsedBytes: { unit: 'heap, MiB', of: 1024 ** 2 },
  openFiles: { unit: 'open files', of: 1 },
  activeHandles: { unit: 'handles', of: 1 },
  activeResources: { unit: 'active resources', of: 1 },
  eventLoopLagP99Ms: { unit: 'event-loop lag p99, ms', of: 1 },
};

export function soakPage(result: SoakResult): string {
  const { startedAt, machine, minutes, requestsPerSecond, growths, leftOver, windows } = result;
  const header = ['', 'median', 'per hour', 'over the soak', 'trend (σ)', 'grows'];
  return `# Soak

${startedAt.slice(0, 10)}. ${machineLine(machine)}. ${minutes} minutes with ${requestsPerSecond.toFixed(0)} requests/s. ${verdict(result)} Left over at the end: ${leftOver} files or connections.

${table(header, growths.map(growthRow))}
${table(['while', 'windows', 'p50 ms', 'p99 ms', 'max ms', 'misses by status'], troubleRows(windows))}`;
}

function verdict({ problems, growths }: SoakResult): string {
  if (problems.length > 0) return `Problems: ${problems.join('; ')}.`;
  const isShort = growths.some(({ grows }) => grows === 'unknown');
  return isShort ? 'Nothing failed; it was too short to say whether anything grows.' : 'All is well.';
}

function growthRow({ quantity, median: middle, perHour, overall, trend, grows }: Growth): string[] {
  const { unit, of } = UNITS[quantity];
  return [unit, ...[middle / of, perHour / of, overall / of, trend].map((value) => value.toFixed(1)), grows];
}

function troubleRows(windows: readonly Window[]): string[][] {
  return [...Map.groupBy(windows, ({ trouble }) => trouble)].map(([trouble, own]) => {
    const worst = Math.max(...own.map(({ hits }) => hits.maxMs));
    const misses = own.reduce<Record<string, number>>((sum, window) => {
      for (const [status, count] of Object.entries(window.misses)) sum[status] = (sum[status] ?? 0) + count;
      return sum;
    }, {});
    return [
      trouble || 'nothing is broken',
      String(own.length),
      median(own.map(({ hits }) => hits.p50Ms)).toFixed(2),
      median(own.map(({ hits }) => hits.p99Ms)).toFixed(2),
      worst.toFixed(1),
      Object.entries(misses)
        .map(([status, count]) => `${status === '0' ? 'none' : status}: ${count}`)
        .join(' '),
    ];
  });
}

export function soakPlots({ samples, windows }: SoakResult): Record<string, string> {
  const overTime = (quantity: Quantity) => ({
    name: UNITS[quantity].unit,
    points: samples.map((sample) => ({ x: sample.atS / 60, y: sample[quantity] / UNITS[quantity].of })),
  });
  const latency = (name: string, of: (window: Window) => number) => ({
    name,
    points: windows.map((window) => ({ x: window.atS / 60, y: of(window) })),
  });
  const x = 'minutes';
  const latencies = [
    latency('p50', ({ hits }) => hits.p50Ms),
    latency('p99', ({ hits }) => hits.p99Ms),
    latency('max', ({ hits }) => hits.maxMs),
  ];
  return {
    'soak-memory.svg': lineChart({
      title: 'Memory',
      x,
      y: 'MiB',
      series: [overTime('rssBytes'), overTime('heapUsedBytes')],
    }),
    'soak-handles.svg': lineChart({
      title: 'Files, handles, resources',
      x,
      y: '',
      series: [overTime('openFiles'), overTime('activeHandles'), overTime('activeResources')],
    }),
    'soak-latency.svg': lineChart({ title: 'Latency of hits', x, y: 'ms', series: latencies, isLogarithmic: true }),
  };
}

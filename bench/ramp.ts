/**
 * `pnpm bench:ramp`: one URI, asked more and more often at fixed moments, until the relay does not keep up.
 *
 *   --path /restaurant/nanna   what is asked; the lunch-menu API behind it is simulated
 *   --from 500 --factor 1.25   requests per second of the first step, and how much more each next one has
 *   --seconds 3                of each step
 *   --connections 64           that requests are sent on
 *   --p99 100                  in ms: later than that is not keeping up
 *   --workers 1                processes of the relay
 *   --out DIR                  default bench/results
 */
import { startRemoteLoad } from './load/remoteLoad.ts';
import { numberFrom, readOptions, run } from './options.ts';
import { startRelayProcess } from './relay.ts';
import { lineChart } from './report/svg.ts';
import { table } from './report/table.ts';
import { describeMachine, type Machine, machineLine, RESULTS, writeResult } from './results.ts';
import { type Ramp, ramp, type Step } from './saturation.ts';
import { startUpstream } from './upstream.ts';

const DEFAULTS = {
  path: '/restaurant/nanna',
  from: '500',
  factor: '1.25',
  seconds: '3',
  connections: '64',
  p99: '100',
  workers: '1',
  out: RESULTS,
};

async function main(): Promise<void> {
  const options = readOptions(DEFAULTS);
  const workers = numberFrom('workers', options.workers, 1, 64);
  const plan = {
    workers,
    mix: [{ name: options.path, path: options.path, weight: 1 }],
    connections: numberFrom('connections', options.connections, 1, 8_000),
    fromPerSecond: numberFrom('from', options.from, 1, 1e6),
    factor: numberFrom('factor', options.factor, 1.01, 10),
    seconds: numberFrom('seconds', options.seconds, 0.5, 600),
    p99LimitMs: numberFrom('p99', options.p99, 1, 60_000),
  };
  const head = { kind: 'ramp', startedAt: new Date().toISOString(), machine: describeMachine(), ...plan };
  const upstream = await startUpstream();
  const relay = await startRelayProcess({ upstreamUrl: upstream.baseUrl, settings: { WORKERS: String(workers) } });
  const load = startRemoteLoad();
  const result = await ramp(relay, load, { ...plan, say: console.log });
  await load.stop();
  await relay.stop();
  await upstream.stop();
  const page = rampPage(options.path, head, result);
  console.log(`\n${page}`);
  const name = workers === 1 ? 'ramp' : `ramp-${workers}-workers`;
  writeResult(
    options.out,
    name,
    { ...head, ...result },
    { [`${name}.md`]: page, ...plots(name, options.path, result) },
  );
}

function rampPage(path: string, { startedAt, machine }: { startedAt: string; machine: Machine }, result: Ramp): string {
  const { steps, sustainedPerSecond, mostPerSecond, isLimitedElsewhere } = result;
  const late = isLimitedElsewhere
    ? ' At the most the relay had time left, or was asked late: generator or machine were the limit, and the relay can do more.'
    : '';
  const header = [
    'offered/s',
    'achieved/s',
    'p50 ms',
    'p99 ms',
    'max ms',
    'CPU %',
    'waiting at most',
    'generator late ms',
  ];
  return `# Ramp: ${path}

${startedAt.slice(0, 10)}. ${machineLine(machine)}. Up to **${sustainedPerSecond.toFixed(0)} requests/s** were answered in time, ${mostPerSecond.toFixed(0)} at most.${late}

${table(header, steps.map(row))}`;
}

const row = (step: Step): string[] => [
  step.offeredPerSecond.toFixed(0),
  step.achievedPerSecond.toFixed(0),
  step.p50Ms.toFixed(2),
  step.p99Ms.toFixed(2),
  step.maxMs.toFixed(1),
  (step.cpuShare * 100).toFixed(0),
  String(step.queueMost),
  step.sendLagP99Ms.toFixed(2),
];

function plots(name: string, path: string, { steps }: Ramp): Record<string, string> {
  const against = (label: string, of: (step: Step) => number) => ({
    name: label,
    points: steps.map((step) => ({ x: step.offeredPerSecond, y: of(step) })),
  });
  const x = 'offered requests/s';
  const achieved = [
    against('achieved', (step) => step.achievedPerSecond),
    against('offered', (step) => step.offeredPerSecond),
  ];
  const latencies = [
    against('p50', (step) => step.p50Ms),
    against('p99', (step) => step.p99Ms),
    against('max', (step) => step.maxMs),
  ];
  return {
    [`${name}-throughput.svg`]: lineChart({ title: `Throughput of ${path}`, x, y: 'requests/s', series: achieved }),
    [`${name}-latency.svg`]: lineChart({
      title: `Latency of ${path} since the request was due`,
      x,
      y: 'ms',
      series: latencies,
      isLogarithmic: true,
    }),
  };
}

run(main);

/**
 * `pnpm bench:soak`: a load that the relay can bear, for a long time, while things around it break. Fails when memory,
 * handles, open files or the lag of the event loop grow, when a request that the cache can answer is not, or is answered
 * otherwise than it is to be, when the relay ends or warns, or when connections are left over.
 *
 *   --minutes 15
 *   --rate 0             requests per second; 0: a ramp first, and then --share of what it has found
 *   --share 0.7
 *   --trouble-s 20       from one trouble to the next, each of which lasts half of that; 0: none
 *   --every-s 5          a sample
 *   --redis 1            0: without
 *   --out DIR            default bench/results
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type TestRedis } from '../packages/server/test/support/redis.ts';
import { type Trouble, troublesOf } from './faults.ts';
import { growthOf, QUANTITIES, type Sample } from './growth.ts';
import { type Kind, type OpenLoopResult, PATIENCE_MS } from './load/openLoop.ts';
import { type RemoteLoad, startRemoteLoad } from './load/remoteLoad.ts';
import { metricsOf } from './metricsPage.ts';
import { numberFrom, readOptions, run } from './options.ts';
import { usageOf } from './processUsage.ts';
import { GUARD_OFF, type RelayProcess, startRelayProcess } from './relay.ts';
import { type SoakResult, soakPage, soakPlots, type Window } from './report/soakPage.ts';
import { describeMachine, RESULTS, writeResult } from './results.ts';
import { ramp } from './saturation.ts';
import { hitsOf, isAsWanted } from './soakMix.ts';
import { startUpstream } from './upstream.ts';

const DEFAULTS = {
  minutes: '15',
  rate: '0',
  share: '0.7',
  'trouble-s': '20',
  'every-s': '5',
  redis: '1',
  out: RESULTS,
};
const CONNECTIONS = 64;
/** Few, and on connections of their own: they wait for the upstream, whatever it does. */
const MISSES_PER_SECOND = 5;
const MISSES: Kind[] = [{ name: 'miss', path: '/relay_anything/_sim/echo?n=', weight: 1, isDistinct: true }];
/** Idle connections are closed after five seconds, upstream calls after ten. */
const SETTLE_MS = 15_000;
/** For what is just being closed: in the soaks of bench/results it was 0. */
const LEFT_OVER = 5;

interface Options {
  readonly seconds: number;
  readonly troubleS: number;
  readonly everyS: number;
}

async function main(): Promise<void> {
  const options = readOptions(DEFAULTS);
  const minutes = numberFrom('minutes', options.minutes, 0.1, 24 * 60);
  const rate = numberFrom('rate', options.rate, 0, 1e6);
  const share = numberFrom('share', options.share, 0.05, 1);
  const troubleS = numberFrom('trouble-s', options['trouble-s'], 0, 3_600);
  const everyS = numberFrom('every-s', options['every-s'], 1, 600);
  const redis = numberFrom('redis', options.redis, 0, 1) === 1 ? await startRedis() : undefined;
  const upstream = await startUpstream();
  // what fails is left alone, as in production
  const settings = { ...GUARD_OFF, UPSTREAM_BREAKER: '1', ...(redis && { REDIS_URL: redis.url }) };
  const relay = await startRelayProcess({ upstreamUrl: upstream.baseUrl, settings });
  const loads = { hits: startRemoteLoad(), misses: startRemoteLoad() };
  const head = { kind: 'soak' as const, startedAt: new Date().toISOString(), machine: describeMachine(), minutes };
  const mix = await hitsOf(relay.url);
  const requestsPerSecond = rate > 0 ? rate : share * (await saturationOf(relay, loads.hits, mix));
  console.log(`${Math.round(requestsPerSecond)} requests/s for ${minutes} minutes`);
  const filesBefore = usageOf(relay.pid).openFiles;
  const troubles = troubleS > 0 ? troublesOf({ relay, upstream, redis }) : [];
  const lasting = { seconds: minutes * 60, troubleS, everyS };
  const measured = await soak(relay, loads, { mix, requestsPerSecond, troubles, ...lasting });
  const leftOver = await leftOverAt(relay, loads, filesBefore);
  const cycleS = troubles.length * troubleS;
  const result = judge({ ...head, requestsPerSecond, ...measured, leftOver }, relay, cycleS);
  await stopAll(relay, upstream, redis);
  const page = soakPage(result);
  console.log(`\n${page}`);
  writeResult(options.out, 'soak', result, { 'soak.md': page, ...soakPlots(result) });
  if (result.problems.length > 0) throw new Error(`FAILED: ${result.problems.join('; ')}`);
}

async function stopAll(relay: RelayProcess, upstream: { stop(): Promise<void> }, redis: TestRedis | undefined) {
  await relay.stop();
  await upstream.stop();
  await redis?.stop();
}

async function saturationOf(relay: RelayProcess, load: RemoteLoad, mix: readonly Kind[]): Promise<number> {
  const plan = {
    mix,
    connections: CONNECTIONS,
    fromPerSecond: 50,
    factor: 1.4,
    seconds: 2,
    p99LimitMs: 100,
    workers: 1,
  };
  const { sustainedPerSecond } = await ramp(relay, load, { ...plan, say: console.log });
  if (sustainedPerSecond === 0) throw new Error('FAILED: the relay does not keep up with 50 requests/s');
  return sustainedPerSecond;
}

interface Soak extends Options {
  readonly mix: readonly Kind[];
  readonly requestsPerSecond: number;
  readonly troubles: readonly Trouble[];
}

/** Window after window of load, with a sample at the end of each. */
async function soak(relay: RelayProcess, loads: { hits: RemoteLoad; misses: RemoteLoad }, plan: Soak) {
  const { mix, requestsPerSecond, troubles, seconds, everyS, troubleS } = plan;
  const port = Number(new URL(relay.url).port);
  const base = { port, connections: CONNECTIONS, seconds: everyS };
  // those that are never answered are waited for, and the hits are not to pause meanwhile
  const missing = { ...base, mix: MISSES, requestsPerSecond: MISSES_PER_SECOND, connections: 100 };
  const missesS = Math.max(1, everyS - PATIENCE_MS / 1_000);
  const startedAt = performance.now();
  const sinceS = () => (performance.now() - startedAt) / 1_000;
  const [samples, windows]: [Sample[], Window[]] = [[], []];
  const trouble = startTroubles(troubles, troubleS);
  while (sinceS() < seconds && relay.isRunning()) {
    const atS = sinceS();
    const name = await trouble.at(atS, seconds);
    const [hits, misses] = await Promise.all([
      loads.hits.run({ ...base, mix, requestsPerSecond }),
      loads.misses.run({ ...missing, seconds: missesS }),
    ]);
    const window = { atS, trouble: name, hits: trimmed(hits), misses: misses.statuses['miss'] ?? {} };
    windows.push(window);
    if (relay.isRunning()) samples.push(await sampleOf(relay, sinceS()));
    console.log(windowLine(window, samples.at(-1)));
  }
  await trouble.mend();
  return { samples, windows };
}

/** One after the other, and none towards the end: then everything has to be well again. */
function startTroubles(troubles: readonly Trouble[], everyS: number) {
  let current: Trouble | undefined;
  let count = 0;
  const mend = async () => {
    await current?.end();
    current = undefined;
  };
  return {
    mend,
    /** Begins or mends what is due, and gives the name of what goes on. */
    async at(atS: number, endS: number): Promise<string> {
      const isDue = everyS > 0 && troubles.length > 0 && atS % everyS >= everyS / 2 && atS < endS - 2 * everyS;
      if (!isDue) await mend();
      else if (!current) {
        current = troubles[count++ % troubles.length];
        await current?.begin();
      }
      return current?.name ?? '';
    },
  };
}

const trimmed = ({ achievedPerSecond, p50Ms, p99Ms, maxMs, statuses, sendLagP99Ms }: OpenLoopResult) => ({
  achievedPerSecond,
  p50Ms,
  p99Ms,
  maxMs,
  statuses,
  sendLagP99Ms,
});

async function sampleOf({ adminUrl, pid }: RelayProcess, atS: number): Promise<Sample> {
  const metrics = await metricsOf(adminUrl);
  const { rssBytes, openFiles } = usageOf(pid);
  return {
    atS,
    rssBytes,
    openFiles,
    heapUsedBytes: metrics.get('nodejs_heap_size_used_bytes') ?? 0,
    activeHandles: metrics.get('nodejs_active_handles_total') ?? 0,
    activeResources: metrics.get('nodejs_active_resources_total') ?? 0,
    eventLoopLagP99Ms: (metrics.get('nodejs_eventloop_lag_p99_seconds') ?? 0) * 1_000,
  };
}

function windowLine({ atS, trouble, hits, misses }: Window, sample: Sample | undefined): string {
  const rss = ((sample?.rssBytes ?? 0) / 1024 ** 2).toFixed(0);
  const figures = `${Math.round(hits.achievedPerSecond)}/s, p99 ${hits.p99Ms.toFixed(1)} ms, RSS ${rss} MiB, files ${sample?.openFiles}`;
  return `${atS.toFixed(0)} s: ${figures}, misses ${JSON.stringify(misses)}${trouble && ` (${trouble})`}`;
}

/** Of files and connections, once nobody asks any more. */
async function leftOverAt(relay: RelayProcess, loads: Record<string, RemoteLoad>, before: number): Promise<number> {
  for (const load of Object.values(loads)) await load.stop();
  await sleep(SETTLE_MS);
  return usageOf(relay.pid).openFiles - before;
}

type Judged = Omit<SoakResult, 'problems' | 'growths'>;

function judge(measured: Judged, relay: RelayProcess, cycleS: number): SoakResult {
  const growths = QUANTITIES.map((quantity) => growthOf(measured.samples, quantity, cycleS));
  const growing = growths.filter(({ grows }) => grows === 'yes').map(({ quantity }) => `${quantity} grows`);
  const refused = measured.windows.filter(({ hits }) => !isAsWanted(hits.statuses));
  const lastMisses = Object.keys(measured.windows.at(-1)?.misses ?? {}).join();
  const warning = /^\(node:\d+\) .*$/m.exec(relay.log())?.[0];
  const problems = [
    ...growing,
    ...refused.map(
      ({ atS, trouble, hits }) => `at ${atS.toFixed(0)} s (${trouble}) hits ended ${JSON.stringify(hits.statuses)}`,
    ),
    ...(lastMisses === '200' ? [] : [`at the end misses were answered ${lastMisses}`]),
    ...(relay.isRunning() ? [] : ['the relay ended']),
    ...(warning === undefined ? [] : [`the relay warned: ${warning}`]),
    ...(measured.leftOver > LEFT_OVER ? [`${measured.leftOver} files or connections were left over`] : []),
  ];
  return { ...measured, growths, problems };
}

run(main);

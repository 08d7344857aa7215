/** How much a server takes: offers more and more until it does not keep up. */
import type { Kind, OpenLoopResult } from './load/openLoop.ts';
import type { RemoteLoad } from './load/remoteLoad.ts';
import type { ServerProcess } from './processes.ts';
import { usageOf } from './processUsage.ts';

export interface Step extends OpenLoopResult {
  /** Of one core, 0 to 1; more with workers. */
  readonly cpuShare: number;
}

export interface Ramp {
  readonly steps: readonly Step[];
  /** The most that was offered and answered in time; 0 if not even the first was. */
  readonly sustainedPerSecond: number;
  /** The most that was answered, however late. */
  readonly mostPerSecond: number;
  /** True where the server, when it did the most, had time left or was asked late: something else could not do more. */
  readonly isLimitedElsewhere: boolean;
}

export interface RampPlan {
  readonly mix: readonly Kind[];
  readonly connections: number;
  readonly fromPerSecond: number;
  /** From one step to the next. */
  readonly factor: number;
  readonly seconds: number;
  /** In time is what is answered so soon, 99 of 100 times. */
  readonly p99LimitMs: number;
  /** Cores that the server can use. */
  readonly workers: number;
  readonly say: (text: string) => void;
}

const MOST_STEPS = 60;
/** Of what was offered. */
const ENOUGH = 0.97;
/** One bad step may be the machine's. */
const BAD_STEPS = 2;
const GENERATOR_LATE_MS = 5;
/** Of a core, by a server that cannot do more. */
const BUSY_SHARE = 0.8;

export async function ramp(server: ServerProcess, load: RemoteLoad, plan: RampPlan): Promise<Ramp> {
  const { mix, connections, seconds } = plan;
  const port = Number(new URL(server.url).port);
  const steps: Step[] = [];
  let offered = plan.fromPerSecond;
  // for caches and compiler, on both sides
  await load.run({ port, mix, connections, seconds: 1, requestsPerSecond: offered });
  for (let bad = 0; bad < BAD_STEPS && steps.length < MOST_STEPS; offered *= plan.factor) {
    const before = usageOf(server.pid).cpuUs;
    const startedAt = performance.now();
    const result = await load.run({ port, mix, connections, seconds, requestsPerSecond: offered });
    const cpuShare = (usageOf(server.pid).cpuUs - before) / ((performance.now() - startedAt) * 1_000);
    steps.push({ ...result, cpuShare });
    plan.say(stepLine(result, cpuShare));
    bad = isInTime(result, plan) ? 0 : bad + 1;
  }
  return summary(steps, plan);
}

export function summary(steps: readonly Step[], plan: Pick<RampPlan, 'p99LimitMs' | 'workers'>): Ramp {
  const inTime = steps.filter((step) => isInTime(step, plan));
  const most = steps.toSorted((a, b) => b.achievedPerSecond - a.achievedPerSecond)[0];
  const isIdle = (most?.cpuShare ?? 0) < BUSY_SHARE * plan.workers;
  return {
    steps,
    sustainedPerSecond: Math.max(0, ...inTime.map(({ offeredPerSecond }) => offeredPerSecond)),
    mostPerSecond: most?.achievedPerSecond ?? 0,
    isLimitedElsewhere: isIdle || (most?.sendLagP99Ms ?? 0) > GENERATOR_LATE_MS,
  };
}

const isInTime = (result: OpenLoopResult, { p99LimitMs }: Pick<RampPlan, 'p99LimitMs'>) =>
  result.achievedPerSecond >= ENOUGH * result.offeredPerSecond && result.p99Ms <= p99LimitMs;

const stepLine = (result: OpenLoopResult, cpuShare: number) =>
  [
    `offered ${Math.round(result.offeredPerSecond)}/s`,
    `achieved ${Math.round(result.achievedPerSecond)}/s`,
    `p50 ${result.p50Ms.toFixed(2)} ms`,
    `p99 ${result.p99Ms.toFixed(2)} ms`,
    `max ${result.maxMs.toFixed(1)} ms`,
    `CPU ${(cpuShare * 100).toFixed(0)} %`,
    `generator late ${result.sendLagP99Ms.toFixed(2)} ms`,
  ].join(', ');

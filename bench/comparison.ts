/**
 * The comparison: every contestant of a scenario in turn, round after round, so that whatever else the machine does falls
 * on all of them. Hides the order; promises that all rounds of one scenario ran against the same processes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Field, startField } from './contestants.ts';
import type { Generator } from './load/closedLoop.ts';
import type { LoadPlan, LoadResult } from './load/plan.ts';
import { usageOf } from './processUsage.ts';
import type { Machine } from './results.ts';
import type { ContestantName, Scenario } from './scenarios.ts';
import { median, pairedRatio, type Spread, spreadOf } from './statistics.ts';

export interface Round extends LoadResult {
  readonly cpuUsPerRequest: number;
  readonly rssBytes: number;
}

export interface Standing {
  readonly name: ContestantName;
  readonly rounds: readonly Round[];
  /** Of each figure by itself. */
  readonly median: Round;
  readonly requestsPerSecond: Spread;
  /** Of requests per second, round by round, to the first contestant of the scenario. */
  readonly ratio: Spread;
}

export interface Comparison {
  readonly scenario: string;
  readonly what: string;
  readonly connections: number;
  readonly bodyBytes: number;
  readonly comparedWith: ContestantName;
  readonly standings: readonly Standing[];
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface ComparisonResult {
  readonly kind: 'comparison';
  readonly startedAt: string;
  readonly machine: Machine;
  readonly generator: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly leftOut: readonly LeftOut[];
  readonly seconds: number;
  readonly rounds: number;
  readonly comparisons: readonly Comparison[];
}

export interface ComparisonOptions {
  readonly generator: Generator;
  readonly seconds: number;
  readonly rounds: number;
  /** Instead of the scenario's own. */
  readonly connections?: readonly number[] | undefined;
  readonly names: readonly ContestantName[];
  readonly redisUrl: string | undefined;
  readonly isFromSource: boolean;
  readonly say: (text: string) => void;
}

/** Compares the contestants of a scenario with every number of connections. */
export async function compare(scenario: Scenario, options: ComparisonOptions): Promise<Comparison[]> {
  const field = await startField(scenario, options);
  try {
    const comparisons: Comparison[] = [];
    for (const connections of options.connections ?? scenario.connections) {
      comparisons.push(await compareWith(connections, scenario, field, options));
    }
    return comparisons;
  } finally {
    await field.stop();
  }
}

async function compareWith(
  connections: number,
  scenario: Scenario,
  field: Field,
  options: ComparisonOptions,
): Promise<Comparison> {
  const rounds = new Map(field.contestants.map(({ name }): [ContestantName, Round[]] => [name, []]));
  // round 0 is for the caches and for the compiler, takes as long as three, and does not count
  for (let number = 0; number <= options.rounds; number++) {
    // each begins once, so that nobody always comes after the same
    const shift = number % field.contestants.length;
    for (const contestant of [...field.contestants.slice(shift), ...field.contestants.slice(0, shift)]) {
      const { url, pid } = contestant.server;
      const seconds = number === 0 ? 3 * options.seconds : options.seconds;
      const plan = { url, paths: scenario.paths, fields: field.fields, connections, seconds };
      const round = await runRound(options.generator, plan, pid);
      if (number > 0) rounds.get(contestant.name)?.push(round);
      options.say(lineOf(scenario.name, connections, number, contestant.name, round));
    }
  }
  const [comparedWith] = options.names;
  if (comparedWith === undefined) throw new Error(`${scenario.name} has no contestant`);
  const base = rounds.get(comparedWith) ?? [];
  return {
    scenario: scenario.name,
    what: scenario.what,
    connections,
    bodyBytes: Buffer.byteLength(field.answer.body, 'base64'),
    comparedWith,
    standings: [...rounds].map(([name, all]) => toStanding(name, all, base)),
  };
}

async function runRound({ run }: Generator, plan: LoadPlan, pid: number): Promise<Round> {
  const before = usageOf(pid);
  const load = await run(plan);
  const after = usageOf(pid);
  const cpuUsPerRequest = (after.cpuUs - before.cpuUs) / Math.max(1, load.requests);
  await quiet(pid);
  return { ...load, cpuUsPerRequest, rssBytes: after.rssBytes };
}

const LOOK_EVERY_MS = 100;
const MOST_LOOKS = 100;
/** What timers and the like take of a processor. */
const QUIET_SHARE = 0.1;

/** What the load has left behind, a server goes on with: not at the cost of the next one. */
async function quiet(pid: number): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const before = usageOf(pid).cpuUs;
    await sleep(LOOK_EVERY_MS);
    if (usageOf(pid).cpuUs - before <= LOOK_EVERY_MS * 1_000 * QUIET_SHARE) return;
  }
}

function lineOf(scenario: string, connections: number, number: number, name: string, round: Round): string {
  const failed = round.failures > 0 ? `, ${round.failures} FAILED` : '';
  const which = number === 0 ? 'warm-up' : `round ${number}`;
  return `${scenario} ×${connections} ${which}: ${name} ${Math.round(round.requestsPerSecond)}/s${failed}`;
}

const FIGURES = [
  'requests',
  'requestsPerSecond',
  'p50Ms',
  'p99Ms',
  'maxMs',
  'failures',
  'cpuUsPerRequest',
  'rssBytes',
] as const satisfies ReadonlyArray<keyof Round>;

export function toStanding(name: ContestantName, rounds: readonly Round[], base: readonly Round[]): Standing {
  const figure = (of: keyof Round, from = rounds) => from.map((round) => round[of]);
  const medians = Object.fromEntries(FIGURES.map((of) => [of, median(figure(of))])) as Record<keyof Round, number>;
  return {
    name,
    rounds,
    median: medians,
    requestsPerSecond: spreadOf(figure('requestsPerSecond')),
    ratio: pairedRatio(figure('requestsPerSecond'), figure('requestsPerSecond', base)),
  };
}

/**
 * `pnpm bench`: the relay against a floor, a bare proxy and other caches, in every scenario.
 *
 *   --seconds 3 --rounds 5         of each contestant in each scenario
 *   --only typed-hit,raw-hit       scenarios; default: all
 *   --connections 1,64             instead of each scenario's own
 *   --contestants relay,floor      default: all that are installed
 *   --generator wrk|autocannon     default: wrk where it is installed
 *   --out bench/results            where the results go
 *   --relay built|source           source: for trying out
 */
import { startRedis, type TestRedis } from '../packages/server/test/support/redis.ts';
import { type Comparison, compare, type LeftOut } from './comparison.ts';
import { chooseGenerator, GENERATORS } from './load/closedLoop.ts';
import { namesFrom, numberFrom, readOptions, run } from './options.ts';
import { comparisonPage, comparisonPlots } from './report/comparisonPage.ts';
import { describeMachine, RESULTS, writeResult } from './results.ts';
import { versionOf } from './rivals.ts';
import { CONTESTANTS, type ContestantName, SCENARIOS, type Scenario } from './scenarios.ts';

const DEFAULTS = {
  seconds: '3',
  rounds: '5',
  only: '',
  connections: '',
  contestants: '',
  generator: '',
  out: RESULTS,
  relay: 'built',
};

async function main(): Promise<void> {
  const options = readOptions(DEFAULTS);
  const seconds = numberFrom('seconds', options.seconds, 1, 600);
  const rounds = numberFrom('rounds', options.rounds, 1, 100);
  const only = namesFrom(
    'only',
    options.only,
    SCENARIOS.map(({ name }) => name),
  );
  const wanted = namesFrom('contestants', options.contestants, CONTESTANTS);
  const generator = chooseGenerator(
    options.generator ? namesFrom('generator', options.generator, GENERATORS)[0] : undefined,
  );
  const connections = options.connections
    ? options.connections.split(',').map((text) => numberFrom('connections', text, 1, 8_000))
    : undefined;
  const isFromSource = namesFrom('relay', options.relay, ['built', 'source']).includes('source');
  const { installed, versions, leftOut } = lookAround();
  const scenarios = SCENARIOS.filter(({ name }) => only.includes(name));
  const redis = scenarios.some(({ needsRedis }) => needsRedis) ? await redisOr(leftOut) : undefined;
  const head = { kind: 'comparison' as const, startedAt: new Date().toISOString(), machine: describeMachine() };
  const comparisons: Comparison[] = [];
  for (const scenario of scenarios) {
    const names = scenario.contestants.filter((name) => wanted.includes(name) && installed(name));
    if (names.length === 0 || (scenario.needsRedis && !redis)) continue;
    const shared = { generator, seconds, rounds, connections, redisUrl: redis?.url, say: console.log };
    try {
      comparisons.push(...(await compare(scenario, { ...shared, names, isFromSource })));
    } catch (error) {
      // the other scenarios took their time, too
      console.error(`${scenario.name} FAILED: ${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
  await redis?.stop();
  const result = { ...head, generator: generator.name, versions, leftOut, seconds, rounds, comparisons };
  const page = comparisonPage(result);
  console.log(`\n${page}`);
  writeResult(options.out, 'comparison', result, { 'comparison.md': page, ...comparisonPlots(result) });
  if (leftOut.length > 0) console.log(leftOut.map(({ name, reason }) => `Left out: ${name}, ${reason}`).join('\n'));
}

/** What is installed of the rest of the world. */
function lookAround() {
  const rivals = ['nginx', 'varnish'] as const;
  const found = rivals.flatMap((name) => {
    const version = versionOf(name);
    return version === undefined ? [] : [[name, version] as const];
  });
  const versions: Record<string, string> = Object.fromEntries(found);
  const missing = rivals.filter((name) => versions[name] === undefined);
  return {
    versions,
    leftOut: missing.map((name): LeftOut => ({ name, reason: `which is not installed (apt-get install ${name})` })),
    installed: (name: ContestantName) => !(missing as readonly string[]).includes(name),
  };
}

async function redisOr(leftOut: LeftOut[]): Promise<TestRedis | undefined> {
  try {
    return await startRedis();
  } catch (error) {
    const scenarios: readonly Scenario[] = SCENARIOS.filter(({ needsRedis }) => needsRedis);
    leftOut.push({ name: scenarios.map(({ name }) => name).join(), reason: (error as Error).message });
    return undefined;
  }
}

run(main);

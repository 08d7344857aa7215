/**
 * `pnpm bench:storm`: everybody comes at once and nothing is in the cache. Each of 1,000 clients, with an address of its
 * own, asks for one thing at the same moment; the relay runs with its production defaults. Fails unless every request is
 * answered with 200 and the lunch-menu API has been asked once for each thing.
 *
 *   --clients 1000 --latency-ms 50   of the lunch-menu API for each call, one at a time
 *   --relay built|source             source: for trying out
 *   --out DIR                        default bench/results
 */
import { type Connection, createConnection, getHead } from './load/connection.ts';
import { namesFrom, numberFrom, readOptions, run } from './options.ts';
import { usageOf } from './processUsage.ts';
import { startRelayProcess } from './relay.ts';
import { describeMachine, machineLine, RESULTS, writeResult } from './results.ts';
import { quantile } from './statistics.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const DEFAULTS = { clients: '1000', 'latency-ms': '50', relay: 'built', out: RESULTS };

/** What is asked for, and which path of the lunch-menu API may be asked once for it. */
const ASKED = [
  ...['nanna', 'jons', 'elma', 'svarta', 'omni', 'hubben'].map((name) => [
    `/restaurant/${name}`,
    `/restaurant/${name}`,
  ]),
  ['/restaurant', '/restaurant'],
  // `/version` is none of them: its answer says nothing of freshness, and nobody may answer it to others
  ['/relay_anything/restaurant/rudbeck', '/restaurant/rudbeck'],
  ['/relay_anything/restaurant/bikupan', '/restaurant/bikupan'],
] as const;

/** More than anybody waits: it is a fault then. */
const PATIENCE_MS = 20_000;

interface Ask {
  readonly path: string;
  readonly connection: Connection;
}

async function main(): Promise<void> {
  const options = readOptions(DEFAULTS);
  const clients = numberFrom('clients', options.clients, 1, 8_000);
  const latencyMs = numberFrom('latency-ms', options['latency-ms'], 0, 2_000);
  const isFromSource = namesFrom('relay', options.relay, ['built', 'source']).includes('source');
  const head = { kind: 'storm', startedAt: new Date().toISOString(), machine: describeMachine(), clients, latencyMs };
  const upstream = await startUpstream({ latencyMs });
  const relay = await startRelayProcess({ upstreamUrl: upstream.baseUrl, isFromSource });
  await settled(upstream);
  const before = await countsOf(upstream);
  const asks = await openAll(clients, Number(new URL(relay.url).port));
  const { statuses, latencies } = await askAll(asks);
  const after = await countsOf(upstream);
  const { rssBytes } = usageOf(relay.pid);
  await relay.stop();
  await upstream.stop();
  const calls = Object.fromEntries(ASKED.map(([, path]) => [path, (after[path] ?? 0) - (before[path] ?? 0)]));
  // the list may have been asked for at the start, and is in the cache then
  const isKind = Object.entries(calls).every(([path, count]) => count === 1 || (path === '/restaurant' && count === 0));
  const isAnswered = Object.keys(statuses).join() === '200';
  const [p50Ms, p99Ms, maxMs] = [0.5, 0.99, 1].map((share) => quantile(latencies, share)) as [number, number, number];
  const result = { ...head, isAnswered, isKind, statuses, calls, p50Ms, p99Ms, maxMs, rssBytes };
  const page = `# Cold storm

${head.startedAt.slice(0, 10)}. ${machineLine(head.machine)}. ${clients} clients at once, an empty cache, ${latencyMs} ms for each call to the lunch-menu API, which works on one at a time.

- answers: ${tell(statuses)}
- calls to the lunch-menu API: ${tell(calls)}
- until the answer: p50 ${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms, at most ${maxMs.toFixed(0)} ms
- memory of the relay after it: ${(rssBytes / 1024 ** 2).toFixed(0)} MiB
`;
  console.log(page);
  writeResult(options.out, 'storm', result, { 'storm.md': page });
  if (!isAnswered || !isKind)
    throw new Error('FAILED: not every request was answered, or something was asked for more than once');
}

const tell = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, count]) => `${name} × ${count}`)
    .join(', ');

/** The relay asks for the list when it starts, and that is not the storm's. */
async function settled(upstream: Upstream): Promise<void> {
  for (let look = 0; look < 100 && (await upstream.requestCount()) === 0; look++)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

async function countsOf(upstream: Upstream): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [, path] of ASKED) counts[path] = await upstream.requestCount(path);
  return counts;
}

async function openAll(clients: number, port: number): Promise<Ask[]> {
  const asks = Array.from({ length: clients }, (_, index): Ask => {
    const localAddress = `127.1.${Math.floor(index / 250)}.${1 + (index % 250)}`;
    return { path: ASKED[index % ASKED.length]?.[0] ?? '/', connection: createConnection({ port, localAddress }) };
  });
  const opened = await Promise.all(asks.map(({ connection }) => connection.open()));
  if (opened.includes(false)) throw new Error('FAILED: the relay did not take all connections');
  return asks;
}

async function askAll(asks: readonly Ask[]) {
  const startedAt = performance.now();
  const answers = await Promise.all(
    asks.map(({ path, connection }) => {
      const { promise, resolve } = Promise.withResolvers<{ status: number; ms: number }>();
      const cut = setTimeout(connection.close, PATIENCE_MS);
      connection.send(getHead(path), (status) => {
        clearTimeout(cut);
        resolve({ status, ms: performance.now() - startedAt });
      });
      return promise;
    }),
  );
  for (const { connection } of asks) connection.close();
  const groups = Map.groupBy(answers, ({ status }) => String(status));
  const statuses = Object.fromEntries([...groups].map(([status, { length }]) => [status, length]));
  return { statuses, latencies: answers.map(({ ms }) => ms) };
}

run(main);

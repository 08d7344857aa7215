/**
 * `pnpm bench:connections`: what connections cost that do nothing, or little. Idle ones that are kept, heads that come a
 * byte a second, answers of many megabytes that are read a byte a second; and how long a hit takes meanwhile.
 *
 *   --idle 10000 --slow-heads 500 --slow-readers 50
 *   --seconds 20    of each kind of slow client
 *   --out DIR       default bench/results
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection, getHead } from './load/connection.ts';
import type { OpenLoopResult } from './load/openLoop.ts';
import { startRemoteLoad } from './load/remoteLoad.ts';
import { numberFrom, readOptions, run } from './options.ts';
import { usageOf } from './processUsage.ts';
import { GUARD_OFF, type RelayProcess, startRelayProcess } from './relay.ts';
import { table } from './report/table.ts';
import { describeMachine, machineLine, RESULTS, writeResult } from './results.ts';
import { type SlowClients, startSlowHeads, startSlowReaders } from './slowClients.ts';
import { startUpstream } from './upstream.ts';

const DEFAULTS = { idle: '10000', 'slow-heads': '500', 'slow-readers': '50', seconds: '20', out: RESULTS };
/** On the side, to see whether others notice. */
const PROBES_PER_SECOND = 50;
/** Besides the connections, in each of the two processes. */
const SPARE_FILES = 500;
const AT_ONCE = 500;
/** Each asks for 50 MB of its own. */
const BIG = '/relay_anything/_sim/bytes?size=50000000&reader=';

interface Phase {
  readonly name: string;
  readonly clients: number;
  /** At the end of it. */
  readonly open: number;
  readonly refused: number;
  readonly rssBytesBefore: number;
  readonly rssBytes: number;
  readonly bytesPerConnection: number;
  /** Of a hit meanwhile. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Bench {
  readonly relay: RelayProcess;
  readonly port: number;
  readonly probe: (seconds: number) => Promise<OpenLoopResult>;
}

async function main(): Promise<void> {
  const options = readOptions(DEFAULTS);
  const idle = Math.min(numberFrom('idle', options.idle, 1, 50_000), mostFiles() - SPARE_FILES);
  const heads = numberFrom('slow-heads', options['slow-heads'], 0, 5_000);
  const readers = numberFrom('slow-readers', options['slow-readers'], 0, 1_000);
  const seconds = numberFrom('seconds', options.seconds, 1, 600);
  const head = { kind: 'connections', startedAt: new Date().toISOString(), machine: describeMachine(), seconds };
  const upstream = await startUpstream();
  const relay = await startRelayProcess({ upstreamUrl: upstream.baseUrl, settings: GUARD_OFF });
  const load = startRemoteLoad();
  const port = Number(new URL(relay.url).port);
  const mix = [{ name: 'hit', path: '/restaurant/nanna', weight: 1 }];
  const probe = (lasting: number) =>
    load.run({ port, mix, requestsPerSecond: PROBES_PER_SECOND, seconds: lasting, connections: 16 });
  const bench = { relay, port, probe };
  await probe(2);
  const phases = [
    await nothing(bench),
    await idlePhase(bench, idle),
    await slowPhase(bench, 'heads that come a byte a second', heads, seconds, () => startSlowHeads(port, heads)),
    await slowPhase(bench, '50 MB read a byte a second', readers, seconds, () => startSlowReaders(port, readers, BIG)),
  ];
  await sleep(1_000);
  const openAfter = usageOf(relay.pid).openFiles;
  await load.stop();
  await relay.stop();
  await upstream.stop();
  const page = `# Connections

${head.startedAt.slice(0, 10)}. ${machineLine(head.machine)}. A hit is asked for ${PROBES_PER_SECOND} times a second meanwhile.

${table(['', 'clients', 'still open', 'refused', 'RSS MiB', 'KiB each', 'hit p50 ms', 'p99 ms', 'max ms'], phases.map(row))}`;
  console.log(page);
  writeResult(options.out, 'connections', { ...head, phases, openAfter }, { 'connections.md': page });
}

const row = (phase: Phase): string[] => [
  phase.name,
  String(phase.clients),
  String(phase.open),
  String(phase.refused),
  (phase.rssBytes / 1024 ** 2).toFixed(0),
  (phase.bytesPerConnection / 1024).toFixed(1),
  phase.p50Ms.toFixed(2),
  phase.p99Ms.toFixed(2),
  phase.maxMs.toFixed(1),
];

/** What a process may have open; the relay, started from here, has the same. */
function mostFiles(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1_024);
}

/** What the others are to be compared with. */
async function nothing({ relay, probe }: Bench): Promise<Phase> {
  const { p50Ms, p99Ms, maxMs } = await probe(3);
  const { rssBytes } = usageOf(relay.pid);
  const none = { clients: 0, open: 0, refused: 0, bytesPerConnection: 0 };
  return { name: 'none', ...none, rssBytesBefore: rssBytes, rssBytes, p50Ms, p99Ms, maxMs };
}

/**
 * Each has asked once and is kept (refused: no 200 came); looked at before the relay closes the first, which it does after five
 * seconds.
 */
async function idlePhase({ relay, port, probe }: Bench, clients: number): Promise<Phase> {
  const before = usageOf(relay.pid);
  const connections: Connection[] = [];
  let answered = 0;
  while (connections.length < clients) {
    const more = Array.from({ length: Math.min(AT_ONCE, clients - connections.length) }, (_, index) =>
      createConnection({ port, localAddress: `127.2.0.${1 + (index % 250)}` }),
    );
    const asked = more.map(async (connection) => (await connection.open()) && askOnce(connection));
    answered += (await Promise.all(asked)).filter((status) => status === 200).length;
    connections.push(...more);
  }
  const after = usageOf(relay.pid);
  const open = after.openFiles - before.openFiles;
  const { p50Ms, p99Ms, maxMs } = await probe(1);
  for (const connection of connections) connection.close();
  await sleep(1_000);
  return {
    name: 'idle',
    clients,
    open,
    refused: clients - answered,
    rssBytesBefore: before.rssBytes,
    rssBytes: after.rssBytes,
    bytesPerConnection: (after.rssBytes - before.rssBytes) / Math.max(1, open),
    p50Ms,
    p99Ms,
    maxMs,
  };
}

const askOnce = (connection: Connection) =>
  new Promise<number>((resolve) => connection.send(getHead('/relay_anything/restaurant/nanna'), resolve));

async function slowPhase(
  { relay, probe }: Bench,
  name: string,
  clients: number,
  seconds: number,
  start: () => SlowClients,
): Promise<Phase> {
  const rssBytesBefore = usageOf(relay.pid).rssBytes;
  const slow = start();
  const { p50Ms, p99Ms, maxMs } = await probe(seconds);
  const { rssBytes } = usageOf(relay.pid);
  const [open, refused] = [slow.open(), slow.refused()];
  slow.stop();
  await sleep(1_000);
  const bytesPerConnection = (rssBytes - rssBytesBefore) / Math.max(1, clients);
  return { name, clients, open, refused, rssBytesBefore, rssBytes, bytesPerConnection, p50Ms, p99Ms, maxMs };
}

run(main);

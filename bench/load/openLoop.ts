/**
 * Load of the open kind: requests come at fixed moments, whether or not the server keeps up, as those of many people do.
 * No coordinated omission: a latency counts from the moment when the request was due, so that time spent waiting for a
 * free connection behind a slow answer is part of it, and what is never answered counts with the time it has waited.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../statistics.ts';
import { type Connection, createConnection, getHead } from './connection.ts';

export interface Kind {
  readonly name: string;
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** How many of all weights together. */
  readonly weight: number;
  /** A number that never comes again is put behind the path. */
  readonly isDistinct?: boolean;
}

export interface OpenLoopPlan {
  readonly port: number;
  readonly mix: readonly Kind[];
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** Where all are busy, requests wait. */
  readonly connections: number;
}

export interface OpenLoopResult {
  readonly offeredPerSecond: number;
  /** Answered with a status below 400, per second from the first arrival to the last answer. */
  readonly achievedPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Of each kind, how many were answered with which status; 0 is none at all. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** The most that waited for a connection. */
  readonly queueMost: number;
  /** How late requests were sent although a connection was free: beyond a few ms the generator is what is measured. */
  readonly sendLagP99Ms: number;
}

interface Arrival {
  readonly dueAt: number;
  readonly kind: Kind;
}

/** How long answers may take that have not come when the last request is due. */
export const PATIENCE_MS = 3_000;
/** Timers are late by about a millisecond: from here on time is watched. */
const TIMER_LATE_MS = 2;

export async function runOpenLoop(plan: OpenLoopPlan): Promise<OpenLoopResult> {
  const { port, mix, requestsPerSecond, seconds, connections } = plan;
  const pool = Array.from({ length: connections }, () => createConnection({ port }));
  await Promise.all(pool.map((connection) => connection.open()));
  const total = Math.max(1, Math.round(requestsPerSecond * seconds));
  const tally = createTally(total);
  const line = createLine(pool, tally);
  const pick = createPick(mix);
  const startedAt = await arriveOnTime(total, 1_000 / requestsPerSecond, (dueAt) =>
    line.arrive({ dueAt, kind: pick() }),
  );
  for (const until = performance.now() + PATIENCE_MS; !tally.isDone() && performance.now() < until; ) await sleep(5);
  const elapsedMs = tally.lastAt() - startedAt;
  line.end();
  // what is on its way is broken off, and counts as not answered
  for (const connection of pool) connection.close();
  await sleep(50);
  return tally.result(requestsPerSecond, elapsedMs);
}

/** Requests on connections: at once where one is free, else in a queue, the first come the first served. */
function createLine(pool: readonly Connection[], tally: Tally) {
  const free = [...pool];
  let queue: Arrival[] = [];
  let queueStart = 0;

  function send(connection: Connection, { kind, dueAt }: Arrival): void {
    connection.send(headOf(kind), (status) => {
      tally.answered(kind, status, performance.now() - dueAt);
      const next = queue[queueStart];
      if (next === undefined) free.push(connection);
      else {
        queueStart += 1;
        send(connection, next);
      }
    });
  }

  return {
    arrive(arrival: Arrival) {
      const connection = free.pop();
      if (connection) {
        tally.sent(performance.now() - arrival.dueAt);
        send(connection, arrival);
      } else {
        queue.push(arrival);
        tally.queued(queue.length - queueStart);
      }
    },
    /** Who still waits has waited in vain. */
    end() {
      const waiting = queue.slice(queueStart);
      queue = [];
      queueStart = 0;
      for (const { kind, dueAt } of waiting) tally.answered(kind, 0, performance.now() - dueAt);
    },
  };
}

const heads = new WeakMap<Kind, string>();

/** Written once for each kind: the generator is not to be what is measured. */
function headOf(kind: Kind): string {
  if (kind.isDistinct) return getHead(`${kind.path}${nextNumber()}`, kind.fields);
  const head = heads.get(kind) ?? getHead(kind.path, kind.fields);
  heads.set(kind, head);
  return head;
}

/** Calls `arrive` so many times, each at its moment; gives the moment of the first. */
function arriveOnTime(total: number, intervalMs: number, arrive: (dueAt: number) => void): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  return new Promise((resolve) => {
    const step = () => {
      while (count < total && startedAt + count * intervalMs <= performance.now()) {
        arrive(startedAt + count * intervalMs);
        count += 1;
      }
      if (count === total) resolve(startedAt);
      else {
        const leftMs = startedAt + count * intervalMs - performance.now();
        if (leftMs > TIMER_LATE_MS) setTimeout(step, leftMs - TIMER_LATE_MS);
        else setImmediate(step);
      }
    };
    step();
  });
}

type Tally = ReturnType<typeof createTally>;

function createTally(total: number) {
  const latencies = new Float64Array(total);
  const lags = new Float64Array(total);
  const statuses = new Map<string, Map<number, number>>();
  let [answered, good, sent, queueMost, lastAt] = [0, 0, 0, 0, performance.now()];
  return {
    sent(lagMs: number) {
      lags[sent++] = lagMs;
    },
    queued(length: number) {
      queueMost = Math.max(queueMost, length);
    },
    answered({ name }: Kind, status: number, latencyMs: number) {
      latencies[answered++] = latencyMs;
      if (status > 0 && status < 400) {
        good += 1;
        lastAt = performance.now();
      }
      const own = statuses.get(name) ?? new Map<number, number>();
      statuses.set(name, own.set(status, (own.get(status) ?? 0) + 1));
    },
    isDone: () => answered === total,
    lastAt: () => lastAt,
    result: (offeredPerSecond: number, elapsedMs: number): OpenLoopResult => ({
      offeredPerSecond,
      achievedPerSecond: Math.min(offeredPerSecond, good === 0 ? 0 : good / (elapsedMs / 1_000)),
      p50Ms: quantile(latencies.subarray(0, answered), 0.5),
      p99Ms: quantile(latencies.subarray(0, answered), 0.99),
      maxMs: quantile(latencies.subarray(0, answered), 1),
      statuses: Object.fromEntries([...statuses].map(([name, own]) => [name, Object.fromEntries(own)])),
      queueMost,
      sendLagP99Ms: sent === 0 ? 0 : quantile(lags.subarray(0, sent), 0.99),
    }),
  };
}

/** Kinds by their weights, evenly mixed and in the same order each time: a credit for each, the richest is next. */
export function createPick(mix: readonly Kind[]): () => Kind {
  const all = mix.reduce((sum, { weight }) => sum + weight, 0);
  const credits = mix.map(() => 0);
  return () => {
    let richest = 0;
    for (const [index, { weight }] of mix.entries()) {
      credits[index] = (credits[index] ?? 0) + weight;
      if ((credits[index] ?? 0) > (credits[richest] ?? 0)) richest = index;
    }
    credits[richest] = (credits[richest] ?? 0) - all;
    return mix[richest] as Kind;
  };
}

let last = 0;
const nextNumber = () => `${process.pid}-${++last}`;

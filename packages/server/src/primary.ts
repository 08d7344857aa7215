/**
 * The primary of several workers: keeps them up, is their admin listener, and stops them together. It serves no request
 * itself.
 */
import type { Cluster } from 'node:cluster';
import { Counter, Gauge, Registry } from 'prom-client';
import type { Config } from './config.ts';
import { ADMIN_DRAIN_MS, createAdmin, type Readiness } from './operations/admin.ts';
import { ListenError, type Listener, listen } from './operations/listener.ts';
import type { Log } from './operations/log.ts';
import { createWorkerMetrics } from './operations/workerMetrics.ts';
import { startWorkers, WorkerError, type Workers } from './operations/workers.ts';
import { parseRequestTarget } from './relay/requestTarget.ts';

interface PrimaryParts {
  readonly config: Config;
  readonly workers: number;
  readonly log: Log;
  readonly cluster: Cluster;
}

export interface Primary {
  /** Of the public listener, that the workers share. */
  readonly url: string;
  /** Of the admin listener. */
  readonly adminUrl: string;
  /** Stops all workers: they take requests for another `graceMs`, and finish what they have begun. */
  readonly close: (options: { readonly graceMs: number }) => Promise<void>;
  /** Ends all workers at once. */
  readonly kill: () => void;
}

/** For a worker to end after its last request. */
const END_WITHIN_MS = 2_000;

/** Rejects with a ListenError if admin or workers cannot listen; leaves nothing open then. */
export async function startPrimary({ config, workers: count, log, cluster }: PrimaryParts): Promise<Primary> {
  let status: Readiness = 'starting';
  const { registry, noteServing, countReplaced } = createPrimaryMetrics(count);
  const counted = createWorkerMetrics((worker) => running.isAlive(worker));
  // prom-client is not left to ask: it waits for five seconds for a worker that has just ended, and then gives none
  const metrics = async () => {
    const answers = await running.ask({ kind: 'metrics' });
    noteServing(Object.keys(answers).length);
    return `${await counted.read(answers)}\n${await registry.metrics()}`;
  };
  const admin = await listen(
    createAdmin({
      // while none serves it is as before the first
      readiness: () => (status === 'ready' && running.count() === 0 ? 'starting' : status),
      detail: async () => ({ workers: await running.ask({ kind: 'detail' }) }),
      metrics,
      metricsType: registry.contentType,
      async purge(uri) {
        if (uri !== undefined) parseRequestTarget(uri);
        const wanted = running.count();
        const answers = Object.values(await running.ask({ kind: 'purge', uri }));
        const refused = answers.find((answer) => 'refusal' in answer);
        if (refused) throw new Error(String(refused.refusal));
        if (answers.length < wanted) throw new Error(`only ${answers.length} of ${wanted} workers have answered`);
      },
    }),
    { name: 'admin', host: config.ADMIN_HOST, port: config.ADMIN_PORT },
  );
  // by turns (Node's own default) the primary takes connections and hands them on: one handed to a worker that has just died
  // is answered by nobody, and never closed. So workers take them from one queue of the kernel's
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const running = startWorkers({
    count,
    fork: () => cluster.fork(),
    now: () => performance.now(),
    log,
    onReplaced: countReplaced,
  });
  const url = await running.listening.catch((error: unknown) => giveUp(running, admin, error));
  status = 'ready';
  if (config.REDIS_URL === undefined) {
    log.warn({ workers: count }, 'Without REDIS_URL every worker has a cache and limits of its own');
  }
  return {
    url,
    adminUrl: admin.url,
    async close({ graceMs }) {
      status = 'draining';
      await running.drain(graceMs, graceMs + config.SHUTDOWN_TIMEOUT_MS + END_WITHIN_MS);
      await admin.drain(ADMIN_DRAIN_MS);
    },
    kill: running.kill,
  };
}

async function giveUp(workers: Workers, admin: Listener, error: unknown): Promise<never> {
  workers.kill();
  await admin.drain(0);
  // the worker's own words, such as that the port is in use
  throw error instanceof WorkerError ? new ListenError(error.message, { cause: error }) : error;
}

/** What only the primary knows. */
function createPrimaryMetrics(count: number) {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const serving = gauge('lunch_relay_workers', 'Workers that serve: one that hangs, and does not answer, is none');
  gauge('lunch_relay_workers_wanted', 'Workers that there should be').set(count);
  const replaced = new Counter({
    name: 'lunch_relay_workers_replaced_total',
    help: 'Workers that had ended and were replaced',
    registers: [registry],
  });
  return {
    registry,
    noteServing: (answered: number) => serving.set(answered),
    countReplaced: () => replaced.inc(),
  };
}

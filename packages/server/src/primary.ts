/**
 * The primary of several workers: keeps them up, is their admin listener, and stops them together. It serves no request
 * itself.
 */
import type { Cluster } from 'node:cluster';
import { AggregatorRegistry, Counter, Gauge, Registry } from 'prom-client';
import type { Config } from './config.ts';
import { createAdmin, type Readiness } from './operations/admin.ts';
import { ListenError, type Listener, listen } from './operations/listener.ts';
import type { Log } from './operations/log.ts';
import { startWorkers, WorkerError, type Workers } from './operations/workers.ts';

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

const ADMIN_TIMEOUT_MS = 1_000;
/** For a worker to end after its last request. */
const END_WITHIN_MS = 2_000;

/** Rejects with a ListenError if admin or workers cannot listen; leaves nothing open then. */
export async function startPrimary({ config, workers: count, log, cluster }: PrimaryParts): Promise<Primary> {
  let status: Readiness = 'starting';
  const { registry, countReplaced } = createPrimaryMetrics(() => running.count());
  const admin = await listen(
    createAdmin({
      // while none serves it is as before the first
      readiness: () => (status === 'ready' && running.count() === 0 ? 'starting' : status),
      detail: async () => ({ workers: await running.ask({ kind: 'detail' }) }),
      metrics: async () => `${await metricsOf(running)}\n${await registry.metrics()}`,
      metricsType: registry.contentType,
      purge: async (uri) => void (await running.ask({ kind: 'purge', uri })),
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
      await admin.drain(ADMIN_TIMEOUT_MS);
    },
    kill: running.kill,
  };
}

/**
 * Of all workers together. prom-client adds them up; it is not left to ask for them too, since it waits for five seconds
 * for one that has just ended, and then gives none.
 */
async function metricsOf(workers: Workers): Promise<string> {
  const answers = Object.values(await workers.ask({ kind: 'metrics' }));
  return AggregatorRegistry.aggregate(answers).metrics();
}

async function giveUp(workers: Workers, admin: Listener, error: unknown): Promise<never> {
  workers.kill();
  await admin.drain(0);
  // the worker's own words, such as that the port is in use
  throw error instanceof WorkerError ? new ListenError(error.message, { cause: error }) : error;
}

/** What only the primary knows. */
function createPrimaryMetrics(countWorkers: () => number) {
  const registry = new Registry();
  new Gauge({
    name: 'lunch_relay_workers',
    help: 'Workers that serve',
    registers: [registry],
    collect() {
      this.set(countWorkers());
    },
  });
  const replaced = new Counter({
    name: 'lunch_relay_workers_replaced_total',
    help: 'Workers that had ended and were replaced',
    registers: [registry],
  });
  return { registry, countReplaced: () => replaced.inc() };
}

/**
 * A number of workers, kept up: one that ends is replaced, at once the first time and later the longer the more often that
 * happens. Hides processes and what is said to them.
 */
import type { Worker } from 'node:cluster';
import { type FromWorker, isMessage, type ToWorker } from './messages.ts';

export interface Workers {
  /** The URL that they listen on, once all do. Rejects with a WorkerError if one of them cannot start. */
  readonly listening: Promise<string>;
  /** How many of them listen. */
  readonly count: () => number;
  /** Whether the worker of a number has not ended. */
  readonly isAlive: (id: number) => boolean;
  /** What each of them answers, by its number; who does not answer soon is left out. */
  readonly ask: (question: Question) => Promise<Record<string, object>>;
  /** Tells them to finish what they have begun; resolves when all have ended. Who takes longer than `timeoutMs` is ended. */
  readonly drain: (graceMs: number, timeoutMs: number) => Promise<void>;
  readonly kill: () => void;
}

type Question = { readonly kind: 'detail' | 'metrics' } | { readonly kind: 'purge'; readonly uri?: string | undefined };

/** A worker could not start; the message is its own. */
export class WorkerError extends Error {}

interface WorkersParts {
  readonly count: number;
  readonly fork: () => Worker;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly log: { warn(details: object, message: string): void };
  readonly onReplaced: () => void;
}

const BACKOFF_MS = { least: 100, most: 10_000 };
/** A worker that has lived for so long did not end because it cannot run. */
const PROVEN_AFTER_MS = 60_000;
const ANSWER_WITHIN_MS = 1_000;
const MOST_BACKOFF_STEPS = 16;

/** A question that is not answered yet. */
interface Asked {
  readonly awaited: Set<Worker>;
  readonly got: Map<number, object>;
  readonly settle: () => void;
}

interface End {
  readonly code: number | null;
  readonly signal: string | null;
  readonly failure: string;
  readonly livedMs: number;
}

/** Of one that the system could not make: for want of memory or processes, or because the program is not there any more. */
const notStarted = ({ message }: Error): End => ({
  ...{ code: null, signal: null, livedMs: 0 },
  failure: `a worker cannot be started: ${message}`,
});

/** How long to wait before a worker is replaced, in ms, after so many that ended early one after the other. */
export const backoffAfter = (earlyEnds: number) =>
  Math.min(BACKOFF_MS.most, BACKOFF_MS.least * 2 ** Math.min(earlyEnds, MOST_BACKOFF_STEPS));

export function startWorkers({ count, fork, now, log, onReplaced }: WorkersParts): Workers {
  const alive = new Set<Worker>();
  const up = new Set<Worker>();
  const asked = new Map<number, Asked>();
  const first = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<void>();
  let isStarted = false;
  let isStopping = false;
  let earlyEnds = 0;
  let questions = 0;
  for (let index = 0; index < count; index++) start();

  function start(): void {
    try {
      watch(fork());
    } catch (error) {
      replace(notStarted(error as Error));
    }
  }

  function watch(worker: Worker): void {
    const startedAt = now();
    let failure = '';
    alive.add(worker);
    worker.on('message', (message: unknown) => {
      if (!isMessage(message)) return;
      const said = message as FromWorker;
      if (said.kind === 'failed') failure = said.text;
      else if (said.kind === 'answer') note(worker, said.id, said.value);
      else listens(worker, said.url);
    });
    worker.once('exit', (code, signal) => end(worker, { code, signal, failure, livedMs: now() - startedAt }));
    worker.on('error', (error) => {
      // what never was a process has no other end; a message that does not reach it is told by its end
      if (worker.process.pid === undefined) end(worker, notStarted(error));
    });
  }

  function listens(worker: Worker, url: string): void {
    up.add(worker);
    if (up.size < count) return;
    isStarted = true;
    first.resolve(url);
  }

  function end(worker: Worker, how: End): void {
    if (!alive.delete(worker)) return;
    up.delete(worker);
    for (const id of asked.keys()) note(worker, id);
    if (!isStopping) replace(how, worker.id);
    else if (alive.size === 0) ended.resolve();
  }

  function replace({ code, signal, failure, livedMs }: End, id?: number): void {
    const why = failure || `a worker ended with ${signal ?? `status ${code}`}`;
    if (!isStarted) {
      first.reject(new WorkerError(why));
      return;
    }
    earlyEnds = livedMs < PROVEN_AFTER_MS ? earlyEnds + 1 : 0;
    const afterMs = earlyEnds <= 1 ? 0 : backoffAfter(earlyEnds - 2);
    log.warn({ worker: id, code, signal, afterMs }, `${why.replace(/\.$/, '')}: it is replaced`);
    setTimeout(() => {
      if (isStopping) return;
      onReplaced();
      start();
    }, afterMs);
  }

  /** An answer, or that there will be none. */
  function note(worker: Worker, id: number, value?: object): void {
    const { awaited, got, settle } = asked.get(id) ?? {};
    if (value) got?.set(worker.id, value);
    if (awaited?.delete(worker) && awaited.size === 0) settle?.();
  }

  const tell = (worker: Worker, order: ToWorker) => void (worker.isConnected() && worker.send(order));

  return {
    listening: first.promise,
    count: () => up.size,
    isAlive: (id) => [...alive].some((worker) => worker.id === id),
    async ask(question) {
      const id = ++questions;
      const { promise, resolve } = Promise.withResolvers<void>();
      const got = new Map<number, object>();
      const timer = setTimeout(resolve, ANSWER_WITHIN_MS);
      asked.set(id, { awaited: new Set(up), got, settle: resolve });
      for (const worker of up) tell(worker, { ...question, id });
      if (up.size > 0) await promise;
      clearTimeout(timer);
      asked.delete(id);
      return Object.fromEntries([...got].toSorted(([a], [b]) => a - b));
    },
    async drain(graceMs, timeoutMs) {
      isStopping = true;
      for (const worker of alive) {
        if (up.has(worker)) tell(worker, { kind: 'drain', graceMs });
        // it serves nobody yet, and does not hear what is said to it: it ends at once, or as soon as it could serve
        else worker.process.kill('SIGTERM');
      }
      if (alive.size === 0) return;
      const timer = setTimeout(kill, timeoutMs);
      await ended.promise;
      clearTimeout(timer);
    },
    kill,
  };

  function kill(): void {
    isStopping = true;
    for (const worker of alive) worker.process.kill('SIGKILL');
  }
}

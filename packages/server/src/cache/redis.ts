/**
 * Redis as the shared tier, as the keeper of leases, and for the scripts of others. Whatever it does (absent, refused, hung,
 * read-only, full, babbling), nothing that is said to it takes longer than a budget, and nothing here throws but `clear`,
 * which nobody's request waits for; its state is logged once per change.
 */
import { randomUUID } from 'node:crypto';
import KeyvRedis, { createClient } from '@keyv/redis';
import { Keyv } from 'keyv';
import type { LeasePort } from './lease.ts';
import type { CacheTier } from './tiers.ts';
import { TOO_LATE, within } from './within.ts';

export interface Redis {
  readonly tier: CacheTier;
  readonly lease: LeasePort;
  /** Runs a Lua script over keys of the relay's own, none of which is an entry of the tier; undefined if Redis gives no answer. */
  readonly evaluate: (script: string, keys: readonly string[], values: readonly string[]) => Promise<unknown>;
}

interface RedisParts {
  readonly url: string;
  readonly log: { info(message: string): void; warn(details: object, message: string): void };
}

/** Of the entries. */
const NAMESPACE = 'lunch-relay';
/** Of what scripts remember, budgets and leases: to empty the cache must not let everybody ask at once. */
const SCRIPT_NAMESPACE = 'lunch-relay-state';
/** How long a request waits for Redis before it goes on without. */
const BUDGET_MS = 75;
/** How long a change may take: no request waits for one, but a lease and a clear do. */
const CHANGE_BUDGET_MS = 1_000;
/** After a fault Redis is left alone for this long: by then its client has noticed if it hangs. */
const REST_AFTER_FAULT_MS = 1_000;
/** Short, since a crash of the holder costs the others as much; renewed three times as often. */
const LEASE_MS = 2_000;
const CLEARED_AT_ONCE = 1_000;
const STATES = {
  up: 'Redis answers: the cache is shared through it',
  refusing: 'Redis refuses to store: the cache reads from it and keeps new entries in memory only',
  down: 'Redis cannot be used: the cache is in memory only until it can',
};

export function createRedis({ url, log }: RedisParts): Redis {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // a hung Redis is noticed by a ping without an answer, and the connection is then made anew
    pingInterval: 250,
    socket: {
      connectTimeout: 500,
      socketTimeout: 500,
      reconnectStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
    },
  });
  let told: keyof typeof STATES | undefined;
  let isRefusing = false;
  let isClosed = false;
  let isSilent = true;
  let restsUntil = 0;
  const state = () => (!client.isReady || isSilent ? 'down' : isRefusing ? 'refusing' : 'up');
  const tell = (next: keyof typeof STATES, error?: unknown) => {
    if (next === told || isClosed) return;
    told = next;
    if (next === 'up') log.info(STATES.up);
    else log.warn({ reason: error instanceof Error ? error.message : String(error) }, STATES[next]);
  };
  // a connection may be there and still be refused every command (NOAUTH): reachable is what answers
  client.on('ready', () => void client.ping().then(() => noteAnswer(), fail));
  client.on('ping-interval', () => noteAnswer());
  client.on('error', fail);
  void client.connect().catch(() => {}); // reported by the `error` event

  // the client comes connecting: the adapter must not wait for that, and must say when it cannot store
  const store = new KeyvRedis(client, { throwOnConnectError: false, throwOnErrors: true });
  const keyv = new Keyv({ store, namespace: NAMESPACE, useKeyPrefix: false, throwOnErrors: true });
  keyv.on('error', () => {}); // without a listener Keyv's error events end the process; the client reports them

  function noteAnswer(refusal?: unknown): void {
    if (performance.now() < restsUntil) return;
    isSilent = false;
    if (client.isReady) tell(isRefusing ? 'refusing' : 'up', refusal);
  }

  /** Down until it answers, which the next ping shows: not to be forgotten after a rest. */
  function fail(error: unknown): void {
    if (isRefusal(error)) {
      noteAnswer(); // who may not ping may read all the same
      return;
    }
    isSilent = true;
    tell('down', error);
  }

  function rest(error: unknown): void {
    restsUntil = performance.now() + REST_AFTER_FAULT_MS;
    fail(error);
  }

  /** An entry that is no JSON, or a script that would write where nothing may be written, says nothing of the rest. */
  function noteRead(outcome: Outcome<unknown>): void {
    if ('error' in outcome && (outcome.error as Error).name !== 'SyntaxError' && !isRefusal(outcome.error))
      rest(outcome.error);
  }

  function noteChange(outcome: Outcome<unknown>): void {
    const error = 'error' in outcome ? outcome.error : undefined;
    // a connection that was lost on the way says nothing of whether Redis would store
    if (error !== undefined && !isRefusal(error)) return;
    isRefusing = error !== undefined;
    noteAnswer(error);
  }

  /** Says something to Redis, unless it is known not to answer. */
  async function say<T>(command: () => Promise<T>, { budgetMs, note }: Manner): Promise<Outcome<T>> {
    if (state() === 'down') return { error: new Error('it cannot be used') };
    const outcome = await within(
      budgetMs,
      command().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
    );
    if (outcome !== TOO_LATE) {
      note(outcome);
      return outcome;
    }
    const error = new Error(`no answer within ${budgetMs} ms`);
    rest(error);
    return { error };
  }

  const reading: Manner = { budgetMs: BUDGET_MS, note: noteRead };
  const changing: Manner = { budgetMs: CHANGE_BUDGET_MS, note: noteChange };
  const lookingFor: Manner = { budgetMs: CHANGE_BUDGET_MS, note: noteRead };

  /** Undefined if there is no answer, or an error, or one that comes too late. */
  async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    const outcome = await say(question, reading);
    return 'value' in outcome ? outcome.value : undefined;
  }

  /** Batch by batch, and not by the adapter, which tells nobody when it fails. */
  async function clear(): Promise<void> {
    let cursor = '0';
    do {
      const from = cursor;
      const scan = () => client.scan(from, { MATCH: `${NAMESPACE}::*`, COUNT: CLEARED_AT_ONCE });
      const found = done(await say(scan, lookingFor));
      if (found.keys.length > 0) done(await say(() => client.unlink(found.keys), changing));
      cursor = found.cursor;
    } while (cursor !== '0');
  }

  const tier: CacheTier = {
    name: 'redis',
    get: (key) => ask<unknown>(() => keyv.get(key)),
    async set(key, value, ttlMs) {
      if (ttlMs > 0) await say(() => keyv.set(key, value, Math.ceil(ttlMs)), changing);
    },
    async delete(key) {
      await say(() => keyv.delete(key), changing);
    },
    clear,
    state,
    close() {
      isClosed = true;
      client.destroy();
      return Promise.resolve();
    },
  };
  const evaluate: Redis['evaluate'] = (script, keys, values) =>
    ask<unknown>(() =>
      client.eval(script, { keys: keys.map((key) => `${SCRIPT_NAMESPACE}::${key}`), arguments: [...values] }),
    );
  return { tier, evaluate, lease: createLease(evaluate) };
}

/** What has become of something that was said to Redis. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

interface Manner {
  readonly budgetMs: number;
  readonly note: (outcome: Outcome<unknown>) => void;
}

function done<T>(outcome: Outcome<T>): T {
  if ('value' in outcome) return outcome.value;
  throw new Error(`Redis: ${(outcome.error as Error).message}`, { cause: outcome.error });
}

/** Replica, full, cannot save, or not allowed to: Redis reads and does not write. */
const isRefusal = (error: unknown) => /^(?:READONLY|OOM|MISCONF|NOPERM)/.test((error as Error).message);

const ACQUIRE = `return redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0`;
const RENEW = `return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('pexpire', KEYS[1], ARGV[2]) or 0`;
const RELEASE = `return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1]) or 0`;

function createLease(evaluate: Redis['evaluate']): LeasePort {
  return {
    async acquire(key) {
      const token = randomUUID();
      const run = (script: string) => evaluate(script, [`lease:${key}`], [token, String(LEASE_MS)]);
      const answer = await run(ACQUIRE);
      if (answer === undefined) return { state: 'unavailable' };
      if (answer !== 1) return { state: 'held' };
      const renewal = setInterval(() => void run(RENEW), LEASE_MS / 3);
      return {
        state: 'granted',
        async release() {
          clearInterval(renewal);
          await run(RELEASE);
        },
      };
    },
  };
}

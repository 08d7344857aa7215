/**
 * Redis as the shared tier, as the keeper of leases, and for the scripts of others. Whatever it does (absent, refused, hung,
 * read-only, full, babbling), nothing here throws or takes longer than a budget; its state is logged once per change.
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
/** After a fault Redis is left alone for this long: by then its client has noticed if it hangs. */
const REST_AFTER_FAULT_MS = 1_000;
/** Short, since a crash of the holder costs the others as much; renewed three times as often. */
const LEASE_MS = 2_000;

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
  const noteWrite = (error?: unknown) => {
    // a connection that was lost on the way says nothing of whether Redis would store
    if (error !== undefined && !isRefusal(error)) return;
    isRefusing = error !== undefined;
    noteAnswer(error);
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

  /** Asks Redis, unless it is known not to answer; undefined if it does not, or with an error, or too late. */
  async function ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    if (state() === 'down') return undefined;
    const answer = await within(
      BUDGET_MS,
      question().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
    );
    if (answer === TOO_LATE) rest(new Error(`no answer within ${BUDGET_MS} ms`));
    else if ('error' in answer) noteRefusal(answer.error);
    else return answer.value;
    return undefined;
  }

  /** An entry that is no JSON, or a script that would write where nothing may be written, says nothing of the rest. */
  function noteRefusal(error: unknown): void {
    if ((error as Error).name !== 'SyntaxError' && !isRefusal(error)) rest(error);
  }

  async function write(change: () => Promise<unknown>): Promise<void> {
    if (state() === 'down') return;
    await within(
      REST_AFTER_FAULT_MS,
      change().then(() => noteWrite(), noteWrite),
    );
  }

  const tier: CacheTier = {
    name: 'redis',
    get: (key) => ask<unknown>(() => keyv.get(key)),
    set: (key, value, ttlMs) => (ttlMs > 0 ? write(() => keyv.set(key, value, Math.ceil(ttlMs))) : Promise.resolve()),
    delete: (key) => write(() => keyv.delete(key)),
    clear: () => write(() => keyv.clear()),
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

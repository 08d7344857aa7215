/**
 * The two places that entries are kept in, both behind Keyv: the process's memory, bounded in bytes, and Redis.
 * A tier answers undefined for whatever it cannot give, soon, and never throws.
 */
import KeyvRedis, { createClient } from '@keyv/redis';
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';

export interface CacheTier {
  readonly name: 'memory' | 'redis';
  /** The stored value, or undefined: absent, out of date, unreadable or out of reach. */
  get(key: string): Promise<unknown>;
  /** Never waited for by a request. A `ttlMs` of 0 or less stores nothing: Keyv would take it for "for ever". */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Whether it can be used now. */
  isReady(): boolean;
  close(): Promise<void>;
}

/** The in-process tier: at most `maxBytes` of JSON text, the least recently used dropped first. */
export function createMemoryTier(maxBytes: number): CacheTier {
  const store = new LRUCache<string, string>({
    maxSize: maxBytes,
    sizeCalculation: (text, key) => 2 * (text.length + key.length), // UTF-16
  });
  const keyv = new Keyv({
    store: {
      get: (key: string) => store.get(key),
      set: (key: string, text: string) => store.set(key, text),
      delete: (key: string) => store.delete(key),
      clear: () => store.clear(),
    },
  });
  return {
    name: 'memory',
    get: (key) => keyv.get(key).catch(() => undefined),
    async set(key, value, ttlMs) {
      if (ttlMs > 0) await keyv.set(key, value, Math.ceil(ttlMs)).catch(() => false);
    },
    isReady: () => true,
    close: () => keyv.clear(),
  };
}

/** How long a request waits for Redis before it goes on without. */
const READ_BUDGET_MS = 75;
/** After a read that took longer, Redis is left alone for this long: by then its client has noticed that it hangs. */
const REST_AFTER_TIMEOUT_MS = 1_000;

interface RedisTierParts {
  readonly url: string;
  readonly log: { info(message: string): void; warn(details: object, message: string): void };
}

/** The shared tier. Connects in the background and goes on trying; until then, and whenever it is lost, it is simply empty. */
export function createRedisTier({ url, log }: RedisTierParts): CacheTier {
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
  let isReachable: boolean | undefined;
  let restsUntil = 0;
  const noteState = (reachable: boolean, error?: unknown) => {
    if (reachable === isReachable) return;
    isReachable = reachable;
    if (reachable) log.info('Redis is reachable: the cache is shared through it');
    else log.warn({ err: error }, 'Redis cannot be reached: the cache is in memory only until it can');
  };
  client.on('ready', () => noteState(true));
  client.on('error', (error) => noteState(false, error));
  void client.connect().catch(() => {}); // reported by the `error` event
  // the client comes connecting: Keyv's adapter must not connect by itself, nor throw where the client cannot
  const keyv = new Keyv({
    store: new KeyvRedis(client, { throwOnConnectError: false }),
    namespace: 'lunch-relay',
    useKeyPrefix: false,
  });
  keyv.on('error', () => {}); // without a listener Keyv's error events end the process; the client reports them
  const isReady = () => client.isReady && Date.now() >= restsUntil;

  return {
    name: 'redis',
    async get(key) {
      if (!isReady()) return undefined;
      const reading = keyv.get<unknown>(key).catch(() => undefined);
      const answer = await within(READ_BUDGET_MS, reading);
      if (answer === TOO_LATE) {
        restsUntil = Date.now() + REST_AFTER_TIMEOUT_MS;
        return undefined;
      }
      return answer;
    },
    async set(key, value, ttlMs) {
      if (ttlMs > 0 && isReady()) await keyv.set(key, value, Math.ceil(ttlMs)).catch(() => false);
    },
    isReady,
    close() {
      isReachable = false; // what follows is no news
      client.destroy();
      return Promise.resolve();
    },
  };
}

const TOO_LATE = Symbol('too late');

async function within<T>(budgetMs: number, promise: Promise<T>): Promise<T | typeof TOO_LATE> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof TOO_LATE>((resolve) => {
    timer = setTimeout(resolve, budgetMs, TOO_LATE);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

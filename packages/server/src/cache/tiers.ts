/**
 * Where entries are kept: the process's memory here, Redis in `redis.ts`, both behind Keyv. A tier answers undefined for
 * whatever it cannot give, soon, and throws nothing but that it could not be cleared.
 */
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';

export interface CacheTier {
  readonly name: 'memory' | 'redis';
  /** The stored value, or undefined: absent, out of date, unreadable or out of reach. */
  get(key: string): Promise<unknown>;
  /** Settles when it is stored or cannot be. A `ttlMs` of 0 or less stores nothing: Keyv would take it for "for ever". */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Settles when it is gone or cannot be let go of. */
  delete(key: string): Promise<void>;
  /** Lets go of everything. Rejects if that is not certain. */
  clear(): Promise<void>;
  /** What it can do now: `refusing` is reading without writing. */
  state(): 'up' | 'refusing' | 'down';
  close(): Promise<void>;
}

export interface MemoryTier extends CacheTier {
  /** Grows whenever something in it changes: what was made of its values is as good as new while it does not. */
  readonly changes: () => number;
}

/**
 * The in-process tier: at most about `maxBytes`, by the JSON text of the values, the least recently used dropped first. It
 * gives the very value that was put in, which nobody may change; so what is made of a value can be remembered with it.
 */
export function createMemoryTier(maxBytes: number): MemoryTier {
  let changes = 0;
  const values = new LRUCache<string, object>({
    maxSize: maxBytes,
    sizeCalculation: (value, key) => 2 * (JSON.stringify(value).length + key.length), // UTF-16
    dispose: () => changes++,
    onInsert: () => changes++,
  });
  const keyv = new Keyv({
    store: {
      get: (key: string) => values.get(key),
      // an explicit one: Keyv hands a ttl on as the third argument, where lru-cache has its options
      set: (key: string, value: object) => values.set(key, value),
      delete: (key: string) => values.delete(key),
      clear: () => values.clear(),
    },
  });
  // a text would be parsed anew for every request
  keyv.serialize = undefined;
  keyv.deserialize = undefined;
  return {
    name: 'memory',
    changes: () => changes,
    get: (key) => keyv.get(key).catch(() => undefined),
    async set(key, value, ttlMs) {
      if (ttlMs > 0) await keyv.set(key, value, Math.ceil(ttlMs)).catch(() => false);
    },
    async delete(key) {
      await keyv.delete(key).catch(() => false);
    },
    clear: () => keyv.clear(),
    state: () => 'up',
    close: () => keyv.clear(),
  };
}

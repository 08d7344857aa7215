/**
 * Where entries are kept: the process's memory here, Redis in `redis.ts`, both behind Keyv. A tier answers undefined for
 * whatever it cannot give, soon, and never throws.
 */
import { Keyv } from 'keyv';
import { LRUCache } from 'lru-cache';

export interface CacheTier {
  readonly name: 'memory' | 'redis';
  /** The stored value, or undefined: absent, out of date, unreadable or out of reach. */
  get(key: string): Promise<unknown>;
  /** Settles when it is stored or cannot be. A `ttlMs` of 0 or less stores nothing: Keyv would take it for "for ever". */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Lets go of everything. */
  clear(): Promise<void>;
  /** What it can do now: `refusing` is reading without writing. */
  state(): 'up' | 'refusing' | 'down';
  close(): Promise<void>;
}

/** The in-process tier: at most `maxBytes` of JSON text, the least recently used dropped first. */
export function createMemoryTier(maxBytes: number): CacheTier {
  const texts = new LRUCache<string, string>({
    maxSize: maxBytes,
    sizeCalculation: (text, key) => 2 * (text.length + key.length), // UTF-16
  });
  const keyv = new Keyv({
    store: {
      get: (key: string) => texts.get(key),
      // an explicit one: Keyv hands a ttl on as the third argument, where lru-cache has its options
      set: (key: string, text: string) => texts.set(key, text),
      delete: (key: string) => texts.delete(key),
      clear: () => texts.clear(),
    },
  });
  return {
    name: 'memory',
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

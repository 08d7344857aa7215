/**
 * Get or load, over two tiers: memory, and Redis where there is one.
 * Hides keys' single flight, what is stale and how it is refreshed, and every fault of a tier: a tier never throws into a
 * request. Errors are never stored; a failed load is remembered for a few seconds so that a broken upstream is not asked
 * again by everyone.
 */
import { LRUCache } from 'lru-cache';
import { type RelayError, toRelayError } from '../errors.ts';
import type { CacheTier } from './tiers.ts';

/** Absolute moments, in ms since the epoch. */
export interface Lifetime {
  readonly freshUntil: number;
  readonly staleUntil: number;
}

/** What is kept under a key. `version` changes whenever the form of what is stored does. */
export interface Entry<T = unknown> extends Lifetime {
  readonly version: typeof ENTRY_VERSION;
  readonly value: T;
  readonly storedAt: number;
}

export const ENTRY_VERSION = 1;

/** `hit`: fresh. `stale`: past its time, while or because no newer one could be loaded. `miss`: loaded just now. */
export type CacheResult = 'hit' | 'stale' | 'miss';

export interface Kept<T> extends Lifetime {
  readonly value: T;
  readonly storedAt: number;
  readonly result: CacheResult;
}

/** Makes a value; `previous` is the copy that is past its time, where there is one. */
export type Load<T> = (previous: T | undefined) => Promise<T>;

export interface Cache {
  /**
   * The value under a key, loaded if there is none. `lifetimeOf` says how long a loaded value may be used. A copy that is
   * past its time is answered while a newer one is loaded, and is there for `load` to see.
   * Throws what `load` throws, if there is no copy that is still usable.
   */
  getOrLoad<T>(key: string, load: Load<T>, lifetimeOf: (value: T) => Lifetime): Promise<Kept<T>>;
}

interface CacheParts {
  /** The nearest first. */
  readonly tiers: readonly CacheTier[];
  readonly clock: () => number;
  /** From 0 to 1; spreads what would otherwise happen to all keys at once. */
  readonly random: () => number;
  readonly onResult?: (result: CacheResult | 'error') => void;
}

/** A failed load is not tried again for 5 to 15 s. */
const RETRY_AFTER_FAILURE_MS = { least: 5_000, spread: 10_000 };
const MOST_FAILURES_REMEMBERED = 1_000;

export function createCache({ tiers, clock, random, onResult = () => {} }: CacheParts): Cache {
  const loads = new Map<string, Promise<Entry>>();
  const failures = new LRUCache<string, { error: RelayError; until: number }>({ max: MOST_FAILURES_REMEMBERED });

  async function read(key: string): Promise<Entry | undefined> {
    for (const [index, tier] of tiers.entries()) {
      const entry = await tier.get(key);
      if (!isEntry(entry) || clock() >= entry.staleUntil) continue;
      for (const nearer of tiers.slice(0, index)) void nearer.set(key, entry, entry.staleUntil - clock());
      return entry;
    }
    return undefined;
  }

  function loadOnce<T>(key: string, load: () => Promise<T>, lifetimeOf: (value: T) => Lifetime): Promise<Entry<T>> {
    const running = loads.get(key) as Promise<Entry<T>> | undefined;
    if (running) return running;
    const failed = failures.get(key);
    if (failed && clock() < failed.until) return Promise.reject(failed.error);
    const loading = loadAndStore(key, load, lifetimeOf).finally(() => loads.delete(key));
    loads.set(key, loading);
    return loading;
  }

  async function loadAndStore<T>(key: string, load: () => Promise<T>, lifetimeOf: (value: T) => Lifetime) {
    try {
      const value = await load();
      const entry: Entry<T> = { version: ENTRY_VERSION, value, storedAt: clock(), ...lifetimeOf(value) };
      failures.delete(key);
      for (const tier of tiers) void tier.set(key, entry, entry.staleUntil - clock());
      return entry;
    } catch (error) {
      failures.set(key, {
        error: toRelayError(error),
        until: clock() + RETRY_AFTER_FAILURE_MS.least + random() * RETRY_AFTER_FAILURE_MS.spread,
      });
      throw error;
    }
  }

  return {
    async getOrLoad<T>(key: string, load: Load<T>, lifetimeOf: (value: T) => Lifetime) {
      const kept = (await read(key)) as Entry<T> | undefined;
      const loading = () => loadOnce(key, () => load(kept?.value), lifetimeOf);
      if (kept) {
        const isFresh = clock() < kept.freshUntil;
        // whoever asked gets the copy at hand; a refresh that fails leaves it there
        if (!isFresh) void loading().catch(() => {});
        const result = isFresh ? 'hit' : 'stale';
        onResult(result);
        return { ...kept, result };
      }
      try {
        const loaded = await loading();
        onResult('miss');
        return { ...loaded, result: 'miss' };
      } catch (error) {
        onResult('error');
        throw error;
      }
    },
  };
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null) return false;
  const { version, storedAt, freshUntil, staleUntil } = entry as Partial<Record<keyof Entry, unknown>>;
  return version === ENTRY_VERSION && [storedAt, freshUntil, staleUntil].every(Number.isFinite) && 'value' in entry;
}

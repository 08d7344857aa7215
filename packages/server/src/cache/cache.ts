/**
 * Get or load, over a near tier (memory) and a shared one (Redis, where there is one).
 * Hides single flight in the process and across processes, what is stale and how it is refreshed, and every fault of a
 * tier: a tier never throws into a request. Errors are never stored; a failed load is remembered for a few seconds, so that
 * a broken upstream is not asked again by everyone.
 */
import { LRUCache } from 'lru-cache';
import { RelayError, toRelayError } from '../errors.ts';
import { type LeasePort, withLease } from './lease.ts';
import type { CacheTier } from './tiers.ts';
import { TOO_LATE, within } from './within.ts';

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

export interface LoadContext<T> {
  /** The copy that is past its time, where there is one. */
  readonly previous: T | undefined;
  /** True when nobody waits: the load may take longer. */
  readonly isBackground: boolean;
}

export type Load<T> = (context: LoadContext<T>) => Promise<T>;

export interface Cache {
  /**
   * The value under a key, loaded if there is none. `lifetimeOf` says how long a loaded value may be used. A copy that is
   * past its time is answered while a newer one is loaded.
   * Throws what `load` throws, and `upstream_timeout` after the longest wait, if there is no usable copy. A caller that
   * gives up does not end a load that others share.
   */
  getOrLoad<T>(key: string, load: Load<T>, lifetimeOf: (value: T) => Lifetime): Promise<Kept<T>>;
}

interface CacheParts {
  readonly memory: CacheTier;
  readonly shared?: CacheTier | undefined;
  /** Makes one load per key and cluster. */
  readonly lease?: LeasePort | undefined;
  readonly clock: () => number;
  /** From 0 to 1; spreads what would otherwise happen to all keys at once. */
  readonly random: () => number;
  /** The longest that a caller waits for a load, its own or another's. */
  readonly maxWaitMs: number;
  readonly onResult?: (result: CacheResult | 'error') => void;
}

/** A failed load is not tried again for 5 to 15 s. */
const RETRY_AFTER_FAILURE_MS = { least: 5_000, spread: 10_000 };
const MOST_FAILURES_REMEMBERED = 1_000;
/** Entries that were made together do not expire together: a tenth more or less, never beyond `staleUntil`. */
const JITTER = 0.1;

export function createCache(parts: CacheParts): Cache {
  const { memory, shared, lease, clock, random, maxWaitMs, onResult = () => {} } = parts;
  const flights = new Map<string, Promise<Kept<unknown>>>();
  const failures = new LRUCache<string, { error: RelayError; until: number }>({ max: MOST_FAILURES_REMEMBERED });

  const isFresh = ({ freshUntil }: Lifetime) => clock() < freshUntil;
  // what lies under a key was put there by the same load: the type goes with the key
  const toKept = <T>(entry: Entry, result: CacheResult) => ({ ...(entry as Entry<T>), result });

  async function read(tier: CacheTier | undefined, key: string): Promise<Entry | undefined> {
    const entry = await tier?.get(key);
    return isEntry(entry) && clock() < entry.staleUntil ? entry : undefined;
  }

  const keepNear = (key: string, entry: Entry) => memory.set(key, entry, entry.staleUntil - clock());

  function jittered({ freshUntil, staleUntil }: Lifetime): Lifetime {
    const spread = 1 + JITTER * (2 * random() - 1);
    return { freshUntil: Math.min(clock() + (freshUntil - clock()) * spread, staleUntil), staleUntil };
  }

  /** Loads, stores in both tiers, and remembers a failure. */
  async function loadAndStore<T>(
    key: string,
    load: Load<T>,
    lifetimeOf: (value: T) => Lifetime,
    context: LoadContext<T>,
  ) {
    try {
      const value = await load(context);
      const entry: Entry<T> = { version: ENTRY_VERSION, value, storedAt: clock(), ...jittered(lifetimeOf(value)) };
      failures.delete(key);
      await keepNear(key, entry);
      // not awaited by a request, but by the lease: whoever comes next must find it
      const storing = shared?.set(key, entry, entry.staleUntil - clock());
      return { entry, storing };
    } catch (error) {
      const until = clock() + RETRY_AFTER_FAILURE_MS.least + random() * RETRY_AFTER_FAILURE_MS.spread;
      failures.set(key, { error: toRelayError(error), until });
      throw error;
    }
  }

  /** One look into the shared tier and one load per key at a time, however many wait for it. */
  function flight<T>(
    key: string,
    load: Load<T>,
    lifetimeOf: (value: T) => Lifetime,
    previous?: Entry,
  ): Promise<Kept<T>> {
    const running = flights.get(key) as Promise<Kept<T>> | undefined;
    if (running) return running;
    const isBackground = previous !== undefined;
    const fly = async (): Promise<Kept<T>> => {
      // it may have come between the caller's look and now, or from another process
      const near = await read(memory, key);
      if (near && isFresh(near)) return toKept<T>(near, 'hit');
      const far = await read(shared, key);
      if (far) await keepNear(key, far);
      if (far && isFresh(far)) return toKept<T>(far, 'hit');
      if (far && !isBackground) return toKept<T>(far, 'stale');
      const failed = failures.get(key);
      if (failed && clock() < failed.until) throw failed.error;
      const context = { previous: (far ?? near ?? previous)?.value as T | undefined, isBackground };
      return withLease<Kept<T>>(lease, key, {
        look: async () => {
          const entry = await read(shared, key);
          if (!entry || !isFresh(entry)) return undefined;
          await keepNear(key, entry);
          return toKept<T>(entry, 'hit');
        },
        work: async () => {
          const { entry, storing } = await loadAndStore(key, load, lifetimeOf, context);
          return { value: { ...entry, result: 'miss' }, settled: storing };
        },
      });
    };
    const flying = fly().finally(() => flights.delete(key));
    flights.set(key, flying);
    return flying;
  }

  async function find<T>(key: string, load: Load<T>, lifetimeOf: (value: T) => Lifetime): Promise<Kept<T>> {
    // whoever asks gets the copy at hand; a refresh that fails leaves it there
    const refresh = (stale: Entry) => void flight(key, load, lifetimeOf, stale).catch(() => {});
    const near = await read(memory, key);
    if (near && isFresh(near)) return toKept(near, 'hit');
    if (near) {
      refresh(near);
      return toKept(near, 'stale');
    }
    const kept = await within(maxWaitMs, flight(key, load, lifetimeOf));
    if (kept === TOO_LATE) throw new RelayError('upstream_timeout');
    if (kept.result === 'stale') refresh({ version: ENTRY_VERSION, ...kept });
    return kept;
  }

  return {
    async getOrLoad(key, load, lifetimeOf) {
      try {
        const kept = await find(key, load, lifetimeOf);
        onResult(kept.result);
        return kept;
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

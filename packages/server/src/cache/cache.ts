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

/** Absolute moments, in ms since the epoch, in this order; the words are those of RFC 5861. */
export interface Lifetime {
  /** Until then it is answered without more ado. */
  readonly freshUntil: number;
  /** Until then it is answered while a newer one is loaded. */
  readonly staleWhileRevalidateUntil: number;
  /** Until then it is answered if no newer one can be loaded. */
  readonly staleIfErrorUntil: number;
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

/** How a value is made and what is known of it. */
export interface Source<T> {
  readonly load: (context: LoadContext<T>) => Promise<T>;
  /** How long a value may be used that was loaded just now. */
  readonly lifetimeOf: (value: T) => Lifetime;
  /** Whether what was found in the shared tier is a value at all: others write there too. */
  readonly isValue: (value: unknown) => boolean;
}

export interface Cache {
  /**
   * The value under a key, loaded if there is no usable one.
   * Throws what `load` throws, and `upstream_timeout` after the longest wait. A caller that gives up does not end a load
   * that others share.
   */
  getOrLoad<T>(key: string, source: Source<T>): Promise<Kept<T>>;
  /**
   * Lets go of everything, in the shared tier too. What was asked for before is for those who asked, and is not kept.
   * Rejects where the shared tier does.
   */
  clear(): Promise<void>;
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
  /** Whether a load failed for the sake of who began it: whoever waited for it begins one of its own. Default: never. */
  readonly isAnothers?: (error: unknown) => boolean;
  readonly onResult?: (result: CacheResult | 'error') => void;
}

/** A failed load is not tried again for 5 to 15 s. */
const RETRY_AFTER_FAILURE_MS = { least: 5_000, spread: 10_000 };
const MOST_FAILURES_REMEMBERED = 1_000;
/** Entries that were made together do not expire together: a tenth more or less, never beyond the end. */
const JITTER = 0.1;
/** What another process's clock may be ahead. */
const CLOCK_SKEW_MS = 60_000;
/** Nothing of ours lives longer. */
const LONGEST_LIFE_MS = 8 * 24 * 3_600_000;

export function createCache(parts: CacheParts): Cache {
  const { memory, shared, lease, clock, random, maxWaitMs, isAnothers = () => false, onResult = () => {} } = parts;
  const flights = new Map<string, Promise<Kept<unknown>>>();
  const failures = new LRUCache<string, { error: RelayError; until: number }>({ max: MOST_FAILURES_REMEMBERED });
  let clears = 0;
  let clearsGoingOn = 0;

  const isFresh = ({ freshUntil }: Lifetime) => clock() < freshUntil;
  // what lies under a key was put there by the same source: the type goes with the key
  const toKept = <T>(entry: Entry, result: CacheResult) => ({ ...(entry as Entry<T>), result });
  const timeLeft = ({ staleIfErrorUntil }: Lifetime) => staleIfErrorUntil - clock();
  const keepNear = (key: string, entry: Entry) => memory.set(key, entry, timeLeft(entry));
  const pauseOf = (key: string) => {
    const failed = failures.get(key);
    return failed && clock() < failed.until ? failed : undefined;
  };

  async function readNear(key: string): Promise<Entry | undefined> {
    const entry = await memory.get(key);
    return isEntry(entry) && timeLeft(entry) > 0 ? entry : undefined;
  }

  async function readShared(key: string, { isValue }: Pick<Source<unknown>, 'isValue'>): Promise<Entry | undefined> {
    // what it has while it is cleared is of before
    const entry = clearsGoingOn > 0 ? undefined : await contained(shared?.get(key));
    if (!isEntry(entry) || timeLeft(entry) <= 0 || !isValue(entry.value)) return undefined;
    const isPlausible =
      entry.storedAt <= clock() + CLOCK_SKEW_MS && entry.staleIfErrorUntil - entry.storedAt <= LONGEST_LIFE_MS;
    return isPlausible ? entry : undefined;
  }

  function jittered(lifetime: Lifetime): Lifetime {
    const spread = 1 + JITTER * (2 * random() - 1);
    const { staleWhileRevalidateUntil, staleIfErrorUntil } = lifetime;
    const freshUntil = Math.min(clock() + (lifetime.freshUntil - clock()) * spread, staleIfErrorUntil);
    return {
      freshUntil,
      staleWhileRevalidateUntil: Math.max(freshUntil, staleWhileRevalidateUntil),
      staleIfErrorUntil,
    };
  }

  /** Loads, stores in both tiers, and remembers a failure: all that only while nothing was cleared since it was asked for. */
  async function loadAndStore<T>(key: string, { load, lifetimeOf }: Source<T>, context: LoadContext<T>, asOf: number) {
    try {
      const value = await load(context);
      const entry: Entry<T> = { version: ENTRY_VERSION, value, storedAt: clock(), ...jittered(lifetimeOf(value)) };
      if (asOf !== clears) return { entry, storing: undefined };
      failures.delete(key);
      // not awaited by a request, but by the lease: whoever comes next must find it
      const storing = contained(shared?.set(key, entry, timeLeft(entry)));
      await keepNear(key, entry);
      return { entry, storing };
    } catch (error) {
      // says nothing of what was to be loaded
      if (toRelayError(error).code === 'client_rate_limited') throw error;
      const until = clock() + RETRY_AFTER_FAILURE_MS.least + random() * RETRY_AFTER_FAILURE_MS.spread;
      if (asOf === clears) failures.set(key, { error: toRelayError(error), until });
      throw error;
    }
  }

  /** One look into the shared tier and one load per key at a time, however many wait for it. */
  function flight<T>(key: string, source: Source<T>, isBackground: boolean): Promise<Kept<T>> {
    const running = flights.get(key) as Promise<Kept<T>> | undefined;
    if (running) return running;
    const flying = fly(key, source, isBackground).finally(() => {
      if (flights.get(key) === flying) flights.delete(key);
    });
    flights.set(key, flying);
    return flying;
  }

  async function fly<T>(key: string, source: Source<T>, isBackground: boolean): Promise<Kept<T>> {
    const asOf = clears;
    const look = async () => {
      const [entry, own] = [await readShared(key, source), await readNear(key)];
      // a tier that reads and does not store may hold an older one than we do
      if (!entry || (own && own.storedAt >= entry.storedAt)) return own;
      if (asOf === clears) await keepNear(key, entry);
      return entry;
    };
    // it may have come between the caller's look and now
    const near = await readNear(key);
    if (near && isFresh(near)) return toKept<T>(near, 'hit');
    const far = await look();
    if (far && isFresh(far)) return toKept<T>(far, 'hit');
    if (far && !isBackground && clock() < far.staleWhileRevalidateUntil) return toKept<T>(far, 'stale');
    const pause = pauseOf(key);
    if (pause) throw pause.error;
    const context = { previous: far?.value as T | undefined, isBackground };
    return withLease<Kept<T>>(lease, key, {
      look: async () => {
        const entry = await look();
        return entry && isFresh(entry) ? toKept<T>(entry, 'hit') : undefined;
      },
      work: async () => {
        const { entry, storing } = await loadAndStore(key, source, context, asOf);
        return { value: { ...entry, result: 'miss' }, settled: storing };
      },
    });
  }

  async function find<T>(key: string, source: Source<T>): Promise<Kept<T>> {
    const refresh = () => {
      if (!pauseOf(key)) flight(key, source, true).catch(() => {});
    };
    const near = await readNear(key);
    if (near && isFresh(near)) return toKept(near, 'hit');
    if (near && clock() < near.staleWhileRevalidateUntil) {
      refresh();
      return toKept(near, 'stale');
    }
    try {
      const kept = await within(maxWaitMs, flight(key, source, false));
      if (kept === TOO_LATE) throw new RelayError('upstream_timeout');
      if (kept.result === 'stale') refresh();
      return kept;
    } catch (error) {
      if (isAnothers(error)) return find(key, source);
      // whatever copy there is, the one that the flight has found in the shared tier included
      const copy = await readNear(key);
      if (copy) return toKept(copy, 'stale');
      throw error;
    }
  }

  return {
    async getOrLoad(key, source) {
      try {
        const kept = await find(key, source);
        onResult(kept.result);
        return kept;
      } catch (error) {
        onResult('error');
        throw error;
      }
    },

    async clear() {
      clears += 1;
      clearsGoingOn += 1;
      flights.clear();
      failures.clear();
      try {
        await Promise.all([memory.clear(), shared?.clear()]);
      } finally {
        clearsGoingOn -= 1;
      }
    },
  };
}

/** Whatever the shared tier does, a request goes on: its own budget is shorter, this one is for a tier that keeps none. */
const SHARED_TIER_LIMIT_MS = 1_500;

async function contained(operation: Promise<unknown> | undefined): Promise<unknown> {
  try {
    return operation && (await within(SHARED_TIER_LIMIT_MS, operation));
  } catch {
    return undefined;
  }
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null || !('value' in entry)) return false;
  const { version, ...moments } = entry as Partial<Record<keyof Entry, unknown>>;
  const { storedAt, freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil } = moments;
  const known = [storedAt, freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil];
  return version === ENTRY_VERSION && known.every(Number.isFinite);
}

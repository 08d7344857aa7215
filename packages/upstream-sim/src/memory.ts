/**
 * What the service remembers of its own answers: a value for a fixed time, whether or not it was a good one. The cause
 * of yesterday's dishes after midnight, and of an empty menu that stays empty for hours after the page was mended.
 */

export interface Recalled<T> {
  readonly value: T;
  /** Whole seconds until it is made anew, from 1 to the lifetime. */
  readonly secondsLeft: number;
  /** True when this call made it. */
  readonly isNew: boolean;
}

export interface Memory<T> {
  /** The remembered value, or a new one from `make` when there is none, it is too old, or `bypass` asks for it. */
  recall(key: string, make: () => T, bypass: boolean): Recalled<T>;
  /** Default: everything. */
  forget(keys?: Iterable<string>): void;
}

/** `clock` tells milliseconds since the epoch. A clock that was set back ends the memory of what is then in the future. */
export function createMemory<T>(lifetimeSeconds: number, clock: () => number): Memory<T> {
  const entries = new Map<string, { readonly value: T; readonly madeAt: number }>();
  return {
    recall(key, make, bypass) {
      const now = clock();
      const entry = entries.get(key);
      const ageSeconds = entry === undefined ? -1 : Math.floor((now - entry.madeAt) / 1000);
      if (entry !== undefined && !bypass && ageSeconds >= 0 && ageSeconds < lifetimeSeconds) {
        return { value: entry.value, secondsLeft: lifetimeSeconds - ageSeconds, isNew: false };
      }
      const value = make();
      entries.set(key, { value, madeAt: now });
      return { value, secondsLeft: lifetimeSeconds, isNew: true };
    },
    forget(keys = [...entries.keys()]) {
      for (const key of keys) entries.delete(key);
    },
  };
}

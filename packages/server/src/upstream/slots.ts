/** So many at the same time; the others wait in a line of bounded length, first come, first served. */
import { RelayError } from '../errors.ts';
import type { Cancellation } from './deadline.ts';

/** Returns a slot; to call it again does nothing. */
export type Release = () => void;

export interface Slots {
  /**
   * Gives the function that returns the slot, at once where there is one and where there is no bound, or waits for it. Who
   * `yields` waits until nobody else does. Throws the reason of the signal, rejects with `upstream_overloaded`.
   */
  acquire(signal: Cancellation, yields?: boolean): Release | Promise<Release>;
}

const NOTHING_TO_RETURN: Release = () => {};

/** `most` 0: no bound. */
export function createSlots(most: number, mostWaiting: number): Slots {
  const waiting = new Set<() => void>();
  const yielding = new Set<() => void>();
  let taken = 0;

  function grant(): Release {
    taken += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      taken -= 1;
      const [next] = waiting.size > 0 ? waiting : yielding;
      next?.();
    };
  }

  return {
    acquire(signal, yields = false) {
      signal.throwIfAborted();
      if (most === 0) return NOTHING_TO_RETURN;
      if (taken < most) return grant();
      const line = yields ? yielding : waiting;
      if (line.size >= mostWaiting) return Promise.reject(overloaded());
      const { promise, resolve, reject } = Promise.withResolvers<Release>();
      const leave = () => {
        line.delete(take);
        signal.removeEventListener('abort', abort);
      };
      const take = () => {
        leave();
        resolve(grant());
      };
      const abort = () => {
        leave();
        // it never got as far as the upstream
        reject(overloaded(signal.reason));
      };
      line.add(take);
      signal.addEventListener('abort', abort);
      return promise;
    },
  };
}

function overloaded(cause?: unknown): RelayError {
  return new RelayError('upstream_overloaded', { members: { retryAfter: 5 }, cause });
}

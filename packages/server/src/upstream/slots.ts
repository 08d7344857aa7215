/** So many at the same time; the others wait in a line of bounded length, first come, first served. */
import { RelayError } from '../errors.ts';

export interface Slots {
  /** Waits for a slot and gives the function that returns it; calling that again does nothing. Rejects with `upstream_overloaded`. */
  acquire(signal: AbortSignal): Promise<() => void>;
}

/** `most` 0: no bound. */
export function createSlots(most: number, mostWaiting: number): Slots {
  const waiting = new Set<() => void>();
  let taken = 0;

  function grant(): () => void {
    taken += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      taken -= 1;
      const [next] = waiting;
      next?.();
    };
  }

  return {
    acquire(signal) {
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (most === 0 || taken < most) return Promise.resolve(grant());
      if (waiting.size >= mostWaiting) return Promise.reject(overloaded());
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const leave = () => {
        waiting.delete(take);
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
      waiting.add(take);
      signal.addEventListener('abort', abort, { once: true });
      return promise;
    },
  };
}

function overloaded(cause?: unknown): RelayError {
  return new RelayError('upstream_overloaded', { members: { retryAfter: 5 }, cause });
}

/** So many at the same time; the others wait in a line of bounded length, first come, first served. */
import { RelayError } from '../errors.ts';

export interface Slots {
  /**
   * Waits for a slot and gives the function that returns it; calling that again does nothing. Who `yields` waits until nobody
   * else does. Rejects with `upstream_overloaded`.
   */
  acquire(signal: AbortSignal, yields?: boolean): Promise<() => void>;
}

/** `most` 0: no bound. */
export function createSlots(most: number, mostWaiting: number): Slots {
  const waiting = new Set<() => void>();
  const yielding = new Set<() => void>();
  let taken = 0;

  function grant(): () => void {
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
      if (signal.aborted) return Promise.reject(signal.reason as Error);
      if (most === 0 || taken < most) return Promise.resolve(grant());
      const line = yields ? yielding : waiting;
      if (line.size >= mostWaiting) return Promise.reject(overloaded());
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
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
      signal.addEventListener('abort', abort, { once: true });
      return promise;
    },
  };
}

function overloaded(cause?: unknown): RelayError {
  return new RelayError('upstream_overloaded', { members: { retryAfter: 5 }, cause });
}

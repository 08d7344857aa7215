/**
 * One worker and a queue in front of it, first come, first served: the handlers of the real service block, so whatever
 * one request waits for, all others wait for too.
 */

export interface Queue {
  /** Waits for its turn, then does the work. Rejects with the reason of `left`, its work undone, when the client leaves first. */
  run<T>(work: () => Promise<T>, left: AbortSignal): Promise<T>;
}

export function createQueue(): Queue {
  let worker: Promise<unknown> = Promise.resolve();
  return {
    run<T>(work: () => Promise<T>, left: AbortSignal): Promise<T> {
      const turn = worker.then(() => {
        left.throwIfAborted();
        return work();
      });
      // the next one starts when this one is done, however it ended
      worker = turn.catch(() => undefined);
      return turn;
    },
  };
}

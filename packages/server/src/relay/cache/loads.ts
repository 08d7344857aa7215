/** One call to the upstream for many equal requests: who comes while it is under way waits for what becomes of it. */
/** What has become of a load: `stored` and fresh, or of no use to anybody but who asked. */
export type Outcome = 'stored' | 'unstorable';

export interface Load {
  /** Waits for the outcome; rejects with the load's error, or with the reason of the signal. */
  readonly wait: (signal: AbortSignal) => Promise<Outcome>;
  /** Waits for something of the load's, as one who waits for the load; what comes later is let go of. */
  readonly hold: <T>(promise: Promise<T>, signal: AbortSignal, discard?: (held: T) => void) => Promise<T>;
  readonly settle: (outcome: Outcome) => void;
  /** The head of an answer has come: whoever waits for its body does so for no longer than this, and then asks himself. */
  readonly awaitBody: (mostMs: number) => void;
  readonly fail: (error: unknown) => void;
}

interface LoadParts {
  /** Called once: with the outcome, or with nothing after an error. */
  readonly onSettled: (outcome?: Outcome) => void;
  /** Nobody waits any more, and nothing has come. */
  readonly onAbandoned: () => void;
}

export function createLoad({ onSettled, onAbandoned }: LoadParts): Load {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  promise.catch(() => {}); // nobody may be waiting
  let waiting = 0;
  let isSettled = false;
  let patience: NodeJS.Timeout | undefined;
  const settled = (outcome?: Outcome) => {
    if (!isSettled) onSettled(outcome);
    isSettled = true;
    clearTimeout(patience);
  };

  async function hold<T>(held: Promise<T>, signal: AbortSignal, discard: (held: T) => void = () => {}): Promise<T> {
    waiting += 1;
    const { promise: first, resolve: come, reject: fail } = Promise.withResolvers<T>();
    const leave = () => {
      fail(signal.reason);
      // where the one who asked has left, what comes is for the others and for the store
      held.then(discard, () => {});
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    held.then(come, fail);
    try {
      return await first;
    } finally {
      signal.removeEventListener('abort', leave);
      waiting -= 1;
      if (waiting === 0 && !isSettled) onAbandoned();
    }
  }

  const settle = (outcome: Outcome) => {
    settled(outcome);
    resolve(outcome);
  };

  return {
    hold,
    wait: (signal) => hold(promise, signal),
    settle,
    awaitBody(mostMs) {
      if (!isSettled) patience = setTimeout(settle, mostMs, 'unstorable').unref();
    },
    fail(error) {
      settled();
      reject(error);
    },
  };
}

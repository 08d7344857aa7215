/** Work that ends in time or when the caller says so, and leaves no timer and no listener behind. */

interface Limits {
  readonly timeoutMs: number;
  /** Its reason is what the work then rejects with, as it is. */
  readonly signal: AbortSignal;
  /** Makes what the work rejects with when its time is up. */
  readonly onTimeout: () => Error;
}

/**
 * Runs `work` with a signal that aborts when its time is up or the caller aborts. Rejects at that moment, even where the
 * work does not listen: a body may hang in a `fetch` that is not ours.
 */
export function within<Result>(
  { timeoutMs, signal, onTimeout }: Limits,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    // no Error, perhaps: a caller may abort with anything
    if (signal.aborted) return reject(signal.reason as Error);
    const controller = new AbortController();
    const end = (reason: Error) => {
      settle();
      reject(reason);
      controller.abort(reason);
    };
    const onAbort = () => end(signal.reason as Error);
    const timer = setTimeout(() => end(onTimeout()), timeoutMs);
    // AbortSignal.any would do this, but Node 20 keeps what it makes for as long as the caller's signal lives
    signal.addEventListener('abort', onAbort);
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    void work(controller.signal).finally(settle).then(resolve, reject);
  });
}

/** Waits, as work that never ends by itself; ends early, without rejecting, when the signal aborts. */
export async function pause(timeoutMs: number, signal: AbortSignal): Promise<void> {
  const never = () => new Promise<never>(() => {});
  await within({ timeoutMs, signal, onTimeout: () => new Error() }, never).catch(() => {});
}

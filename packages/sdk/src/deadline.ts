/** Work that ends in time or when the caller says so, and leaves no timer and no listener behind. */
import { LunchError } from './errors.ts';

/**
 * Runs `work` with a signal that aborts when its time is up or the caller aborts. Rejects at that moment, with `timeout` or
 * with the caller's reason as it is, even where the work does not listen: a body may hang in a `fetch` that is not ours.
 */
export function within<Result>(
  timeoutMs: number,
  signal: AbortSignal | null | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    // no Error, perhaps: a caller may abort with anything
    if (signal?.aborted) return reject(signal.reason as Error);
    const controller = new AbortController();
    const end = (reason: Error) => {
      settle();
      reject(reason);
      controller.abort(reason);
    };
    const onAbort = () => end(signal?.reason as Error);
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    // AbortSignal.any would do this, but Node 20 keeps what it makes for as long as the caller's signal lives. Before the
    // timer: it throws where a program without types gives something else, such as the controller
    signal?.addEventListener('abort', onAbort);
    const timer = setTimeout(
      () => end(new LunchError('timeout', `The relay did not answer within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    void work(controller.signal).finally(settle).then(resolve, reject);
  });
}

/** Waits, as work that never ends by itself; ends early, without rejecting, when the signal aborts. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  await within(durationMs, signal, () => new Promise<never>(() => {})).catch(() => {});
}

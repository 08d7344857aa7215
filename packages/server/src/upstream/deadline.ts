/** A time limit as a signal with a typed reason, that can be lifted. */
import { RelayError } from '../errors.ts';

export interface Deadline {
  /** Aborts with `upstream_timeout` when the time is over, or with the reason of what it follows. */
  readonly signal: AbortSignal;
  /** To be called when it matters no more: it holds a timer until then. */
  lift(): void;
}

/** `after` is what ends it before its time: a client that leaves. */
export function startDeadline(timeoutMs: number, after?: AbortSignal): Deadline {
  const controller = new AbortController();
  const follow = () => controller.abort(after?.reason);
  const timer = setTimeout(() => controller.abort(new RelayError('upstream_timeout')), timeoutMs);
  after?.addEventListener('abort', follow, { once: true });
  if (after?.aborted) follow();
  return {
    signal: controller.signal,
    lift() {
      clearTimeout(timer);
      after?.removeEventListener('abort', follow);
    },
  };
}

/** Waits, and rejects with the signal's reason if that comes first. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, durationMs);
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

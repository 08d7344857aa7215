/** A time limit as a signal with a typed reason, that can begin anew and be lifted. */
import { RelayError } from '../errors.ts';

export interface Deadline {
  /** Aborts with `upstream_timeout` when the time is over, or with `client_left`. */
  readonly signal: AbortSignal;
  /** The whole time again from now on. */
  readonly restart: () => void;
  /** Whoever it is for has left: ends it before its time. */
  readonly leave: () => void;
  /** To be called when it matters no more: it holds a timer until then. */
  readonly lift: () => void;
}

/** `mayGoOn` is asked when the time is over; true gives the whole time again. Default: never. */
export function startDeadline(timeoutMs: number, mayGoOn: () => boolean = () => false): Deadline {
  const controller = new AbortController();
  const expire = () => (mayGoOn() ? void timer.refresh() : controller.abort(new RelayError('upstream_timeout')));
  const timer = setTimeout(expire, timeoutMs);
  let isLifted = false;
  return {
    signal: controller.signal,
    restart() {
      if (!isLifted) timer.refresh();
    },
    leave() {
      if (!isLifted) controller.abort(new RelayError('client_left'));
    },
    lift() {
      isLifted = true;
      clearTimeout(timer);
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

/** A time limit that can begin anew and be lifted, and how those who work under it learn that it is over. */
import { RelayError } from '../errors.ts';

/**
 * Tells whoever works on something that it is over before it is done. The part of AbortSignal that is needed here, so that
 * one can stand in for it; the relay's own are `Deadline`s, since each miss has two, and listens to them three times: an
 * AbortController with a listener is ten objects and 1 kB (#10).
 */
export interface Cancellation {
  readonly aborted: boolean;
  readonly reason: unknown;
  readonly throwIfAborted: () => void;
  /** The listener is called once. */
  readonly addEventListener: (type: 'abort', listener: () => void) => void;
  readonly removeEventListener: (type: 'abort', listener: () => void) => void;
}

/** What is not cancelled by anybody. */
export const NEVER: Cancellation = {
  aborted: false,
  reason: undefined,
  throwIfAborted() {},
  addEventListener() {},
  removeEventListener() {},
};

/** Aborts with `upstream_timeout` when the time is over, or with `client_left`. */
export class Deadline implements Cancellation {
  reason: RelayError | undefined;
  readonly #mayGoOn: (() => boolean) | undefined;
  readonly #timer: NodeJS.Timeout;
  #listeners: Array<() => void> = [];
  #isLifted = false;

  /** `mayGoOn` is asked when the time is over; true gives the whole time again. Default: never. */
  constructor(timeoutMs: number, mayGoOn?: () => boolean) {
    this.#mayGoOn = mayGoOn;
    this.#timer = setTimeout(() => this.#expire(), timeoutMs);
  }

  get aborted(): boolean {
    return this.reason !== undefined;
  }

  throwIfAborted(): void {
    if (this.reason) throw this.reason;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index >= 0) this.#listeners.splice(index, 1);
  }

  /** The whole time again from now on. */
  restart(): void {
    if (!this.#isLifted) this.#timer.refresh();
  }

  /** Whoever it is for has left: ends it before its time. */
  leave(): void {
    this.#abort('client_left');
  }

  /** To be called when it matters no more: it holds a timer until then. */
  lift(): void {
    this.#isLifted = true;
    clearTimeout(this.#timer);
  }

  #expire(): void {
    if (this.#mayGoOn?.() === true) this.#timer.refresh();
    else this.#abort('upstream_timeout');
  }

  #abort(code: 'client_left' | 'upstream_timeout'): void {
    if (this.#isLifted || this.reason) return;
    this.reason = new RelayError(code);
    // one may take back another
    for (let listener = this.#listeners.shift(); listener; listener = this.#listeners.shift()) listener();
  }
}

/** For who knows only the standard one. */
export function toAbortSignal(cancellation: Cancellation): AbortSignal {
  const controller = new AbortController();
  if (cancellation.aborted) controller.abort(cancellation.reason);
  else cancellation.addEventListener('abort', () => controller.abort(cancellation.reason));
  return controller.signal;
}

/** Waits, and rejects with the reason if it is cancelled before. */
export async function pause(durationMs: number, signal: Cancellation): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, durationMs);
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** One call to the upstream for many equal requests: who comes while it is under way waits for what becomes of it. */
import { toRelayError } from '../../errors.ts';
import type { Cancellation, Deadline } from '../../upstream/deadline.ts';

/** What has become of a load: `stored` and fresh, or of no use to anybody but who asked. */
export type Outcome = 'stored' | 'unstorable';

/** Who keeps the loads that are under way. */
interface Owner {
  /** Called once: with the outcome, or with nothing after an error. */
  readonly settled: (load: Load, outcome?: Outcome) => void;
  /** Nobody waits any more, and nothing has come, not even a head. */
  readonly abandoned: (load: Load) => void;
}

export class Load {
  /** What equal requests have in common. */
  readonly flight: string;
  /** Of the call; it ends with the last who waits, and not with who has made it. */
  readonly deadline: Deadline;
  readonly #owner: Owner;
  /** For those who wait; mostly there are none. */
  #outcome: PromiseWithResolvers<Outcome> | undefined;
  #waiting = 0;
  #isSettled = false;
  #patience: NodeJS.Timeout | undefined;

  constructor(flight: string, deadline: Deadline, owner: Owner) {
    this.flight = flight;
    this.deadline = deadline;
    this.#owner = owner;
  }

  /** Whether anybody waits, or has waited, for its outcome, beside who has made the call. */
  get isShared(): boolean {
    return this.#outcome !== undefined;
  }

  /** Waits for the outcome, before it is settled; rejects with the load's error, or with the reason of the signal. */
  wait(signal: Cancellation): Promise<Outcome> {
    this.#outcome ??= Promise.withResolvers();
    return this.#stay(this.#outcome.promise, signal, () => {});
  }

  /**
   * Waits for the answer, as the one who has made the call; what comes when that one has left is discarded. It does not leave
   * when its time is over: the load's own is over at the same moment, and with it comes what may stand in.
   */
  waitForAnswer<T>(answer: Promise<T>, signal: Cancellation, discard: (answer: T) => void): Promise<T> {
    return this.#stay(answer, signal, discard, () => toRelayError(signal.reason).code !== 'upstream_timeout');
  }

  #stay<T>(
    held: Promise<T>,
    signal: Cancellation,
    discard: (held: T) => void,
    mayLeave: () => boolean = () => true,
  ): Promise<T> {
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      let hasLeft = false;
      const end = () => {
        signal.removeEventListener('abort', leave);
        this.#waiting -= 1;
        const hasHead = this.#isSettled || this.#patience !== undefined;
        if (this.#waiting === 0 && !hasHead) this.#owner.abandoned(this);
      };
      const leave = () => {
        if (!mayLeave()) return;
        hasLeft = true;
        reject(toRelayError(signal.reason));
        end();
      };
      held.then(
        (value) => {
          // where the one who asked has left, what comes is for the others and for the store
          if (hasLeft) {
            discard(value);
            return;
          }
          resolve(value);
          end();
        },
        (error: unknown) => {
          if (hasLeft) return;
          reject(toRelayError(error));
          end();
        },
      );
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave);
    });
  }

  settle(outcome: Outcome): void {
    if (this.#settled(outcome)) this.#outcome?.resolve(outcome);
  }

  /** The head of an answer has come: whoever waits for its body does so for no longer than this, and then asks himself. */
  awaitBody(mostMs: number): void {
    if (!this.#isSettled) this.#patience = setTimeout(() => this.settle('unstorable'), mostMs).unref();
  }

  fail(error: unknown): void {
    if (this.#settled()) this.#outcome?.reject(error);
  }

  /** Whether it is settled only now. */
  #settled(outcome?: Outcome): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#patience);
    this.#owner.settled(this, outcome);
    return true;
  }
}

/**
 * The guard in front of the upstream, which works on one request at a time and is rate-limited: every call, typed or
 * relayed, goes through it. Decides whether, when and how often the upstream is asked; knows nothing of what is asked.
 */
import CircuitBreaker from 'opossum';
import { RelayError, toRelayError } from '../errors.ts';
import { type Cancellation, pause } from './deadline.ts';
import type { RateBudget } from './rate.ts';
import { createSlots, type Release } from './slots.ts';

/** What the guard has to know of a response. */
export interface Verdict {
  readonly status: number;
  /** The field of a 429 or 503, as sent. */
  readonly retryAfter: string | undefined;
}

interface CallOptions<T> {
  readonly signal: Cancellation;
  /** Safe to send again, and not yet sent away: a GET without a body. */
  readonly isRepeatable: boolean;
  /** Uploads have slots of their own: slow ones must not keep the others waiting. */
  readonly isUpload?: boolean;
  /** Nobody waits for it: of several slots it leaves one free for those for whom somebody does, of one it lets them go first. */
  readonly isBackground?: boolean;
  readonly judge: (answer: T) => Verdict;
  /** Lets go of an answer that is not used because the call is made again. */
  readonly discard?: (answer: T) => void;
}

export interface Guard {
  /**
   * Runs a call when its turn comes, and once more after a passing fault. Throws what the call throws, and before there is
   * a call: `upstream_overloaded`, `upstream_rate_limited` (it has asked for a pause), `upstream_suspended` (breaker open),
   * and what `admit` throws.
   */
  run<T>(call: () => Promise<T>, options: CallOptions<T>): Promise<T>;
  /**
   * Waits for a place among the streams, for the body of an answer that is large or has no known end; gives the function
   * that returns it. Throws `upstream_overloaded`.
   */
  readonly admitStream: (signal: Cancellation) => Promise<Release>;
  readonly state: () => 'closed' | 'open' | 'half-open';
  close(): void;
}

interface GuardParts {
  /** At the same time; 0: no bound. */
  readonly concurrency: number;
  /** After a connection that was refused or reset, or a 502; 0: none. */
  readonly retries: number;
  readonly breaker: boolean;
  readonly rate: RateBudget;
  /** Asked before a call that somebody waits for; what it rejects with is thrown, and there is no call. Default: all may call. */
  readonly admit?: () => Promise<void>;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** What a call may take at most, waiting for its turn included; one that got less than half of it was not the upstream's fault. */
  readonly timeoutMs?: number;
}

/** Uploads and large downloads may be slow for as long as their clients are: they have places of their own. */
const STREAMS_AT_ONCE = 16;
const MOST_WAITING = 1_000;
/** After which a client that found too many waiting may come again. */
const OVERLOADED_MS = 5_000;
/** A pause that the upstream asks for is obeyed up to here; beyond, it is asked again to see. */
const LONGEST_PAUSE_MS = 5 * 60_000;
const RETRY_AFTER_MS = { least: 50, spread: 150 };
/** One retry in five calls, saved up for at most ten: an upstream that is down is not asked twice as often. */
const RETRY_BUDGET = { perCall: 0.2, most: 10 };
/** Opens when half of at least ten calls within 30 s failed; lets one call through after 10 s. */
const BREAKER = {
  timeout: false,
  errorThresholdPercentage: 50,
  volumeThreshold: 10,
  rollingCountTimeout: 30_000,
  resetTimeout: 10_000,
  // with every failure it would sort the times of all calls in the window, and every three seconds besides
  rollingPercentilesEnabled: false,
  enableSnapshots: false,
} as const;

export function createGuard({
  concurrency,
  retries,
  breaker: hasBreaker,
  rate,
  admit,
  now,
  random,
  timeoutMs = 0,
}: GuardParts): Guard {
  const calls = createSlots(concurrency, MOST_WAITING);
  const streams = createSlots(concurrency === 0 ? 0 : STREAMS_AT_ONCE, MOST_WAITING);
  const background = createSlots(concurrency === 0 ? 0 : Math.max(1, concurrency - 1), MOST_WAITING);
  const breaker: CircuitBreaker<[call: () => Promise<unknown>], unknown> = new CircuitBreaker(
    (call: () => Promise<unknown>) => call(),
    {
      ...BREAKER,
      // a trial that ends in what is no fault has shown nothing: it must not close the breaker
      errorFilter: (error: unknown): boolean => !isFault(error) && !breaker.halfOpen,
    },
  );
  let restsUntil = Number.NEGATIVE_INFINITY;
  breaker.on('open', () => {
    restsUntil = now() + BREAKER.resetTimeout;
  });
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let retriesSaved = RETRY_BUDGET.most;

  /** The upstream is not to blame for a call that was cut short, by the time that it had waited for its turn. */
  function excused(error: unknown, startedAt: number): unknown {
    const isCutShort = toRelayError(error).code === 'upstream_timeout' && now() - startedAt < timeoutMs / 2;
    return isCutShort ? refuse('upstream_overloaded', OVERLOADED_MS) : error;
  }

  /**
   * Throws while the upstream wants to be left alone, or fails. While one call is on trial the others take nothing of the
   * budget. An upload is never on trial, and need not wait for one: it takes as long as its client likes.
   */
  function checkUpstream(isUpload: boolean): void {
    const left = pausedUntil - now();
    if (left > 0) throw refuse('upstream_rate_limited', left);
    const isOnTrial = breaker.halfOpen && !breaker.pendingClose;
    if (breaker.opened || (isOnTrial && !isUpload)) throw suspended();
  }

  const suspended = () => refuse('upstream_suspended', restsUntil - now());

  async function awaitToken(wait: number, signal: Cancellation, isUpload: boolean): Promise<void> {
    for (let left = wait; left > 0; left = await rate.take()) {
      await pause(left, signal).catch(() => {
        throw refuse('upstream_overloaded', left);
      });
      checkUpstream(isUpload);
    }
  }

  function takeSlot<T>({ signal, isUpload, isBackground }: CallOptions<T>): Release | Promise<Release> {
    if (isUpload) return streams.acquire(signal);
    return isBackground ? takeBackgroundSlot(signal) : calls.acquire(signal);
  }

  async function takeBackgroundSlot(signal: Cancellation): Promise<Release> {
    const releaseBackground = await background.acquire(signal);
    try {
      const release = await calls.acquire(signal, true);
      return () => {
        release();
        releaseBackground();
      };
    } catch (error) {
      releaseBackground();
      throw error;
    }
  }

  /** One call in its turn. */
  async function callOnce<T>(call: () => Promise<T>, options: CallOptions<T>): Promise<T> {
    const { signal, judge, isUpload = false } = options;
    checkUpstream(isUpload);
    const release = await takeSlot(options);
    try {
      checkUpstream(isUpload);
      const wait = await rate.take();
      if (wait > 0) await awaitToken(wait, signal, isUpload);
      if (signal.aborted) throw toRelayError(signal.reason);
      const startedAt = now();
      // switched off it costs nothing, which is not so of opossum's own switch; what is no trial goes past one
      const isWatched = hasBreaker && !(isUpload && breaker.halfOpen);
      try {
        return await (isWatched ? throughBreaker(call, judge, startedAt) : call());
      } catch (error) {
        throw excused(error, startedAt);
      }
    } finally {
      release();
    }
  }

  /** An answer that counts as a fault is thrown through the breaker and caught behind it. */
  async function throughBreaker<T>(
    call: () => Promise<T>,
    judge: CallOptions<T>['judge'],
    startedAt: number,
  ): Promise<T> {
    const judged = async () => {
      const answered = await call().catch((error: unknown) => {
        throw excused(error, startedAt);
      });
      if (judge(answered).status >= 500) throw new FaultyAnswer(answered);
      return answered;
    };
    try {
      return (await breaker.fire(judged)) as T;
    } catch (error) {
      if (error instanceof FaultyAnswer) return error.answer as T;
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'EOPENBREAKER') throw suspended();
      throw error;
    }
  }

  function noteLimit({ status, retryAfter }: Verdict): void {
    if (status !== 429 && status !== 503) return;
    const durationMs = parseRetryAfter(retryAfter);
    if (durationMs !== undefined) pausedUntil = Math.max(pausedUntil, now() + Math.min(durationMs, LONGEST_PAUSE_MS));
  }

  function mayRetry(attempt: number, isRepeatable: boolean, signal: Cancellation): boolean {
    if (attempt >= retries || !isRepeatable || signal.aborted || retriesSaved < 1) return false;
    retriesSaved -= 1;
    return true;
  }

  return {
    async run(call, options) {
      const { signal, isRepeatable, isUpload = false, isBackground, judge, discard } = options;
      checkUpstream(isUpload); // a call that is not made counts for nobody
      if (admit && !isBackground) await admit();
      retriesSaved = Math.min(RETRY_BUDGET.most, retriesSaved + RETRY_BUDGET.perCall);
      for (let attempt = 0; ; attempt++) {
        try {
          const answer = await callOnce(call, options);
          const verdict = judge(answer);
          noteLimit(verdict);
          if (verdict.status !== 502 || !mayRetry(attempt, isRepeatable, signal)) return answer;
          discard?.(answer);
        } catch (error) {
          const isPassing = toRelayError(error).code === 'upstream_unreachable';
          if (!isPassing || !mayRetry(attempt, isRepeatable, signal)) throw error;
        }
        await pause(RETRY_AFTER_MS.least + random() * RETRY_AFTER_MS.spread, signal);
      }
    },
    admitStream: async (signal) => streams.acquire(signal),
    state: () => (breaker.opened ? 'open' : breaker.halfOpen ? 'half-open' : 'closed'),
    close: () => breaker.shutdown(),
  };
}

/** Carries an answer past the breaker, which counts only what is thrown. */
class FaultyAnswer extends Error {
  readonly answer: unknown;

  constructor(answer: unknown) {
    super('an answer with a status of 500 or above');
    this.answer = answer;
  }
}

/** Neither a 404 nor a client that leaves nor our own refusal says anything of the upstream's health. */
function isFault(error: unknown): boolean {
  if (error instanceof FaultyAnswer) return true;
  return ['upstream_unreachable', 'upstream_timeout', 'upstream_invalid_response'].includes(toRelayError(error).code);
}

/** What is over by now may still take a moment. */
function refuse(
  code: 'upstream_rate_limited' | 'upstream_suspended' | 'upstream_overloaded',
  leftMs: number,
): RelayError {
  return new RelayError(code, { members: { retryAfter: Math.max(1, Math.ceil(leftMs / 1000)) } });
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3), as milliseconds from now. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

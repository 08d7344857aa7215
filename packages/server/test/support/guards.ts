/** Guards with a clock that a test moves, and calls of every kind that they let through. */
import { afterEach, jest } from '@jest/globals';
import { RelayError } from '../../src/errors.ts';
import { createGuard, type Guard } from '../../src/upstream/guard.ts';
import { createRateBudget } from '../../src/upstream/rate.ts';

interface Settings {
  concurrency?: number;
  retries?: number;
  breaker?: boolean;
  callsPerMinute?: number;
  timeoutMs?: number;
}

export interface Guards {
  /** All is off that is not given. */
  readonly guardWith: (settings: Settings) => Guard;
  readonly now: () => number;
  readonly pass: (ms: number) => void;
}

/** To be called once, where a test file begins: guards end with their test, and time begins anew. */
export function useGuards(): Guards {
  const guards: Guard[] = [];
  let time = 0;
  const now = () => time;
  afterEach(() => {
    jest.useRealTimers();
    for (const guard of guards.splice(0)) guard.close();
    time = 0;
  });
  return {
    guardWith({ callsPerMinute = 0, ...settings }) {
      const off = { concurrency: 0, retries: 0, breaker: false };
      const rate = createRateBudget(callsPerMinute, now);
      const guard = createGuard({ ...off, ...settings, rate, now, random: () => 0 });
      guards.push(guard);
      return guard;
    },
    now,
    pass(ms) {
      time += ms;
    },
  };
}

export interface Answer {
  status: number;
  retryAfter?: string;
}

const judge = ({ status, retryAfter }: Answer) => ({ status, retryAfter });
const patient = new AbortController().signal;

/** Of a call that can be made again, for somebody who waits as long as it takes. */
export const options = { signal: patient, isRepeatable: true, judge };

/** A call that ends at once. */
export const run = (guard: Guard, answer: Answer | Error, more: object = {}) =>
  guard.run(() => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)), {
    ...options,
    ...more,
  });

/** A call that ends when it is told to. */
export function pending() {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  return { call: () => promise, end: () => resolve({ status: 200 }) };
}

export const unreachable = () => new RelayError('upstream_unreachable');

export const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: RelayError) => error.code,
  );

/** Whatever can go on without time has done so. */
export const settle = () => new Promise((resolve) => setImmediate(resolve));

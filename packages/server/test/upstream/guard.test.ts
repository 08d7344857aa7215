import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { RelayError } from '../../src/errors.ts';
import { createGuard, type Guard } from '../../src/upstream/guard.ts';
import { createRateBudget } from '../../src/upstream/rate.ts';

interface Settings {
  concurrency?: number;
  retries?: number;
  breaker?: boolean;
  callsPerMinute?: number;
}

const guards: Guard[] = [];
let time = 0;
const now = () => time;
function guardWith({ concurrency = 0, retries = 0, breaker = false, callsPerMinute = 0 }: Settings): Guard {
  const guard = createGuard({
    concurrency,
    retries,
    breaker,
    rate: createRateBudget(callsPerMinute, now),
    now,
    random: () => 0,
  });
  guards.push(guard);
  return guard;
}
afterEach(() => {
  jest.useRealTimers();
  for (const guard of guards.splice(0)) guard.close();
  time = 0;
});

interface Answer {
  status: number;
  retryAfter?: string;
}
const judge = ({ status, retryAfter }: Answer) => ({ status, retryAfter });
const patient = new AbortController().signal;
const options = { signal: patient, isRepeatable: true, judge };
const run = (guard: Guard, answer: Answer | Error, more: object = {}) =>
  guard.run(() => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)), {
    ...options,
    ...more,
  });
const unreachable = () => new RelayError('upstream_unreachable');
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: RelayError) => error.code,
  );

/** A call that ends when it is told to. */
function pending() {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  return { call: () => promise, end: () => resolve({ status: 200 }) };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('concurrency', () => {
  it('lets so many through at a time, the others in their order', async () => {
    const guard = guardWith({ concurrency: 2 });
    const started: number[] = [];
    const calls = Array.from({ length: 4 }, pending);
    const running = calls.map(({ call }, index) => {
      const counted = () => {
        started.push(index);
        return call();
      };
      return guard.run(counted, options);
    });
    await settle();
    expect(started).toEqual([0, 1]);
    calls[1]?.end();
    await running[1];
    await settle();
    expect(started).toEqual([0, 1, 2]);
    for (const { end } of calls) end();
    await Promise.all(running);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('gives the slot back after a failure, and passes over whoever has left', async () => {
    const guard = guardWith({ concurrency: 1 });
    const first = pending();
    const running = guard.run(first.call, options);
    const leaving = new AbortController();
    const left = run(guard, { status: 200 }, { signal: leaving.signal });
    const failing = run(guard, unreachable());
    const last = run(guard, { status: 200 });
    leaving.abort(new RelayError('client_left'));
    expect(await codeOf(left)).toBe('upstream_overloaded');
    first.end();
    await running;
    expect(await codeOf(failing)).toBe('upstream_unreachable');
    expect(await last).toEqual({ status: 200 });
  });

  it('refuses at once what would wait behind too many', async () => {
    const guard = guardWith({ concurrency: 1 });
    const first = pending();
    const waiting = [
      guard.run(first.call, options),
      ...Array.from({ length: 1_000 }, () => run(guard, { status: 200 })),
    ];
    await settle();
    const refused = await run(guard, { status: 200 }).catch((error: RelayError) => error);
    expect(refused).toMatchObject({ code: 'upstream_overloaded', members: { retryAfter: 5 } });
    first.end();
    await Promise.all(waiting);
  });

  it('leaves a slot free for those for whom somebody waits', async () => {
    const guard = guardWith({ concurrency: 2 });
    const refreshes = [pending(), pending(), pending()];
    const started: number[] = [];
    const running = refreshes.map(({ call }, index) => {
      const counted = () => {
        started.push(index);
        return call();
      };
      return guard.run(counted, { ...options, isBackground: true });
    });
    await settle();
    expect(started).toEqual([0]);
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
    for (const { end } of refreshes) end();
    await Promise.all(running);
    expect(started).toEqual([0, 1, 2]);
  });

  it('keeps uploads apart', async () => {
    const guard = guardWith({ concurrency: 1 });
    const upload = pending();
    const running = guard.run(upload.call, { ...options, isUpload: true });
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
    upload.end();
    await running;
  });
});

describe('calls per minute', () => {
  it('are a bucket that starts full and fills steadily', async () => {
    const rate = createRateBudget(60, now);
    for (let call = 0; call < 60; call++) expect(await rate.take()).toBe(0);
    expect(await rate.take()).toBe(1_000);
    time += 400;
    expect(await rate.take()).toBe(600);
    time += 600;
    expect(await rate.take()).toBe(0);
    expect(await rate.take()).toBe(1_000);
    time += 3_600_000;
    for (let call = 0; call < 60; call++) expect(await rate.take()).toBe(0);
    expect(await rate.take()).toBe(1_000);
  });

  it('are without bound at 0', async () => {
    const rate = createRateBudget(0, now);
    for (let call = 0; call < 1_000; call++) expect(await rate.take()).toBe(0);
  });

  it('are counted here when Redis gives no answer', async () => {
    const answers = [7_000, undefined, undefined];
    const rate = createRateBudget(1, now, () => Promise.resolve(answers.shift()));
    expect([await rate.take(), await rate.take(), await rate.take()]).toEqual([7_000, 0, 60_000]);
  });

  it('make a call wait as long as its deadline allows, and then refuse it with the time to wait', async () => {
    const guard = guardWith({ callsPerMinute: 1 });
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
    const deadline = new AbortController();
    const waiting = run(guard, { status: 200 }, { signal: deadline.signal }).catch((error: RelayError) => error);
    await settle();
    deadline.abort(new RelayError('upstream_timeout'));
    expect(await waiting).toMatchObject({ code: 'upstream_overloaded', members: { retryAfter: 60 } });
  });
});

describe('a pause that the upstream asks for', () => {
  it.each([429, 503])('with %i and Retry-After is obeyed', async (status) => {
    const guard = guardWith({});
    expect(await run(guard, { status, retryAfter: '7' })).toMatchObject({ status });
    expect(await run(guard, { status: 200 }).catch((error: RelayError) => error)).toMatchObject({
      code: 'upstream_rate_limited',
      members: { retryAfter: 7 },
    });
    time += 7_000;
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
  });

  it('is at most five minutes, and none without Retry-After or with nonsense in it', async () => {
    const guard = guardWith({});
    for (const retryAfter of [undefined, 'soon', '']) {
      await run(guard, { status: 503, ...(retryAfter !== undefined && { retryAfter }) });
      expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
    }
    await run(guard, { status: 429, retryAfter: '999999' });
    time += 5 * 60_000;
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
  });
});

describe('a retry', () => {
  const failingFirst = (failures: number, failure: Answer | Error = unreachable()) => {
    let calls = 0;
    const call = () => {
      calls += 1;
      if (calls > failures) return Promise.resolve({ status: 200 });
      return failure instanceof Error ? Promise.reject(failure) : Promise.resolve(failure);
    };
    return { call, count: () => calls };
  };

  it.each([
    ['a lost connection', unreachable()],
    ['a 502', { status: 502 }],
  ])('is made after %s', async (_, failure) => {
    const { call, count } = failingFirst(1, failure);
    expect(await guardWith({ retries: 1 }).run(call, options)).toEqual({ status: 200 });
    expect(count()).toBe(2);
  });

  it.each<[string, Answer | Error, object]>([
    ['a timeout', new RelayError('upstream_timeout'), {}],
    ['a 500', { status: 500 }, {}],
    ['a 503, which is the rate limit', { status: 503 }, {}],
    ['a 429', { status: 429 }, {}],
    ['a POST', unreachable(), { isRepeatable: false }],
    ['a client that left', unreachable(), { signal: AbortSignal.abort() }],
  ])('is not made after %s', async (_, failure, more) => {
    const { call, count } = failingFirst(1, failure);
    await guardWith({ retries: 1 })
      .run(call, { ...options, ...more })
      .catch(() => {});
    expect(count()).toBeLessThanOrEqual(1);
  });

  it('is made for a fifth of the calls at most when everything fails', async () => {
    const guard = guardWith({ retries: 1 });
    let calls = 0;
    const fail = () => {
      calls += 1;
      return Promise.reject(unreachable());
    };
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    for (let round = 0; round < 100; round++) {
      const failed = codeOf(guard.run(fail, options));
      await settle();
      jest.runOnlyPendingTimers();
      expect(await failed).toBe('upstream_unreachable');
    }
    // ten that were saved up, and one in five
    expect(calls - 100).toBeGreaterThanOrEqual(20);
    expect(calls - 100).toBeLessThanOrEqual(31);
  });
});

describe('the breaker', () => {
  it('opens when calls keep failing, and says when to come back', async () => {
    const guard = guardWith({ breaker: true });
    for (let call = 0; call < 10; call++) await codeOf(run(guard, call % 2 ? unreachable() : { status: 500 }));
    expect(guard.state()).toBe('open');
    expect(await run(guard, { status: 200 }).catch((error: RelayError) => error)).toMatchObject({
      code: 'upstream_suspended',
      members: { retryAfter: 10 },
    });
  });

  it.each<[string, Answer | Error]>([
    ['404s', { status: 404 }],
    ['clients that leave', new RelayError('client_left')],
  ])('stays closed on %s', async (_, answer) => {
    const guard = guardWith({ breaker: true });
    for (let call = 0; call < 50; call++) await codeOf(run(guard, answer));
    expect(guard.state()).toBe('closed');
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
  });

  it('does not take for a fault of the upstream what waiting for a turn left no time for', async () => {
    const guard = createGuard({
      concurrency: 0,
      retries: 0,
      breaker: true,
      rate: createRateBudget(0, now),
      now,
      random: () => 0,
      timeoutMs: 1_000,
    });
    guards.push(guard);
    const cutAfter = (tookMs: number) => () => {
      time += tookMs;
      return Promise.reject(new RelayError('upstream_timeout'));
    };
    for (let call = 0; call < 30; call++)
      expect(await codeOf(guard.run(cutAfter(100), options))).toBe('upstream_overloaded');
    expect(guard.state()).toBe('closed');
    for (let call = 0; call < 60; call++) await codeOf(guard.run(cutAfter(900), options));
    expect(guard.state()).toBe('open');
  });

  it('makes no call for whom the time is up', async () => {
    const guard = guardWith({});
    const gone = new AbortController();
    gone.abort(new RelayError('client_left'));
    expect(await codeOf(run(guard, { status: 200 }, { signal: gone.signal }))).toBe('client_left');
  });

  it('is not closed by a trial whose client left', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const guard = guardWith({ breaker: true });
    for (let call = 0; call < 10; call++) await codeOf(run(guard, unreachable()));
    jest.advanceTimersByTime(10_000);
    expect(guard.state()).toBe('half-open');
    await codeOf(run(guard, new RelayError('client_left')));
    expect(guard.state()).toBe('open');
    jest.advanceTimersByTime(10_000);
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
    expect(guard.state()).toBe('closed');
  });

  it('can be off', async () => {
    const guard = guardWith({});
    for (let call = 0; call < 50; call++) await codeOf(run(guard, unreachable()));
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
  });

  it('hands an answer with an error status on as it is', async () => {
    expect(await run(guardWith({ breaker: true }), { status: 500 })).toEqual({ status: 500 });
  });
});

/** When the upstream is left alone, and when it is asked once more. */
import { describe, expect, it, jest } from '@jest/globals';
import { RelayError } from '../../src/errors.ts';
import { type Answer, codeOf, options, pending, run, settle, unreachable, useGuards } from '../support/guards.ts';

const { guardWith, pass } = useGuards();

describe('a pause that the upstream asks for', () => {
  it.each([429, 503])('with %i and Retry-After is obeyed', async (status) => {
    const guard = guardWith({});
    expect(await run(guard, { status, retryAfter: '7' })).toMatchObject({ status });
    expect(await run(guard, { status: 200 }).catch((error: RelayError) => error)).toMatchObject({
      code: 'upstream_rate_limited',
      members: { retryAfter: 7 },
    });
    pass(7_000);
    expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
  });

  it('is obeyed by calls that wait for the budget when it begins', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const guard = guardWith({ callsPerMinute: 1 });
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const first = guard.run(() => promise, options);
    await settle();
    const waiting = codeOf(run(guard, { status: 200 }));
    await settle();
    resolve({ status: 429, retryAfter: '120' });
    await first;
    pass(60_000);
    jest.advanceTimersByTime(60_000);
    expect(await waiting).toBe('upstream_rate_limited');
  });

  it('is at most five minutes, and none without Retry-After or with nonsense in it', async () => {
    const guard = guardWith({});
    for (const retryAfter of [undefined, 'soon', '']) {
      await run(guard, { status: 503, ...(retryAfter !== undefined && { retryAfter }) });
      expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
    }
    await run(guard, { status: 429, retryAfter: '999999' });
    pass(5 * 60_000);
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
    const guard = guardWith({ breaker: true, timeoutMs: 1_000 });
    const cutAfter = (tookMs: number) => () => {
      pass(tookMs);
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

  it.each(['client_left', 'upstream_overloaded', 'internal_error'] as const)(
    'is not closed by a trial that ends in %s, which proves nothing',
    async (code) => {
      jest.useFakeTimers({ doNotFake: ['setImmediate'] });
      const guard = guardWith({ breaker: true });
      for (let call = 0; call < 10; call++) await codeOf(run(guard, unreachable()));
      jest.advanceTimersByTime(10_000);
      expect(guard.state()).toBe('half-open');
      await codeOf(run(guard, new RelayError(code)));
      expect(guard.state()).toBe('open');
      jest.advanceTimersByTime(10_000);
      expect(await run(guard, { status: 200 })).toEqual({ status: 200 });
      expect(guard.state()).toBe('closed');
    },
  );

  it('is not closed by a trial whose time was up because it waited for its turn', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const guard = guardWith({ breaker: true, timeoutMs: 1_000 });
    for (let call = 0; call < 10; call++) await codeOf(run(guard, unreachable()));
    jest.advanceTimersByTime(10_000);
    expect(await codeOf(run(guard, new RelayError('upstream_timeout')))).toBe('upstream_overloaded');
    expect(guard.state()).toBe('open');
  });

  it('says how much of its rest is left, and while another is on trial to come again soon', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const guard = guardWith({ breaker: true });
    const retryAfter = () =>
      run(guard, { status: 200 }).catch((error: RelayError) => [error.code, error.members['retryAfter']]);
    for (let call = 0; call < 10; call++) await codeOf(run(guard, unreachable()));
    for (const [passedMs, left] of [
      [0, 10],
      [3_500, 7],
      [6_000, 1],
    ] as const) {
      pass(passedMs);
      expect(await retryAfter()).toEqual(['upstream_suspended', left]);
    }
    pass(500);
    jest.advanceTimersByTime(10_000);
    const trial = pending();
    const running = guard.run(trial.call, options);
    await settle();
    expect(await retryAfter()).toEqual(['upstream_suspended', 1]);
    trial.end();
    expect(await running).toEqual({ status: 200 });
  });

  it('takes of the budget for the one call that is on trial only', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const guard = guardWith({ breaker: true, callsPerMinute: 12 });
    for (let call = 0; call < 10; call++) await codeOf(run(guard, unreachable()));
    jest.advanceTimersByTime(10_000);
    const trial = pending();
    const running = guard.run(trial.call, options);
    await settle();
    for (let call = 0; call < 5; call++) expect(await codeOf(run(guard, { status: 200 }))).toBe('upstream_suspended');
    trial.end();
    await running;
    const deadline = new AbortController();
    const last = codeOf(run(guard, { status: 200 }, { signal: deadline.signal }));
    await settle();
    deadline.abort(new RelayError('upstream_timeout'));
    expect(await last).toBe('ok');
  });

  it('puts no upload on trial, which may take as long as its client likes', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const guard = guardWith({ breaker: true });
    for (let call = 0; call < 10; call++) await codeOf(run(guard, unreachable()));
    expect(await codeOf(run(guard, { status: 200 }, { isUpload: true }))).toBe('upstream_suspended');
    jest.advanceTimersByTime(10_000);
    const upload = pending();
    const running = guard.run(upload.call, { ...options, isUpload: true });
    await settle();
    expect(await codeOf(run(guard, { status: 200 }))).toBe('ok');
    expect(guard.state()).toBe('closed');
    upload.end();
    expect(await running).toEqual({ status: 200 });
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

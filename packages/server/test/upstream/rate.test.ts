/** How many calls the upstream gets in a minute. */
import { describe, expect, it } from '@jest/globals';
import { RelayError } from '../../src/errors.ts';
import { createRateBudget } from '../../src/upstream/rate.ts';
import { run, settle, useGuards } from '../support/guards.ts';

const { guardWith, now, pass } = useGuards();

describe('calls per minute', () => {
  it('are a bucket that starts full and fills steadily', async () => {
    const rate = createRateBudget(60, now);
    for (let call = 0; call < 60; call++) expect(await rate.take()).toBe(0);
    expect(await rate.take()).toBe(1_000);
    pass(400);
    expect(await rate.take()).toBe(600);
    pass(600);
    expect(await rate.take()).toBe(0);
    expect(await rate.take()).toBe(1_000);
    pass(3_600_000);
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

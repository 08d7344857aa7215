/** Waiting no longer than a budget. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { TOO_LATE, within } from '../../src/cache/within.ts';

const never = new Promise<string>(() => {});

describe('within a budget', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives what comes, or fails, in time, and leaves no timer behind', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    expect(await within(60_000, Promise.resolve('came'))).toBe('came');
    await expect(within(60_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives up on what does not come, and drops what comes later, a failure too', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    expect(await Promise.all([within(20, promise), within(20, never)])).toEqual([TOO_LATE, TOO_LATE]);
    reject(new Error('late')); // it would end the process if nobody listened
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('takes its own lateness for nobody else’s', async () => {
    const come = Promise.withResolvers<string>();
    const waiting = within(20, come.promise);
    // has come, and will be read two rounds of the event loop from now
    setImmediate(() => setImmediate(() => come.resolve('came')));
    for (const end = performance.now() + 40; performance.now() < end; );
    expect(await waiting).toBe('came');
  });
});

/** How many calls the upstream gets at a time, and in which order. */
import { describe, expect, it } from '@jest/globals';
import { RelayError } from '../../src/errors.ts';
import { codeOf, options, pending, run, settle, unreachable, useGuards } from '../support/guards.ts';

const { guardWith } = useGuards();

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

  it('gives the only slot to whom somebody waits for, before what nobody waits for', async () => {
    const guard = guardWith({ concurrency: 1 });
    const first = pending();
    const started: string[] = [];
    const call = (name: string) => () => {
      started.push(name);
      return Promise.resolve({ status: 200 });
    };
    const running = [guard.run(first.call, options)];
    running.push(guard.run(call('refresh'), { ...options, isBackground: true }));
    await settle();
    running.push(guard.run(call('asked'), options), guard.run(call('asked, too'), options));
    await settle();
    first.end();
    await Promise.all(running);
    expect(started).toEqual(['asked', 'asked, too', 'refresh']);
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

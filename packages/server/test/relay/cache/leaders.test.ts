/** Who asks on behalf of others, and what becomes of them when it leaves. */
import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { RelayError, toRelayError } from '../../../src/errors.ts';
import { createSharedCache } from '../../../src/relay/cache/sharedCache.ts';
import { createStore } from '../../../src/relay/cache/store.ts';
import type { Origin, RelayAnswer } from '../../../src/relay/origin.ts';
import { createUpstreamBase } from '../../../src/upstream/base.ts';
import type { Cancellation } from '../../../src/upstream/deadline.ts';

const clock = () => 0;
const LEFT = new RelayError('client_left');
const ANSWER: RelayAnswer = {
  ...{ status: 200, reason: 'OK', httpVersion: '1.1', headers: ['Cache-Control', 'max-age=60'], requestedAt: 0 },
  ...{ body: Buffer.from('ok'), isFramed: true, trailers: () => [], path: '/x', cacheStatus: '' },
};

function createCache(origin: Origin) {
  return createSharedCache({
    ...{ origin, clock, timeoutMs: 60_000, idleTimeoutMs: 60_000, bodyPatienceMs: 60_000 },
    base: createUpstreamBase('http://upstream.example/api'),
    store: createStore({ maxBytes: 1_000_000, shared: undefined, clock }),
    settings: { honoursRequests: false, defaultTtlMs: 0, staleIfErrorMs: 0 },
    isAnothers: () => false,
    onResult: () => {},
  });
}

const call = (signal: Cancellation) => {
  const request = { method: 'GET', headers: {}, rawHeaders: [], socket: {} } as unknown as IncomingMessage;
  return { request, target: '/x', signal, onInterim: () => {} };
};

describe('the one who asks for all', () => {
  it('leaves, and who comes then asks, although the call is not over yet', async () => {
    const calls: Array<{ fail: (error: unknown) => void; signal: Cancellation }> = [];
    const cache = createCache(({ signal }) => {
      if (calls.length > 0) return Promise.resolve(ANSWER);
      // what it waits for does not hear that nobody waits for it any more
      return new Promise((_, fail) => calls.push({ fail, signal }));
    });
    const leaver = new AbortController();
    const left = cache.origin(call(leaver.signal)).catch((error: unknown) => error);
    leaver.abort(LEFT);
    expect(await left).toBe(LEFT);
    const others = cache.origin(call(new AbortController().signal));
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[0]?.fail(calls[0].signal.reason);
    expect((await others).body).toBe(ANSWER.body);
  });

  it('has the head, and who comes then waits for the body', async () => {
    const body = new PassThrough();
    let calls = 0;
    const cache = createCache(() => {
      calls += 1;
      return Promise.resolve({ ...ANSWER, body });
    });
    const first = await cache.origin(call(new AbortController().signal));
    const second = cache.origin(call(new AbortController().signal));
    body.end('ok');
    expect((await second).body).toEqual(Buffer.from('ok'));
    expect(await text(first.body as Readable)).toBe('ok');
    expect(calls).toBe(1);
  });

  it('has left already, and the call goes on for nobody', async () => {
    const signals: Cancellation[] = [];
    const cache = createCache(({ signal }) => {
      signals.push(signal);
      return new Promise((_, fail) => signal.addEventListener('abort', () => fail(toRelayError(signal.reason))));
    });
    await expect(cache.origin(call(AbortSignal.abort(LEFT)))).rejects.toBe(LEFT);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

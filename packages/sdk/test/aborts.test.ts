/** A caller who aborts: obeyed at once, told the own reason, and listened to no longer than a call lasts. */
import { getEventListeners, once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../server/test/support/until.ts';
import { clientOf, elapsedMs } from './support/clients.ts';
import { failureOf } from './support/failureOf.ts';
import { EMPTY_LIST, hang, hangInBody, json, type Script } from './support/scripted.ts';

const good = json(EMPTY_LIST);

describe('a caller who aborts', () => {
  it.each<[string, Script]>([
    ['before an answer', hang],
    ['in the middle of a body', hangInBody],
    ['while the call waits to be sent again', json({}, 503, { 'Retry-After': '4' })],
  ])('is obeyed at once %s, and gets the own reason', async (_, script) => {
    const { server, client } = await clientOf([script]);
    const leaving = new AbortController();
    const call = client.listRestaurants({}, { signal: leaving.signal });
    await until(() => server.requests.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const reason = { not: 'an Error' };
    leaving.abort(reason);
    expect(await elapsedMs(() => expect(call).rejects.toBe(reason))).toBeLessThan(2_000);
    expect(server.requests).toHaveLength(1);
  });

  it('gets the own reason from raw and relay, too', async () => {
    const { client } = await clientOf([hang]);
    const reason = new Error('left');
    const signal = AbortSignal.timeout(50);
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(reason), 50);
    await expect(client.raw.GET('/restaurant', { signal: leaving.signal })).rejects.toBe(reason);
    await expect(client.relay('/version', {}, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('is told of a signal that is none, and of nothing later', async () => {
    const { server, client } = await clientOf([good], { timeoutMs: 100, totalTimeoutMs: 100 });
    const signal = new AbortController() as unknown as AbortSignal;
    await expect(client.listRestaurants({}, { signal })).rejects.toThrow(/addEventListener/);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.requests).toEqual([]);
  });

  it('closes the connection of a call under way', async () => {
    const { server, client } = await clientOf([hang]);
    const leaving = new AbortController();
    const call = client.listRestaurants({}, { signal: leaving.signal });
    await until(() => server.requests.length === 1);
    const closed = once(server.requests[0]?.socket as Socket, 'close');
    leaving.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await closed;
  });

  it('may keep one signal for many calls: none of them goes on listening', async () => {
    const { client } = await clientOf([good]);
    const { signal } = new AbortController();
    for (let call = 0; call < 50; call++) await client.listRestaurants({}, { signal });
    await failureOf(client.getRestaurant('nanna', { signal }));
    for await (const { error } of client.iterateMenus({ restaurants: ['nanna'] }, { signal }))
      expect(error).toBeDefined();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('may keep one signal for raw and relayed calls, too', async () => {
    const { client } = await clientOf([good]);
    const { signal } = new AbortController();
    const listening = () => getEventListeners(signal, 'abort').length;
    const calls = [
      client.raw.GET('/restaurant', { signal }),
      client.raw.request('get', '/restaurant', { signal }),
      client.relay('/version', {}, { signal }),
    ];
    // one for each, until it ends, and not one more for each Request that is made
    expect(listening()).toBeLessThanOrEqual(calls.length);
    await Promise.all(calls);
    for (let call = 0; call < 50; call++) await client.raw.GET('/restaurant', { signal });
    expect(listening()).toBe(0);
  });

  it('ends a raw call whose request a middleware has replaced', async () => {
    const { client } = await clientOf([hang]);
    client.raw.use({ onRequest: ({ request }) => new Request(request, { headers: { 'x-team': 'canteen' } }) });
    const leaving = new AbortController();
    setTimeout(() => leaving.abort('left'), 50);
    await expect(client.raw.GET('/restaurant', { signal: leaving.signal })).rejects.toBe('left');
  });

  it.each([0, null, ''])('gets %j as the reason from raw, too', async (reason) => {
    const { client } = await clientOf([hang]);
    const leaving = new AbortController();
    setTimeout(() => leaving.abort(reason), 50);
    await expect(client.raw.GET('/restaurant', { signal: leaving.signal })).rejects.toBe(reason);
  });
});

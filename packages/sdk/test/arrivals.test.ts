/** Menus as they arrive, and what becomes of the calls under way when nobody reads on. */
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLunchClient, type LunchClient } from '@lunch-relay/sdk';
import { startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { until } from '../../server/test/support/until.ts';
import { serve } from './support/clients.ts';
import { hang, inTurn, json, type Script, TODAY } from './support/scripted.ts';

describe('with a real relay', () => {
  let test: TestRelay;
  let client: LunchClient;
  beforeEach(async () => {
    test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '3000' } });
    client = createLunchClient({ baseUrl: test.relay.url });
  });
  afterEach(() => test.close());

  it('gives menus as they arrive, the slow one last, and errors in their place', async () => {
    test.simulator.setFault('/restaurant/nanna', { kind: 'hang' });
    const arrived = [];
    for await (const { identifier, menu, error } of client.iterateMenus({
      region: 'solna',
      restaurants: ['nanna', 'nosuch', 'omni'],
    })) {
      arrived.push(`${identifier} ${menu ? 'menu' : error.kind}`);
    }
    expect(arrived).toContain('nosuch not_found');
    expect(arrived).toContain('omni menu');
    expect(arrived.at(-1)).toBe('nanna timeout');
    expect(new Set(arrived).size).toBe(arrived.length);
    expect(arrived.length).toBeGreaterThan(5);
  }, 20_000);

  it('gives all menus where none is named, and throws the caller’s own reason to abort', async () => {
    const identifiers = [];
    for await (const { identifier } of client.iterateMenus()) identifiers.push(identifier);
    expect(identifiers).toHaveLength(18);
    const leaving = new AbortController();
    const reading = async () => {
      for await (const arrival of client.iterateMenus({}, { signal: leaving.signal }))
        leaving.abort(`enough: ${arrival.identifier}`);
    };
    await expect(reading()).rejects.toMatch(/^enough: /);
  });

  it('asks for nothing where nobody is named', async () => {
    const asked = test.logged.length;
    for await (const { identifier } of client.iterateMenus({ restaurants: [] })) expect(identifier).toBe('nobody');
    expect(test.logged).toHaveLength(asked);
    const regions = new Set<string | undefined>();
    for await (const { menu } of client.iterateMenus({ restaurants: [], region: 'uppsala' })) regions.add(menu?.region);
    expect([...regions]).toEqual(['Uppsala']);
  });
});

describe('whoever stops reading', () => {
  it('ends the calls under way', async () => {
    const server = await serve((response, nth, request) => {
      (request.url === '/restaurant/a' ? json(TODAY) : hang)(response, nth, request);
    });
    const client = createLunchClient({ baseUrl: server.url });
    const wanted = { restaurants: ['a', 'b', 'c', 'd', 'e', 'f'] };
    const closed = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const left = server.requests.filter(({ url, socket }) => url !== '/restaurant/a' && !socket.destroyed);
        if (server.requests.length < 4 || left.length > 0) return;
        clearInterval(timer);
        resolve();
      }, 5);
    });
    for await (const { identifier } of client.iterateMenus(wanted)) {
      expect(identifier).toBe('a');
      break;
    }
    await closed;
    expect(server.requests.map(({ url }) => url).sort()).toEqual(['a', 'b', 'c', 'd'].map((id) => `/restaurant/${id}`));
  });

  it.each<[string, Script, object]>([
    ['of menus', hang, { restaurants: ['a', 'b'] }],
    ['of menus, when one has arrived', inTurn(json(TODAY), hang), { restaurants: ['a', 'b', 'c'] }],
    ['of the list', hang, {}],
  ])('ends the calls %s while the next menu is waited for', async (_, script, wanted) => {
    const server = await serve(script);
    const { signal } = new AbortController();
    const menus = createLunchClient({ baseUrl: server.url, retries: 0 }).iterateMenus(wanted, { signal });
    if ('restaurants' in wanted && script !== hang) await menus.next();
    const waited = menus.next();
    await until(() => server.requests.length > 0);
    const startedAt = performance.now();
    expect(await menus.return()).toEqual({ done: true, value: undefined });
    expect(await waited).toEqual({ done: true, value: undefined });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await until(() => server.requests.slice(1).every(({ socket }) => socket.destroyed));
    expect(await menus.next()).toEqual({ done: true, value: undefined });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('asks for nothing if it was before the first menu', async () => {
    const server = await serve(hang);
    const menus = createLunchClient({ baseUrl: server.url }).iterateMenus({});
    await menus.return();
    expect(await menus.next()).toEqual({ done: true, value: undefined });
    expect(server.requests).toEqual([]);
  });

  it('is told the own reason where that is an abort', async () => {
    const { url } = await serve(hang);
    const leaving = new AbortController();
    const menus = createLunchClient({ baseUrl: url }).iterateMenus({}, { signal: leaving.signal });
    const waited = menus.next();
    leaving.abort('left');
    await expect(waited).rejects.toBe('left');
    const never = createLunchClient({ baseUrl: url }).iterateMenus({}, { signal: AbortSignal.abort('early') });
    await expect(never.next()).rejects.toBe('early');
  });
});

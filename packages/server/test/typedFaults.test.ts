/** What the typed routes answer while the upstream fails: today’s copy, the list that the relay comes with, or a problem. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import type { ResponseOf } from '../src/contract.ts';
import { getJson, MONDAY_11, startTestRelay, type TestRelay } from './support/relay.ts';

type RestaurantList = ResponseOf<'listRestaurants'>;
type RestaurantToday = ResponseOf<'getRestaurant'>;

describe('when the upstream fails', () => {
  let test: TestRelay;
  beforeEach(async () => {
    test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '600' } });
  });
  afterEach(() => test.close());

  it.each([
    ['bikupan', { kind: 'reset-before-headers' }, 502, 'upstream_unreachable'],
    ['dufva', { kind: 'reset-after-headers' }, 502, 'upstream_unreachable'],
    ['elma', { kind: 'truncate' }, 502, 'upstream_unreachable'],
    ['hubben', { kind: 'html-200' }, 502, 'upstream_invalid_response'],
    ['jons', { kind: 'status', status: 500 }, 502, 'upstream_error'],
    ['nanna', { kind: 'status', status: 429 }, 503, 'upstream_rate_limited'],
    ['omni', { kind: 'status', status: 503 }, 503, 'upstream_rate_limited'],
    ['rudbeck', { kind: 'hang' }, 504, 'upstream_timeout'],
    ['svarta', { kind: 'drip', intervalMs: 100 }, 504, 'upstream_timeout'],
  ] as const)('%s with %j is a problem %i %s', async (identifier, fault, status, code) => {
    test.simulator.setFault(`/restaurant/${identifier}`, fault);
    const response = await request(test.relay.url).get(`/restaurant/${identifier}`).expect(status);
    expect(response.body).toMatchObject({ status, code });
    test.simulator.clearFaults();
    // for some seconds it is not asked again
    await request(test.relay.url).get(`/restaurant/${identifier}`).expect(status);
    expect(test.simulator.requestCount(`/restaurant/${identifier}`)).toBe(1);
  });

  it('serves today’s copy, and says that it is stale', async () => {
    const fresh = await getJson<RestaurantToday>(`${test.relay.url}/restaurant/nanna`);
    test.simulator.setFault('*', { kind: 'status', status: 500 });
    test.setNow(MONDAY_11 + 2 * 3_600_000);
    const stale = await fetch(`${test.relay.url}/restaurant/nanna`);
    const { today } = (await stale.json()) as RestaurantToday;
    expect(stale.headers.get('cache-status')).toBe('lunch-relay; hit; detail=stale');
    expect(today).toEqual({ ...fresh.today, stale: true });
  });

  it('calls a list that is none unusable, and goes on with the one that the relay comes with', async () => {
    const other = await startTestRelay();
    for (const fault of [
      { kind: 'status', status: 404 },
      { kind: 'status', status: 200, body: '{"restaurants":[]}', contentType: 'application/json' },
    ] as const) {
      other.simulator.setFault('/restaurant', fault);
      expect((await getJson<RestaurantList>(`${other.relay.url}/restaurant`)).restaurants).toHaveLength(18);
      // nobody knows whether there is such a restaurant: the upstream decides
      await request(other.relay.url).get('/restaurant/nosuch').expect(404);
      other.setNow(MONDAY_11 + 120_000);
    }
    expect(other.simulator.requestCount('/restaurant/nosuch')).toBe(2);
    await other.close();
  });

  it('describes a restaurant that is on no list by its own document', async () => {
    const other = await startTestRelay();
    other.simulator.setFault('/restaurant', { kind: 'status', status: 500 });
    const restaurant = {
      title: 'Ny Krog',
      location: 'Solna',
      url: 'https://krog.example/',
      map_url: 'https://www.openstreetmap.org/#map=19/59.1/18.1',
      menu: [{ dish: 'Lax' }],
    };
    other.simulator.setFault('/restaurant/ny', {
      kind: 'status',
      status: 200,
      body: JSON.stringify({ restaurant }),
      contentType: 'application/json',
    });
    expect((await getJson<RestaurantToday>(`${other.relay.url}/restaurant/ny`)).today).toMatchObject({
      identifier: 'ny',
      name: 'Ny Krog',
      region: 'Solna',
      mapUrl: 'https://www.openstreetmap.org/?mlat=59.1&mlon=18.1#map=19/59.1/18.1',
      homepage: 'https://krog.example/',
    });
    await other.close();
  });

  it('calls a 404 for a restaurant that is listed a fault, also where the list came after it', async () => {
    const url = `${test.relay.url}/restaurant/nanna`;
    const notFound = { kind: 'status', status: 404 } as const;
    test.simulator.setFault('*', notFound);
    await request(test.relay.url).get('/restaurant/nanna').expect(404); // for all that anybody knows
    test.simulator.clearFaults();
    test.setNow(MONDAY_11 + 20_000);
    await request(test.relay.url).get('/restaurant').expect(200);
    const response = await request(test.relay.url).get('/restaurant/nanna').expect(502);
    expect(response.body).toMatchObject({ code: 'upstream_error', detail: expect.stringContaining('lists nanna') });
    const { failures } = await getJson<ResponseOf<'listMenus'>>(`${test.relay.url}/menus?restaurant=nanna`);
    expect(failures).toMatchObject([{ identifier: 'nanna', code: 'upstream_error' }]);
    test.setNow(MONDAY_11 + 80_000);
    expect((await fetch(url)).status).toBe(200);
  });

  it('calls it a fault where the list comes together with it', async () => {
    test.simulator.setFault('/restaurant/nanna', { kind: 'status', status: 404 });
    test.simulator.setFault('/restaurant', { kind: 'delay', delayMs: 50 });
    const response = await request(test.relay.url).get('/restaurant/nanna').expect(502);
    expect(response.body).toMatchObject({ code: 'upstream_error' });
  });

  it('never serves it on another day', async () => {
    await request(test.relay.url).get('/restaurant/nanna').expect(200);
    test.simulator.setFault('*', { kind: 'status', status: 500 });
    test.setNow(MONDAY_11 + 24 * 3_600_000);
    await request(test.relay.url).get('/restaurant/nanna').expect(502);
  });
});

describe('without any answer of the upstream', () => {
  it('lists the restaurants that the relay comes with', async () => {
    const test = await startTestRelay({ settings: { UPSTREAM_URL: 'http://127.0.0.1:1/api' } });
    const response = await request(test.relay.url).get('/restaurant').expect(200);
    expect((response.body as RestaurantList).restaurants).toHaveLength(18);
    expect(response.headers['cache-control']).toBe('public, max-age=10');
    await request(test.relay.url).get('/restaurant/nanna').expect(502);
    await test.relay.checkUpstream();
    await test.relay.checkUpstream();
    const warnings = test.logged.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([
      { msg: expect.stringContaining('gives no answer') as unknown, reason: 'upstream_unreachable' },
    ]);
    await test.close();
  });
});

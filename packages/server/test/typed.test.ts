/** The typed routes through HTTP, with every wire version of the upstream behind them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { WireVersion } from '@lunch-relay/upstream-sim';
import request from 'supertest';
import type { ResponseOf } from '../src/contract.ts';
import { seedRestaurants } from '../src/restaurants/seed.ts';
import { connectRaw } from './support/rawHttp.ts';
import { getJson, MONDAY_11, startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';

type RestaurantList = ResponseOf<'listRestaurants'>;
type RestaurantToday = ResponseOf<'getRestaurant'>;

describe.each<WireVersion>(['W9', 'W6', 'W4'])('on wire version %s', (wire) => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay({ simulator: { wire } });
  });
  afterAll(() => test.close());

  it('lists the 18 restaurants under today’s field names', async () => {
    const response = await request(test.relay.url)
      .get('/restaurant')
      .expect(200)
      .expect('Content-Type', /^application\/json/);
    const { restaurants } = response.body as RestaurantList;
    expect(restaurants).toHaveLength(18);
    for (const restaurant of restaurants) {
      expect(Object.keys(restaurant).sort()).toEqual([
        'coordinate',
        'homepage',
        'identifier',
        'mapUrl',
        'menuUrl',
        'name',
        'publishesMenu',
        'region',
      ]);
    }
    expect(
      restaurants.map(({ identifier, coordinate, homepage, menuUrl, region }) => ({
        identifier,
        coordinate,
        homepage,
        menuUrl,
        region,
      })),
    ).toEqual(
      seedRestaurants.map(({ identifier, coordinate, homepage, menuUrl, region }) => ({
        identifier,
        coordinate,
        homepage,
        menuUrl,
        region,
      })),
    );
    expect(restaurants.find(({ identifier }) => identifier === 'nanna')).toMatchObject({
      mapUrl: 'https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278#map=19/59.34867/18.0278',
      publishesMenu: true,
    });
    expect(restaurants.filter(({ publishesMenu }) => publishesMenu)).toHaveLength(9);
  });

  it('answers a restaurant’s document as sent, and what of it is today’s', async () => {
    const slash = wire === 'W4' ? '/' : '';
    const sent = await getJson<Record<string, unknown>>(`${test.simulator.url}/restaurant/nanna${slash}`);
    const { today, ...document } = await getJson<RestaurantToday>(`${test.relay.url}/restaurant/nanna`);
    expect(document).toEqual(sent);
    expect(today).toMatchObject({
      identifier: 'nanna',
      name: 'Restaurang Nanna Svartz',
      region: 'Solna',
      date: '2026-11-23',
      status: 'served',
      homepage: 'https://ki.hors.se/17/3/restaurang-nanna-svartz/',
      stale: false,
    });
    expect(today.dishes.length).toBeGreaterThan(0);
    expect('scrapedAt' in today).toBe(wire === 'W9');
  });

  it('answers 404 with the upstream’s detail and the nearest identifiers', async () => {
    const response = await request(test.relay.url).get('/restaurant/nana').expect(404);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.body).toMatchObject({
      type: '/docs/errors#restaurant_not_found',
      code: 'restaurant_not_found',
      detail: 'Restaurant not found',
      status: 404,
      suggestions: ['nanna'],
    });
  });
});

describe('the typed routes', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay();
  });
  afterEach(() => {
    test.simulator.clearFaults();
    test.simulator.resetRequests();
  });
  afterAll(() => test.close());

  it('say of the very first menu that it was asked for', async () => {
    const response = await fetch(`${test.relay.url}/restaurant/hubben`);
    expect(response.headers.get('cache-status')).toBe('lunch-relay; fwd=uri-miss; stored; ttl=3600');
    expect(test.simulator.requestCount('/restaurant/hubben')).toBe(1);
  });

  it('keep every member that W9 sends, deep-equal', async () => {
    const sent = await getJson<RestaurantList>(`${test.simulator.url}/restaurant`);
    const answered = await getJson<RestaurantList>(`${test.relay.url}/restaurant`);
    for (const [index, entry] of sent.restaurants.entries())
      expect(answered.restaurants[index]).toMatchObject({ ...entry });
  });

  it('filter by region, whatever its case', async () => {
    const { restaurants } = await getJson<RestaurantList>(`${test.relay.url}/restaurant?region=uppsala`);
    expect(restaurants.map(({ identifier }) => identifier)).toEqual([
      'bikupan',
      'dufva',
      'elma',
      'hubben',
      'kraemer',
      'rudbeck',
    ]);
  });

  it.each([
    ['/restaurant?region=Huddinge', 'region', 'region: there is no region "Huddinge"; use one of Uppsala, Solna.'],
    ['/restaurant?region=', 'region', /^region: /],
    ['/restaurant?region=a&region=b', 'region', /^region: /],
  ])('refuse %s with a problem that names the parameter', async (path, parameter, detail) => {
    const response = await request(test.relay.url).get(path).expect(400);
    expect(response.body).toMatchObject({
      code: 'invalid_request',
      parameter,
      detail: typeof detail === 'string' ? detail : (expect.stringMatching(detail) as unknown),
    });
  });

  it('ask the upstream once however often they are asked', async () => {
    await Promise.all(Array.from({ length: 50 }, () => fetch(`${test.relay.url}/restaurant/svarta`)));
    await fetch(`${test.relay.url}/restaurant/svarta`);
    expect(test.simulator.requestCount('/restaurant/svarta')).toBe(1);
  });

  it('do not ask the upstream for what the list does not have', async () => {
    await fetch(`${test.relay.url}/restaurant/nosuch`);
    expect(test.simulator.requestCount('/restaurant/nosuch')).toBe(0);
  });

  it('say how long an answer may be used and whether it was at hand', async () => {
    const first = await fetch(`${test.relay.url}/restaurant/omni`);
    test.setNow(MONDAY_11 + 90_000);
    const second = await fetch(`${test.relay.url}/restaurant/omni`);
    test.setNow(MONDAY_11);
    expect(first.headers.get('cache-status')).toBe('lunch-relay; fwd=uri-miss; stored; ttl=3600');
    expect(second.headers.get('cache-status')).toBe('lunch-relay; hit; ttl=3510');
    expect([first.headers.get('age'), second.headers.get('age')]).toEqual(['0', '90']);
    expect(second.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(second.headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
  });

  it('answer HEAD and If-None-Match without a body', async () => {
    const { headers } = await request(test.relay.url).get('/restaurant/nanna').expect(200);
    const head = await request(test.relay.url).head('/restaurant/nanna').expect(200);
    expect(head.headers['content-length']).toBe(headers['content-length']);
    const etag = String(headers['etag']);
    const notModified = await request(test.relay.url).get('/restaurant/nanna').set('If-None-Match', etag).expect(304);
    expect(notModified.text).toBe('');
    expect(notModified.headers['etag']).toBe(etag);
  });

  it('can be used from any web page', async () => {
    const response = await request(test.relay.url).get('/restaurant').set('Origin', 'https://example.org');
    expect(response.headers['access-control-allow-origin']).toBe('*');
    expect(response.headers['access-control-expose-headers']).toContain('X-Request-Id');
    const preflight = await request(test.relay.url)
      .options('/restaurant/nanna')
      .set({ Origin: 'https://example.org', 'Access-Control-Request-Method': 'GET' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-methods']).toBe('GET, HEAD');
  });

  it.each(['POST', 'PUT', 'DELETE', 'get'])('leave it to the upstream whether a web page may %s', async (method) => {
    const preflight = await request(test.relay.url)
      .options('/restaurant/nanna')
      .set({ Origin: 'https://example.org', 'Access-Control-Request-Method': method });
    expect(preflight.headers['via']).toBe('1.1 lunch-relay');
  });

  it.each([
    ['GET', '/Restaurant', 404],
    ['POST', '/restaurant', 405],
    ['OPTIONS', '/restaurant', 405],
    ['DELETE', '/restaurant/nanna', 405],
  ])('leave %s %s to the raw relay', async (method, path, status) => {
    const response = await fetch(test.relay.url + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('via')).toBe('1.1 lunch-relay');
  });

  it('name the request in answers and errors, by the client’s id if it sent one', async () => {
    const given = await request(test.relay.url).get('/restaurant/nosuch').set('X-Request-Id', 'abc-123');
    expect(given.headers['x-request-id']).toBe('abc-123');
    expect((given.body as { requestId: string }).requestId).toBe('abc-123');
    const made = await request(test.relay.url).get('/restaurant').set('X-Request-Id', 'not one to log');
    expect(made.headers['x-request-id']).toMatch(/^[\da-f]{16}-\d+$/);
  });

  it('take a body that breaks while the answer is made for the client’s fault, and not for theirs', async () => {
    const own = await startTestRelay();
    own.simulator.setLatency(50);
    const client = await connectRaw(own.relay.url);
    client.send('GET /restaurant/nanna HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    await until(() => own.simulator.requestCount('/restaurant/nanna') > 0);
    client.send('no chunk\r\n');
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    // the answer that this client does not get is there for others
    expect((await fetch(`${own.relay.url}/restaurant/nanna`)).status).toBe(200);
    expect(own.simulator.requestCount('/restaurant/nanna')).toBe(1);
    expect(own.logged.filter(({ level }) => level === 'error')).toEqual([]);
    await own.close();
  });

  it('refuse broken percent-encoding of an identifier', async () => {
    const response = await request(test.relay.url).get('/restaurant/%E0%A4%A').expect(400);
    expect(response.body).toMatchObject({ code: 'invalid_request' });
  });
});

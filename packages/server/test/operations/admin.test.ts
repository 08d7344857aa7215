import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { until } from '../support/until.ts';

describe('the admin listener', () => {
  let test: TestRelay;
  beforeEach(async () => {
    test = await startTestRelay();
  });
  afterEach(() => test.close());

  it('says that the process lives and may get traffic', async () => {
    await request(test.relay.adminUrl).get('/livez').expect(200, 'alive\n');
    await request(test.relay.adminUrl)
      .get('/readyz')
      .expect(200, { status: 'ready', cache: { memory: 'up' }, breaker: 'closed' });
  });

  it('counts requests, look-ups and upstream calls for Prometheus', async () => {
    for (const path of ['/restaurant', '/restaurant', '/version', '/docs', '/../x'])
      await request(test.relay.url).get(path);
    const { text } = await request(test.relay.adminUrl)
      .get('/metrics')
      .expect(200)
      .expect('Content-Type', /^text\/plain/);
    expect(text).toContain('lunch_relay_request_duration_seconds_count{route="listRestaurants",status_class="2xx"} 2');
    expect(text).toContain('lunch_relay_request_duration_seconds_count{route="relay",status_class="2xx"} 1');
    expect(text).toContain('lunch_relay_request_duration_seconds_count{route="docs",status_class="2xx"} 1');
    expect(text).toContain('lunch_relay_cache_results_total{result="miss"} 1');
    expect(text).toContain('lunch_relay_cache_results_total{result="hit"} 1');
    expect(text).toContain('lunch_relay_upstream_call_duration_seconds_count{outcome="ok"} 2');
    expect(text).toContain('lunch_relay_cache_tier_state{tier="memory",state="up"} 1');
    expect(text).toContain('lunch_relay_upstream_breaker_state{state="closed"} 1');
    expect(text).toContain('lunch_relay_served_overdue_seconds_count 2');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it('lets go of what is stored, of one relayed URI or of all', async () => {
    const asked = async (path: string) => {
      test.simulator.resetRequests();
      await request(test.relay.url).get(path).expect(200);
      return test.simulator.requestCount();
    };
    const purge = (query: string) => request(test.relay.adminUrl).delete(`/cache${query}`);
    const menus = ['/relay_anything/restaurant/nanna', '/relay_anything/restaurant/jons', '/restaurant/nanna'];
    for (const path of menus) await asked(path);
    for (const path of menus) expect(await asked(path)).toBe(0);
    await purge('?uri=/restaurant/nanna').expect(204);
    expect(await Promise.all([asked(menus[0] ?? '')])).toEqual([1]);
    expect(await asked(menus[1] ?? '')).toBe(0);
    // under the prefix, which some can be asked by only
    await purge('?uri=/relay_anything/restaurant/jons').expect(204);
    expect(await asked(menus[1] ?? '')).toBe(1);
    await purge('').expect(204);
    for (const path of menus) expect(await asked(path)).toBeGreaterThan(0);
    await purge('?uri=nanna').expect(400);
    await purge('?uri=/../nanna').expect(400, /dot segments/);
    await request(test.relay.url).delete('/cache').expect(404);
  });

  it('lets go of what is still on its way, too', async () => {
    test.simulator.setLatency(200);
    const path = '/relay_anything/restaurant/omni';
    const before = test.simulator.requestCount();
    const asked = fetch(test.relay.url + path);
    await until(() => test.simulator.requestCount() > before);
    await request(test.relay.adminUrl).delete('/cache').expect(204);
    await (await asked).text();
    test.simulator.setLatency(0);
    expect((await fetch(test.relay.url + path)).headers.get('cache-status')).toMatch(/fwd=uri-miss/);
  });

  it.each(['/livez', '/readyz', '/metrics'])('alone answers %s', async (path) => {
    const response = await request(test.relay.url).get(path).set('Host', new URL(test.relay.adminUrl).host);
    expect(response.status).toBe(404);
    expect(response.body).toEqual({ detail: 'Not Found' });
  });

  it('logs a line for each request, without credentials', async () => {
    await request(test.relay.url)
      .get('/restaurant/jons')
      .set({ Authorization: 'Bearer secret', 'X-Request-Id': 'log-me' });
    expect(test.logged.find(({ requestId }) => requestId === 'log-me')).toMatchObject({
      level: 'info',
      msg: 'request',
      method: 'GET',
      url: '/restaurant/jons',
      route: 'getRestaurant',
      status: 200,
    });
    expect(JSON.stringify(test.logged)).not.toContain('secret');
  });
});

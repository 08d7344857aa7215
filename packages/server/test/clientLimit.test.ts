/** The limit for clients: what counts, who a client is, and what becomes of those who wait together. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRaw } from './support/rawHttp.ts';
import { startRedis, type TestRedis } from './support/redis.ts';
import { startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';

const open: TestRelay[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

async function start(settings: Record<string, string> = {}): Promise<TestRelay> {
  const test = await startTestRelay({ settings: { CLIENT_RATE_LIMIT: '2', TRUST_PROXY: '1', ...settings } });
  open.push(test);
  return test;
}

/** Asks as the client of an address, behind a proxy. */
async function ask({ relay }: TestRelay, path: string, address = '192.0.2.1') {
  const response = await fetch(relay.url + path, { headers: { 'X-Forwarded-For': address } });
  const body = await response.text();
  const field = (name: string) => response.headers.get(name);
  return { status: response.status, body, field };
}

const statuses = async (test: TestRelay, paths: readonly string[], address?: string) => {
  const all: number[] = [];
  for (const path of paths) all.push((await ask(test, path, address)).status);
  return all;
};

describe('the limit for clients', () => {
  it('counts requests that start a call, typed and relayed, and none that the cache answers', async () => {
    const test = await start();
    const hit = '/relay_anything/restaurant/nanna';
    expect(await statuses(test, [hit, hit, hit, '/version?1', '/version?2', hit, '/restaurant/jons'])).toEqual([
      200, 200, 200, 200, 429, 200, 429,
    ]);
    expect(test.simulator.requestCount()).toBe(2);
  });

  it('counts a request once, however many calls it starts', async () => {
    const test = await start({ CLIENT_RATE_LIMIT: '1' });
    const { status, body } = await ask(test, '/menus');
    expect([status, (JSON.parse(body) as { failures: unknown[] }).failures]).toEqual([200, []]);
    expect(test.simulator.requestCount()).toBe(19);
  });

  it('tells in fields how much is left, and in a problem how long to wait', async () => {
    const test = await start();
    const first = await ask(test, '/version?1');
    expect(first.field('ratelimit')).toMatch(/^"upstream-calls"; r=1; t=\d+$/);
    expect(first.field('ratelimit-policy')).toMatch(/^"upstream-calls"; q=2; w=60; pk=:.+:$/);
    const second = await ask(test, '/restaurant/nanna');
    expect(second.field('ratelimit')).toMatch(/r=0/);
    const hit = await ask(test, '/restaurant/nanna');
    expect([hit.status, hit.field('ratelimit')]).toEqual([200, null]);
    for (const path of ['/version?2', '/restaurant/jons']) {
      const refused = await ask(test, path);
      expect(JSON.parse(refused.body)).toMatchObject({ code: 'client_rate_limited', status: 429 });
      expect(Number(refused.field('retry-after'))).toBeGreaterThan(50);
      expect(refused.field('ratelimit')).toMatch(/r=0/);
    }
    const text = await (await fetch(`${test.relay.adminUrl}/metrics`)).text();
    expect(text).toContain('lunch_relay_client_limited_total 2\n');
  });

  it('keeps clients apart: IPv4 by address, IPv6 by the prefix of a subscriber', async () => {
    const test = await start({ CLIENT_RATE_LIMIT: '1' });
    let path = 0;
    const status = async (address: string) => (await ask(test, `/version?${path++}`, address)).status;
    expect(await status('192.0.2.1')).toBe(200);
    expect(await status('192.0.2.2')).toBe(200);
    expect(await status('::ffff:192.0.2.2')).toBe(429);
    expect(await status('2001:db8:1:2::1')).toBe(200);
    expect(await status('2001:db8:1:2:ffff::9')).toBe(429);
    expect(await status('2001:db8:1:3::1')).toBe(200);
    // some proxies tell the port, too
    expect(await status('192.0.2.2:4711')).toBe(429);
    expect(await status('[2001:db8:1:3::2]:4711')).toBe(429);
    expect(await status('[2001:db8:1:3::2]')).toBe(429);
  });

  it('counts a WebSocket for the client that wants it, and not for the proxy', async () => {
    const test = await start({ CLIENT_RATE_LIMIT: '1', RELAY_UPGRADES: '1' });
    const shakeHands = async (address: string) => {
      const client = await connectRaw(test.relay.url);
      client.send(
        `GET /ws HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      );
      const head = await client.until((text) => text.includes('\r\n\r\n'));
      client.socket.destroy();
      return head.slice(9, 12);
    };
    expect(await shakeHands('192.0.2.1')).toBe('404');
    expect(await shakeHands('192.0.2.2')).toBe('404');
    expect(await shakeHands('192.0.2.1')).toBe('429');
    const requests = () => test.logged.filter(({ msg }) => msg === 'request').map(({ status }) => status);
    await until(() => requests().length === 3);
    expect(requests()).toEqual([404, 404, 429]);
  });

  it('believes nobody who is no proxy of ours', async () => {
    const test = await start({ CLIENT_RATE_LIMIT: '1', TRUST_PROXY: '' });
    expect(await statuses(test, ['/version?1'], '192.0.2.1')).toEqual([200]);
    expect(await statuses(test, ['/version?2'], '192.0.2.2')).toEqual([429]);
    // and says so, once
    expect(test.logged.filter(({ code }) => code === 'proxy_not_trusted')).toHaveLength(1);
  });

  it.each(['/restaurant/nanna', '/relay_anything/restaurant/nanna'])(
    'of one client is no other’s: who waited for its call to %s makes one',
    async (path) => {
      const test = await start({ CLIENT_RATE_LIMIT: '1' });
      expect(await statuses(test, ['/version'])).toEqual([200]);
      test.simulator.setLatency(20);
      const both = await Promise.all([ask(test, path), ask(test, path), ask(test, path, '192.0.2.9')]);
      expect(both.map(({ status }) => status)).toEqual([429, 429, 200]);
      expect(test.simulator.requestCount(path.replace('/relay_anything', ''))).toBe(1);
      // and nothing has been remembered against it
      expect((await ask(test, path)).status).toBe(200);
    },
  );

  it('followers of a call are not counted', async () => {
    const test = await start({ CLIENT_RATE_LIMIT: '1' });
    test.simulator.setLatency(50);
    const leading = ask(test, '/restaurant/nanna', '192.0.2.9');
    await until(() => test.simulator.requestCount() > 0);
    expect(await statuses(test, ['/restaurant/nanna', '/version'])).toEqual([200, 200]);
    expect((await leading).status).toBe(200);
  });
});

describe('the limit for clients with Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const isUp = async ({ relay }: TestRelay) =>
    (await (await fetch(`${relay.adminUrl}/readyz`)).text()).includes('"redis":"up"');

  it('is one for all relays, from whenever Redis is there; without it each counts for itself', async () => {
    const tests = [await start({ REDIS_URL: redis.url }), await start({ REDIS_URL: redis.url })] as const;
    const [first, second] = tests;
    for (const test of tests) await until(() => isUp(test));
    expect(await statuses(first, ['/version?1', '/version?2', '/version?3'])).toEqual([200, 200, 429]);
    expect(await statuses(second, ['/version?4'])).toEqual([429]);
    // whatever is stored: an emptied cache lets nobody ask for all of it at once
    await fetch(`${first.relay.adminUrl}/cache`, { method: 'DELETE' });
    expect(await statuses(first, ['/version?1'])).toEqual([429]);
    await redis.kill();
    expect(await statuses(second, ['/version?5', '/version?6', '/version?7'])).toEqual([200, 200, 429]);
    // empty again, its scripts included
    await redis.restart();
    for (const test of tests) await until(() => isUp(test));
    expect(await statuses(first, ['/version?8', '/version?9'])).toEqual([200, 200]);
    expect(await statuses(second, ['/version?10'])).toEqual([429]);
  });
});

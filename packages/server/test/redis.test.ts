/** The shared tier on a real Redis: what it holds, and that the relay serves on whatever becomes of it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { createRedis } from '../src/cache/redis.ts';
import { createRateBudget } from '../src/upstream/rate.ts';
import { startRedis, type TestRedis } from './support/redis.ts';
import { startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const openClient = () => createClient({ url: redis.url });

/** Closed whatever becomes of its test: left open, it would throw in the next file, since nobody listens for its errors. */
async function askRedis(ask: (client: ReturnType<typeof openClient>) => Promise<unknown>): Promise<void> {
  const client = openClient();
  await client.connect();
  try {
    await ask(client);
  } finally {
    client.destroy();
  }
}

beforeEach(() => askRedis((client) => client.flushAll()));

const open: TestRelay[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

async function startShared(url: string): Promise<TestRelay> {
  const test = await startTestRelay({ settings: { REDIS_URL: url } });
  open.push(test);
  return test;
}

const redisState = async (test: TestRelay) => {
  const answer = (await (await fetch(`${test.relay.adminUrl}/readyz`)).json()) as { cache: { redis: string } };
  return answer.cache.redis;
};

describe('with Redis', () => {
  it('a second relay answers from what the first has loaded', async () => {
    const first = await startShared(redis.url);
    const second = await startShared(redis.url);
    await until(async () => (await redisState(first)) === 'up' && (await redisState(second)) === 'up');
    const loaded = await (await fetch(`${first.relay.url}/restaurant/nanna`)).text();
    await askRedis(async (client) => {
      await until(async () => (await client.keys('*')).length === 2);
      expect((await client.keys('*')).sort()).toEqual(['lunch-relay::list', 'lunch-relay::menu:2026-11-23:nanna']);
      expect(await client.pTTL('lunch-relay::menu:2026-11-23:nanna')).toBeGreaterThan(0);
    });
    const answer = await fetch(`${second.relay.url}/restaurant/nanna`);
    expect(answer.headers.get('cache-status')).toMatch(/^lunch-relay; hit/);
    expect(await answer.text()).toBe(loaded);
    expect(second.simulator.requestCount()).toBe(0);
  });

  it('an entry that cannot be read is loaded anew', async () => {
    await askRedis(async (client) => {
      await client.set('lunch-relay::menu:2026-11-23:svarta', '{"value":{"version":99,"value":{}}}');
      await client.set('lunch-relay::menu:2026-11-23:omni', 'no JSON {');
    });
    const test = await startShared(redis.url);
    await until(async () => (await redisState(test)) === 'up');
    for (const identifier of ['svarta', 'omni']) {
      const answer = await fetch(`${test.relay.url}/restaurant/${identifier}`);
      expect(answer.status).toBe(200);
      expect(test.simulator.requestCount(`/restaurant/${identifier}`)).toBe(1);
    }
  });
});

describe('an emptied tier', () => {
  it('holds no entry any more, and has filled no budget and freed no lease', async () => {
    const { tier, lease, evaluate } = createRedis({ url: redis.url, log: { info: () => {}, warn: () => {} } });
    try {
      await until(() => tier.state() === 'up');
      const rate = createRateBudget(1, () => 0, evaluate);
      await tier.set('entry', 'value', 60_000);
      expect(await rate.take()).toBe(0);
      const held = await lease.acquire('entry');
      await tier.clear();
      expect(await tier.get('entry')).toBeUndefined();
      expect(await rate.take()).toBeGreaterThan(0);
      expect((await lease.acquire('entry')).state).toBe('held');
      if (held.state === 'granted') await held.release();
    } finally {
      await tier.close();
    }
  });
});

describe('without Redis, though configured', () => {
  it.each(['redis://127.0.0.1:1', 'redis://:wrong@127.0.0.1:1/3', 'rediss://no-such-host.invalid:6379'])(
    '%s: everything is answered',
    async (url) => {
      const test = await startShared(url);
      for (const path of [
        '/restaurant',
        '/restaurant/nanna',
        '/relay_anything/restaurant/nanna',
        '/version',
        '/docs',
        '/openapi.json',
      ]) {
        expect([path, (await fetch(test.relay.url + path)).status]).toEqual([path, 200]);
      }
      expect(await redisState(test)).toBe('down');
      expect((await fetch(`${test.relay.adminUrl}/readyz`)).status).toBe(200);
      const cleared = await fetch(`${test.relay.adminUrl}/cache`, { method: 'DELETE' });
      expect([cleared.status, await cleared.text()]).toEqual([503, 'not all is gone: Redis: it cannot be used\n']);
      expect(
        test.logged.filter(({ msg }) => String(msg).startsWith('Redis cannot be used')).length,
      ).toBeLessThanOrEqual(1);
    },
  );
});

describe('when Redis goes', () => {
  it('away and comes back, the relay serves on and uses it again', async () => {
    const test = await startShared(redis.url);
    await until(async () => (await redisState(test)) === 'up');
    await redis.kill();
    expect((await fetch(`${test.relay.url}/restaurant/nanna`)).status).toBe(200);
    await until(async () => (await redisState(test)) === 'down');
    expect((await fetch(`${test.relay.url}/restaurant/jons`)).status).toBe(200);
    await redis.restart();
    await until(async () => (await redisState(test)) === 'up');
    expect((await fetch(`${test.relay.url}/restaurant/elma`)).status).toBe(200);
    const states = test.logged.map(({ msg }) => String(msg)).filter((message) => message.startsWith('Redis'));
    expect(states.map((message) => message.includes('cannot'))).toEqual([false, true, false]);
  });

  it('on as before, but lets the relay in no more, that is told for as long as it lasts', async () => {
    const test = await startShared(redis.url);
    await until(async () => (await redisState(test)) === 'up');
    const client = createClient({ url: redis.url });
    await client.connect();
    await client.configSet('requirepass', 'secret');
    // connections that are there already may stay, as after a restart that sets a password they could not
    await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await until(async () => (await redisState(test)) === 'down');
    try {
      expect((await fetch(`${test.relay.url}/restaurant/nanna`)).status).toBe(200);
      // longer than the relay leaves Redis alone after a fault
      for (const end = performance.now() + 1_500; performance.now() < end; )
        expect(await redisState(test)).toBe('down');
    } finally {
      await client.configSet('requirepass', '');
      client.destroy();
    }
    await until(async () => (await redisState(test)) === 'up');
  });

  it('silent, the relay serves on, and asks it no more until it speaks', async () => {
    const test = await startShared(redis.url);
    await until(async () => (await redisState(test)) === 'up');
    redis.hang();
    try {
      for (const identifier of ['nanna', 'jons', 'elma']) {
        expect((await fetch(`${test.relay.url}/restaurant/${identifier}`)).status).toBe(200);
      }
      expect(await redisState(test)).toBe('down');
    } finally {
      redis.wake();
    }
    await until(async () => (await redisState(test)) === 'up');
  });
});

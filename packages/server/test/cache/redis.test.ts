/** Redis as a tier and for scripts: what it keeps, and what is said of it when it does not do as it is told. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { createRedis, type Redis } from '../../src/cache/redis.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const MINUTE_MS = 60_000;

let server: TestRedis;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

let logged: string[];
let redis: Redis;
let client: ReturnType<typeof createClient>;
beforeEach(async () => {
  logged = [];
  const log = {
    info: (message: string) => void logged.push(message),
    warn: (details: object, message: string) => void logged.push(`${message} (${JSON.stringify(details)})`),
  };
  redis = createRedis({ url: server.url, log });
  client = createClient({ url: server.url });
  client.on('error', () => {}); // some tests end the server
  await client.connect();
  await client.flushAll();
  await until(() => redis.tier.state() === 'up');
});
afterEach(async () => {
  await redis.tier.close();
  client.destroy();
});

const setAll = async (keys: readonly string[]) => {
  for (const key of keys) await redis.tier.set(key, 'value', MINUTE_MS);
};

/** Redis that was late once is taken for down for a second, which on a busy machine says nothing. */
const clearWhenThere = async () => {
  await until(() => redis.tier.state() !== 'down');
  await redis.tier.clear();
};

describe('a clear', () => {
  it('lets go of all that is the relay’s, and of nothing else', async () => {
    await client.set('other', 'x');
    await client.set('lunch-relays', 'x');
    await client.mSet(Array.from({ length: 2_500 }, (_, index): [string, string] => [`lunch-relay::${index}`, 'x']));
    await clearWhenThere();
    expect((await client.keys('*')).toSorted()).toEqual(['lunch-relays', 'other']);
  });

  it('rejects while Redis refuses to change anything, which is then told', async () => {
    await setAll(['a', 'b']);
    await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    try {
      await expect(redis.tier.clear()).rejects.toThrow('Redis: READONLY');
      expect([redis.tier.state(), await redis.tier.get('a')]).toEqual(['refusing', 'value']);
      await redis.tier.delete('a'); // a request goes on
    } finally {
      await client.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    }
    await clearWhenThere();
    expect([redis.tier.state(), await redis.tier.get('a')]).toEqual(['up', undefined]);
  });

  it('rejects while Redis is down', async () => {
    await server.kill();
    try {
      await until(() => redis.tier.state() === 'down');
      await expect(redis.tier.clear()).rejects.toThrow('Redis: it cannot be used');
      await redis.tier.delete('a');
      await redis.tier.set('a', 'value', MINUTE_MS);
    } finally {
      await server.restart();
    }
    await until(() => redis.tier.state() === 'up');
  });

  it('rejects when Redis takes too long', async () => {
    await setAll(['a']);
    await client.sendCommand(['CLIENT', 'PAUSE', '30000', 'WRITE']);
    try {
      await expect(redis.tier.clear()).rejects.toThrow(/^Redis: /);
    } finally {
      await client.sendCommand(['CLIENT', 'UNPAUSE']);
    }
  });
});

describe('a write that hangs', () => {
  it('is a fault like a question without an answer', async () => {
    await client.sendCommand(['CLIENT', 'PAUSE', '30000', 'WRITE']);
    try {
      const first = redis.tier.set('a', 'value', MINUTE_MS);
      // what is sent keeps the connection from being taken for a dead one
      const more = setInterval(() => void redis.tier.set('b', 'value', MINUTE_MS), 100);
      await first;
      clearInterval(more);
      expect(redis.tier.state()).toBe('down');
      expect(logged.at(-1)).toContain('no answer within 1000 ms');
    } finally {
      await client.sendCommand(['CLIENT', 'UNPAUSE']);
    }
    await until(() => redis.tier.state() === 'up');
  });
});

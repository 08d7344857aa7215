/** Relayed answers in a real Redis: what else may be there, what leaves it, and that the relay serves on without it. */
import { describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import { closedAfterEach } from '../../support/closing.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { startTestRelay, type TestRelay } from '../../support/relay.ts';
import { until } from '../../support/until.ts';

const MENU = '/relay_anything/restaurant/nanna';
const KEY = 'lunch-relay::raw:- /api/restaurant/nanna';

const closing = closedAfterEach();

async function start() {
  const redis: TestRedis = await startRedis();
  closing.push(() => redis.stop());
  const client = createClient({ url: redis.url });
  client.on('error', () => {});
  await client.connect();
  closing.push(() => client.destroy());
  return { redis, client };
}

async function startShared(redis: TestRedis): Promise<TestRelay> {
  const test = await startTestRelay({ settings: { REDIS_URL: redis.url } });
  closing.push(test.close);
  await until(async () => (await (await fetch(`${test.relay.adminUrl}/readyz`)).text()).includes('"redis":"up"'));
  return test;
}

async function ask({ relay }: TestRelay, options?: RequestInit) {
  const answer = await fetch(relay.url + MENU, options);
  await answer.arrayBuffer();
  return `${answer.status} ${/hit|fwd=[\w-]+/.exec(answer.headers.get('cache-status') ?? '')?.[0]}`;
}

describe('the shared tier', () => {
  it.each<[string, string]>([
    ['is no JSON', 'x'],
    ['is nothing', '{"value":null}'],
    ['is of another version', '{"value":{"version":0,"responses":[]}}'],
    ['has no responses', '{"value":{"version":1}}'],
    ['has a response that is none', '{"value":{"version":1,"responses":[null,1,"x",[],{"status":200}]}}'],
  ])('what %s is asked for anew', async (_, value) => {
    const { redis, client } = await start();
    const test = await startShared(redis);
    await client.set(KEY, value);
    expect(await ask(test)).toBe('200 fwd=uri-miss');
    expect(await ask(test)).toBe('200 hit');
  });

  it('lets go of what is no longer valid (section 4.4)', async () => {
    const { redis, client } = await start();
    const test = await startShared(redis);
    await ask(test);
    await until(async () => (await client.exists(KEY)) === 1);
    test.simulator.setFault('*', { kind: 'status', status: 204 }, { times: 1 });
    await ask(test, { method: 'DELETE' });
    await until(async () => (await client.exists(KEY)) === 0);
    expect(await ask(test)).toBe('200 fwd=uri-miss');
  });

  it.each(['hang', 'kill'] as const)(
    'after a %s what is in memory is there, and the rest is asked for',
    async (end) => {
      const { redis } = await start();
      const test = await startShared(redis);
      await ask(test);
      await redis[end]();
      expect(await ask(test)).toBe('200 hit');
      const startedAt = performance.now();
      expect(await ask(test, { headers: { Origin: 'http://a.example' } })).toBe('200 fwd=uri-miss');
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      if (end === 'hang') redis.wake();
    },
  );
});

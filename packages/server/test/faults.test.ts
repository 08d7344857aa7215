/** Whatever becomes of Redis and of the upstream, every request has a defined answer. Read the tables as the promise. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@keyv/redis';
import type { Fault } from '@lunch-relay/upstream-sim';
import { createRedis } from '../src/cache/redis.ts';
import { startRedis, type TestRedis } from './support/redis.ts';
import { MONDAY_11, startTestRelay, type TestRelay } from './support/relay.ts';
import { until } from './support/until.ts';
import { startScriptedUpstream } from './support/upstreams.ts';

const HOUR = 3_600_000;
const open: Array<{ close(): Promise<unknown> }> = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource.close();
});

async function startRelayOver(settings: Record<string, string>): Promise<TestRelay> {
  const test = await startTestRelay({ settings });
  open.push(test);
  return test;
}

async function ask(test: TestRelay, path: string) {
  const response = await fetch(test.relay.url + path);
  const body = (await response.json()) as { code?: string; today?: { status: string } };
  const cacheStatus = response.headers.get('cache-status') ?? '';
  const copy = cacheStatus.includes('detail=stale') ? 'stale copy' : cacheStatus.includes('hit') ? 'hit' : 'loaded';
  return response.ok
    ? `${response.status} ${copy}, ${body.today?.status ?? ''}`
    : `${response.status} ${body.code ?? ''}`;
}

describe('the upstream', () => {
  // the first request of a process takes longest: on a busy machine longer than these relays wait
  beforeAll(async () => {
    const { relay, close } = await startTestRelay();
    await fetch(`${relay.url}/restaurant/nanna`);
    await close();
  });

  const refused = 'refused';
  const FAULTS: Array<[string, Fault | typeof refused, cold: string]> = [
    ['refuses connections', refused, '502 upstream_unreachable'],
    ['is slow', { kind: 'delay', delayMs: 5_000 }, '504 upstream_timeout'],
    ['never answers', { kind: 'hang' }, '504 upstream_timeout'],
    ['drips', { kind: 'drip', intervalMs: 200 }, '504 upstream_timeout'],
    ['resets before the head', { kind: 'reset-before-headers' }, '502 upstream_unreachable'],
    ['resets after the head', { kind: 'reset-after-headers' }, '502 upstream_unreachable'],
    ['truncates', { kind: 'truncate' }, '502 upstream_unreachable'],
    ['answers HTML with 200', { kind: 'html-200' }, '502 upstream_invalid_response'],
    ['answers 500', { kind: 'status', status: 500 }, '502 upstream_error'],
    ['answers 502', { kind: 'status', status: 502 }, '502 upstream_error'],
    ['answers 429', { kind: 'status', status: 429 }, '503 upstream_rate_limited'],
    ['answers 503 with HTML', { kind: 'status', status: 503 }, '503 upstream_rate_limited'],
  ];

  it.each(FAULTS)('%s: cold an error, else the copy of today', async (_, fault, cold) => {
    const test = await startRelayOver({ UPSTREAM_TIMEOUT_MS: '600', UPSTREAM_RETRIES: '1' });
    expect(await ask(test, '/restaurant/nanna')).toBe('200 loaded, served');
    expect(await ask(test, '/restaurant/jorpes')).toBe('200 loaded, no_online_menu');
    test.setNow(MONDAY_11 + 2 * HOUR);
    if (fault === refused) await test.simulator.close();
    else test.simulator.setFault('*', fault);
    // dishes are answered at once while they are asked for anew; an empty menu only once that has failed
    expect(await ask(test, '/restaurant/nanna')).toBe('200 stale copy, served');
    expect(await ask(test, '/restaurant/jorpes')).toBe('200 stale copy, no_online_menu');
    expect(await ask(test, '/restaurant/omni')).toBe(cold);
    expect(await ask(test, '/restaurant')).toMatch(/^200 stale copy/);
  });

  it('comes back: what failed is asked for again after some seconds', async () => {
    const test = await startRelayOver({});
    test.simulator.setFault('*', { kind: 'status', status: 500 });
    expect(await ask(test, '/restaurant/nanna')).toBe('502 upstream_error');
    test.simulator.clearFaults();
    expect(await ask(test, '/restaurant/nanna')).toBe('502 upstream_error');
    test.setNow(MONDAY_11 + 16_000);
    expect(await ask(test, '/restaurant/nanna')).toBe('200 loaded, served');
  });

  it('that lists a restaurant and says 404 for its menu is at fault, and not the restaurant', async () => {
    const test = await startRelayOver({});
    await ask(test, '/restaurant');
    test.simulator.setFault('/restaurant/nanna', { kind: 'status', status: 404 });
    expect(await ask(test, '/restaurant/nanna')).toBe('502 upstream_error');
    expect(await ask(test, '/restaurant/nosuch')).toBe('404 restaurant_not_found');
  });

  it('whose list hangs does not keep menus that are at hand waiting', async () => {
    const test = await startRelayOver({ UPSTREAM_TIMEOUT_MS: '60000' });
    await ask(test, '/restaurant/nanna');
    test.setNow(MONDAY_11 + 30 * 60_000);
    test.simulator.setFault('/restaurant', { kind: 'hang' });
    test.setNow(MONDAY_11 + 50 * 60_000);
    expect(await ask(test, '/restaurant/nanna')).toBe('200 hit, served');
  });
});

describe('Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const stateOf = async (test: TestRelay) =>
    ((await (await fetch(`${test.relay.adminUrl}/readyz`)).json()) as { cache: { redis: string } }).cache.redis;
  const untilRedis = (test: TestRelay, state: string) => until(async () => (await stateOf(test)) === state);

  /** A relay that has used Redis: nanna is in both tiers, jons only in Redis, elma in both and past its time. */
  async function startUsed(): Promise<TestRelay> {
    const test = await startRelayOver({ REDIS_URL: redis.url });
    const other = await startTestRelay({ settings: { REDIS_URL: redis.url, UPSTREAM_URL: test.simulator.url } });
    await untilRedis(test, 'up');
    await untilRedis(other, 'up');
    await ask(test, '/restaurant/elma');
    for (const each of [test, other]) each.setNow(MONDAY_11 + 2 * HOUR);
    await ask(test, '/restaurant/nanna');
    await ask(other, '/restaurant/jons');
    await other.close();
    return test;
  }

  const ALWAYS: Array<[string, string, RegExp]> = [
    ['a hit in memory', '/restaurant/nanna', /^200 hit, served$/],
    ['what only Redis had', '/restaurant/jons', /^200 (?:loaded|hit), served$/],
    ['a miss', '/restaurant/omni', /^200 loaded, served$/],
    ['a stale copy', '/restaurant/elma', /^200 stale copy, served$/],
  ];

  it.each<[string, (test: TestRelay) => Promise<void>, () => Promise<void>]>([
    ['dies', () => redis.kill(), () => redis.restart()],
    ['hangs', () => Promise.resolve(redis.hang()), () => Promise.resolve(redis.wake())],
    [
      'dies and comes back empty',
      async (test) => {
        await redis.kill();
        await redis.restart();
        await untilRedis(test, 'up');
      },
      () => Promise.resolve(),
    ],
  ])('%s: everything is answered', async (_, fail, mend) => {
    const test = await startUsed();
    await fail(test);
    try {
      for (const [, path, answer] of ALWAYS) expect(await ask(test, path)).toMatch(answer);
    } finally {
      await mend();
    }
    await untilRedis(test, 'up');
  });

  it.each<[string, (send: (text: string) => void, command: string) => void, string]>([
    ['answers garbage', (send) => send('HTTP/1.1 400 Bad Request\r\n\r\n'), 'down'],
    ['wants a password', (send) => send('-NOAUTH Authentication required.\r\n'), 'down'],
    [
      'refuses the password',
      (send, command) =>
        send(/AUTH|HELLO/.test(command) ? '-WRONGPASS invalid username-password pair\r\n' : '-NOAUTH no\r\n'),
      'down',
    ],
    ['is loading', (send) => send('-LOADING Redis is loading the dataset in memory\r\n'), 'down'],
    ['is silent', () => {}, 'down'],
  ])('%s from the start: everything is answered, and its state is told once', async (_, reply, state) => {
    const fake = await startScriptedUpstream((socket, chunk) => reply((text) => void socket.write(text), chunk));
    open.push(fake);
    const test = await startRelayOver({
      REDIS_URL: fake.url.replace('http', 'redis').replace('/api', '').replace('//', '//:secret@'),
    });
    for (const path of ['/restaurant/nanna', '/restaurant/jons'])
      expect(await ask(test, path)).toBe('200 loaded, served');
    expect(await ask(test, '/restaurant/nanna')).toBe('200 hit, served');
    expect(await stateOf(test)).toBe(state);
    await until(() => test.logged.some(({ msg }) => String(msg).startsWith('Redis cannot be used')));
    expect(test.logged.filter(({ msg }) => String(msg).startsWith('Redis')).length).toBe(1);
    expect(JSON.stringify(test.logged)).not.toContain('secret');
  });

  it.each([
    ['is full', 'maxmemory', '1'],
    ['is a read-only replica', 'replicaof', '127.0.0.1 1'],
  ])('%s: it is read, what is new stays in memory, and that is told', async (_, setting, value) => {
    const test = await startRelayOver({ REDIS_URL: redis.url });
    await untilRedis(test, 'up');
    const admin = createClient({ url: redis.url });
    admin.on('error', () => {});
    await admin.connect();
    await admin.flushAll();
    const set = (to: string) =>
      admin.sendCommand(setting === 'maxmemory' ? ['CONFIG', 'SET', setting, to] : [setting, ...to.split(' ')]);
    await set(value);
    await ask(test, '/restaurant/svarta');
    await untilRedis(test, 'refusing');
    expect(await ask(test, '/restaurant/svarta')).toBe('200 hit, served');
    expect(test.logged.filter(({ msg }) => String(msg).startsWith('Redis refuses to store'))).toHaveLength(1);
    await set(setting === 'maxmemory' ? '0' : 'no one');
    test.setNow(MONDAY_11 + 2 * HOUR);
    await ask(test, '/restaurant/bikupan');
    await untilRedis(test, 'up');
    admin.destroy();
  });

  it('that hangs costs one request its budget; the next ones do not ask it', async () => {
    let gets = 0;
    const fake = await startScriptedUpstream((socket, chunk) => {
      for (const name of chunk.match(/\r\n(?:CLIENT|PING|GET)\r\n/g) ?? []) {
        if (name.includes('GET')) gets += 1;
        else socket.write(name.includes('PING') ? '+PONG\r\n' : '+OK\r\n');
      }
    });
    open.push(fake);
    const { tier } = createRedis({
      url: fake.url.replace('http', 'redis').replace('/api', ''),
      log: { info: () => {}, warn: () => {} },
    });
    open.push(tier);
    await until(() => tier.state() === 'up');
    for (let round = 0; round < 20; round++) expect(await tier.get('key')).toBeUndefined();
    expect(gets).toBe(1);
    expect(tier.state()).toBe('down');
  });
});

describe('a thousand rounds of faults', () => {
  it('leave no listener, socket or timer behind', async () => {
    const warnings: string[] = [];
    const warn = (warning: Error) => warnings.push(warning.message);
    process.on('warning', warn).on('unhandledRejection', (error) => warnings.push(String(error)));
    const test = await startRelayOver({ UPSTREAM_TIMEOUT_MS: '2000' });
    const kinds = ['reset-before-headers', 'reset-after-headers', 'truncate', 'html-200'] as const;
    const round = async (index: number) => {
      test.simulator.setFault('*', { kind: kinds[index % kinds.length] ?? 'truncate' });
      test.setNow(MONDAY_11 + index * 16_000);
      const leaving = new AbortController();
      const typed = fetch(`${test.relay.url}/restaurant/nanna`).then((response) => response.text());
      const raw = fetch(`${test.relay.url}/version`).then((response) => response.text());
      const left = fetch(`${test.relay.url}/version`, { signal: leaving.signal });
      leaving.abort();
      await Promise.allSettled([typed, raw, left]);
    };
    for (let index = 0; index < 100; index++) await round(index);
    const before = process.getActiveResourcesInfo().length;
    for (let index = 100; index < 1_000; index++) await round(index);
    expect(process.getActiveResourcesInfo().length).toBeLessThan(before + 50);
    expect(test.simulator.openConnections()).toBeLessThan(70);
    expect(warnings).toEqual([]);
    process.off('warning', warn).removeAllListeners('unhandledRejection');
  }, 60_000);
});

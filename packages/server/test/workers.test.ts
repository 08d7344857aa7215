/** Several workers as real processes: what they share, and what becomes of them. */
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../src/config.ts';
import { backoffAfter } from '../src/operations/workers.ts';
import { shareOf } from '../src/worker.ts';
import { type RelayProcess, readiness, startLoad, useRelayProcesses, WITH_FAULTS } from './support/relayProcess.ts';
import { until } from './support/until.ts';

const UNLIMITED = { CLIENT_RATE_LIMIT: '0', UPSTREAM_CALLS_PER_MINUTE: '0', UPSTREAM_CONCURRENCY: '0' };

const { simulator, start } = useRelayProcesses({ WORKERS: '2', ...UNLIMITED });

const metric = async (adminUrl: string, name: string) => {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );
};

/** The processes of the workers, as the log tells of them, and so by asking until both have answered. */
async function workersOf({ said }: RelayProcess, url: string): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  await until(async () => {
    const ask = () => fetch(`${url}/version`, { headers: { Connection: 'close' } });
    await Promise.all([ask(), ask(), ask(), ask()]); // more than one of them can take at a time
    for (const line of said.stdout.split('\n').filter((text) => text.includes('"worker":'))) {
      const { worker, pid } = JSON.parse(line) as { worker: number; pid: number };
      found.set(worker, pid);
    }
    return found.size >= 2;
  });
  return found;
}

describe('workers', () => {
  it('serve together, and are counted and told of as one', async () => {
    const relay = start();
    const { url, adminUrl } = await relay.listening;
    await workersOf(relay, url);
    const { status, body } = await readiness(adminUrl);
    const detail = { cache: { memory: 'up' }, breaker: 'closed' };
    expect([status, body]).toEqual([200, { status: 'ready', workers: { 1: detail, 2: detail } }]);
    const counted = await metric(
      adminUrl,
      'lunch_relay_request_duration_seconds_count{route="relay",status_class="2xx"}',
    );
    // lines are written some at a time
    await until(() => relay.said.stdout.match(/"url":"\/version"/g)?.length === counted);
    expect(await metric(adminUrl, 'lunch_relay_workers')).toBe(2);
    expect(await metric(adminUrl, 'lunch_relay_upstream_breaker_state{state="closed"}')).toBe(1);
    for (const uri of ['/livez', '/readyz', '/metrics']) expect((await fetch(url + uri)).status).toBe(404);
  });

  it('all let go of what is stored when one address is asked to', async () => {
    const { listening } = start();
    const { url, adminUrl } = await listening;
    const one = () => fetch(`${url}/relay_anything/restaurant/nanna`, { headers: { Connection: 'close' } });
    const ask = () => Promise.all([one(), one(), one(), one()]);
    const asked = () => simulator().requestCount('/restaurant/nanna');
    await until(async () => (await ask()) && asked() === 2);
    await ask();
    expect(asked()).toBe(2);
    const purged = await fetch(`${adminUrl}/cache?uri=/restaurant/nanna`, { method: 'DELETE' });
    expect(purged.status).toBe(204);
    const refused = await fetch(`${adminUrl}/cache?uri=/../x`, { method: 'DELETE' });
    expect(refused.status).toBe(400);
    await until(async () => (await ask()) && asked() === 4);
  });

  it('tell that not all is gone where Redis does not let go of it, and live on', async () => {
    const { adminUrl } = await start({ REDIS_URL: 'redis://127.0.0.1:1' }).listening;
    const cleared = await fetch(`${adminUrl}/cache`, { method: 'DELETE' });
    expect([cleared.status, await cleared.text()]).toEqual([503, expect.stringMatching(/^not all is gone: /)]);
    const purged = await fetch(`${adminUrl}/cache?uri=/version`, { method: 'DELETE' });
    expect([purged.status, await purged.text()]).toEqual([503, expect.stringMatching(/^not all is gone: Redis /)]);
    expect(await metric(adminUrl, 'lunch_relay_workers')).toBe(2);
    expect(await metric(adminUrl, 'lunch_relay_workers_replaced_total')).toBe(0);
  });

  it('crash without failing requests beyond their own, and are replaced', async () => {
    simulator().setLatency(5);
    const relay = start();
    const { url, adminUrl } = await relay.listening;
    const [victim = 0] = (await workersOf(relay, url)).values();
    const load = startLoad(`${url}/version`, adminUrl);
    await load.more(20);
    const killedAt = performance.now();
    process.kill(victim, 'SIGKILL');
    await until(async () => (await metric(adminUrl, 'lunch_relay_workers_replaced_total')) === 1);
    await until(async () => (await metric(adminUrl, 'lunch_relay_workers')) === 2);
    await load.more(20);
    const outcomes = await load.stop();
    const failed = outcomes.filter(({ result }) => result !== 200);
    // at most what each of the ten clients had under way, or had kept a connection for
    expect(failed.length).toBeLessThanOrEqual(10);
    expect(failed.filter(({ startedAt }) => startedAt > killedAt + 100)).toEqual([]);
    expect(outcomes.filter(({ startedAt }) => startedAt > killedAt + 100).length).toBeGreaterThan(10);
    expect(relay.said.stdout).toContain('a worker ended with SIGKILL: it is replaced');
  });

  it('lose nothing that they have counted when they hang or end', async () => {
    const relay = start();
    const { url, adminUrl } = await relay.listening;
    const [victim = 0] = (await workersOf(relay, url)).values();
    const requests = () =>
      metric(adminUrl, 'lunch_relay_request_duration_seconds_count{route="relay",status_class="2xx"}');
    const counted = await requests();
    process.kill(victim, 'SIGSTOP');
    // at the same time: each waits for the one that does not answer
    const [stillCounted, workers, closed, purged] = await Promise.all([
      requests(),
      metric(adminUrl, 'lunch_relay_workers'),
      metric(adminUrl, 'lunch_relay_upstream_breaker_state{state="closed"}'),
      fetch(`${adminUrl}/cache`, { method: 'DELETE' }),
    ]);
    expect([stillCounted, workers, closed]).toEqual([counted, 1, 1]);
    expect([purged.status, await purged.text()]).toEqual([503, 'not all is gone: only 1 of 2 workers have answered\n']);
    process.kill(victim, 'SIGKILL');
    await until(async () => (await metric(adminUrl, 'lunch_relay_workers')) === 2);
    expect(await requests()).toBe(counted);
    expect(await metric(adminUrl, 'lunch_relay_workers_wanted')).toBe(2);
  });

  it('log what nobody has caught, and are replaced', async () => {
    const relay = start(WITH_FAULTS);
    const { url, adminUrl } = await relay.listening;
    const [victim = 0] = (await workersOf(relay, url)).values();
    process.kill(victim, 'SIGUSR2');
    await until(async () => (await metric(adminUrl, 'lunch_relay_workers_replaced_total')) === 1);
    await until(() => relay.said.stdout.includes('a worker ended with status 1: it is replaced'));
    expect(relay.said.stdout).toMatch(/"level":"fatal".*nobody catches this/);
  });

  it.each([
    ['the program is not there', 'process.execPath = "/nowhere/node"', 'process.execPath = program'],
    ['the system refuses', 'process.env.LARGE = "x".repeat(1e6)', 'delete process.env.LARGE'],
  ])('that cannot be replaced because %s are as soon as they can', async (_, spoil, mend) => {
    const fault = `const program = process.execPath; process.on('SIGHUP', () => { ${spoil}; console.log('spoilt'); }).on('SIGUSR2', () => { ${mend}; });`;
    const relay = start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` });
    const { url, adminUrl } = await relay.listening;
    const [victim = 0] = (await workersOf(relay, url)).values();
    relay.child.kill('SIGHUP');
    await until(() => relay.said.stdout.includes('spoilt'));
    process.kill(victim, 'SIGKILL');
    await until(() => /a worker cannot be started: spawn \S*( ENOENT| E2BIG)?: it is replaced/.test(relay.said.stdout));
    relay.child.kill('SIGUSR2');
    await until(async () => (await metric(adminUrl, 'lunch_relay_workers')) === 2);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
  });

  it('drain together under load, and fail no request', async () => {
    simulator().setLatency(5);
    const relay = start({ SHUTDOWN_GRACE_MS: '1000' });
    const { url, adminUrl } = await relay.listening;
    const pids = [...(await workersOf(relay, url)).values()];
    const load = startLoad(`${url}/version`, adminUrl);
    await load.more(20);
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
    const results = (await load.ended()).map(({ result }) => result);
    expect(new Set(results)).toEqual(new Set([200]));
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('are not waited for when it is told to stop before they serve', async () => {
    // a port that is free for certain: what listens says where too late
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as net.AddressInfo;
    probe.close();
    const relay = start({ ADMIN_PORT: String(port) });
    const state = () => readiness(`http://127.0.0.1:${port}`).catch(() => undefined);
    await until(async () => (await state())?.body.status === 'starting');
    relay.child.kill('SIGTERM');
    expect([await relay.ended, relay.said.stderr]).toEqual([0, '']);
  });

  it('stop at once though one of them is only starting', async () => {
    const relay = start();
    const { url, adminUrl } = await relay.listening;
    const [victim = 0] = (await workersOf(relay, url)).values();
    process.kill(victim, 'SIGKILL');
    await until(async () => (await metric(adminUrl, 'lunch_relay_workers_replaced_total')) === 1);
    const stoppedAt = performance.now();
    relay.child.kill('SIGTERM');
    expect(await relay.ended).toBe(0);
    // and not when the time for requests in flight is over
    expect(performance.now() - stoppedAt).toBeLessThan(8_000);
  });

  it('stop when a terminal interrupts them all, and at once when it does so again', async () => {
    const first = start();
    const { url } = await first.listening;
    const pids = [...(await workersOf(first, url)).values()];
    for (const pid of pids) process.kill(pid, 'SIGINT');
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(first.said.stdout).not.toMatch(/"level":"(?:error|fatal)"/);

    const second = start({ SHUTDOWN_GRACE_MS: '60000' });
    const { adminUrl } = await second.listening;
    second.child.kill('SIGTERM');
    await until(async () => (await readiness(adminUrl)).status === 503);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(1);
  });

  it('end with their primary', async () => {
    const relay = start();
    const { url } = await relay.listening;
    const pids = [...(await workersOf(relay, url)).values()];
    relay.child.kill('SIGKILL');
    const isGone = (pid: number) => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    };
    await until(() => pids.every(isGone));
  });

  it('that cannot start say why once, and the exit status is 1', async () => {
    const { port } = new URL(simulator().origin);
    const { ended, said } = start({ PORT: port });
    expect(await ended).toBe(1);
    expect(said.stderr).toBe(
      `Cannot listen on 127.0.0.1:${port} (public): the port is in use. Stop what uses it, or set PORT.\n`,
    );
  });
});

describe('the share of a worker', () => {
  const shares = (settings: Record<string, string>, workers: number) => {
    const { UPSTREAM_CALLS_PER_MINUTE, UPSTREAM_CONCURRENCY } = shareOf(parseConfig(settings), workers);
    return [UPSTREAM_CALLS_PER_MINUTE, UPSTREAM_CONCURRENCY];
  };

  it.each([
    [{}, 1, [60, 2]],
    [{}, 2, [30, 1]],
    [{}, 4, [15, 1]],
    [{ UPSTREAM_CALLS_PER_MINUTE: '3', UPSTREAM_CONCURRENCY: '9' }, 4, [1, 2]],
    [{ UPSTREAM_CALLS_PER_MINUTE: '0', UPSTREAM_CONCURRENCY: '0' }, 4, [0, 0]],
    // Redis holds one budget for all
    [{ REDIS_URL: 'redis://x' }, 4, [60, 1]],
  ])('of %o among %i is %o', (settings, workers, share) => {
    expect(shares(settings as Record<string, string>, workers)).toEqual(share);
  });

  it('waits the longer the more often it ends early', () => {
    expect([0, 1, 2, 6, 7, 100].map(backoffAfter)).toEqual([100, 200, 400, 6_400, 10_000, 10_000]);
  });
});

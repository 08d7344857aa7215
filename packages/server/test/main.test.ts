/** The real process: what it says, how it stops, how it refuses to start. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readiness, startLoad, useRelayProcesses, WITH_FAULTS } from './support/relayProcess.ts';
import { until } from './support/until.ts';

const { simulator, start } = useRelayProcesses();

/** As many clients as the system lets wait, a thousand at most; where it cannot be asked, what macOS does by default. */
const WAITING_CLIENTS =
  process.platform === 'linux' ? Math.min(1_000, Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))) : 128;

describe('the relay process', () => {
  it('finishes what has begun on SIGTERM, and exits 0', async () => {
    simulator().setLatency(300);
    const { child, ended, listening } = start({});
    const { url, adminUrl } = await listening;
    const asked = fetch(`${url}/version`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGTERM');
    expect((await asked).status).toBe(200);
    expect(await ended).toBe(0);
    await expect(fetch(`${adminUrl}/livez`)).rejects.toThrow();
  });

  it('cuts what does not finish in time', async () => {
    simulator().setFault('/version', { kind: 'hang' });
    const { child, ended, listening } = start({ SHUTDOWN_TIMEOUT_MS: '100' });
    const asked = fetch(`${(await listening).url}/version`);
    asked.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await expect(asked).rejects.toThrow();
  });

  it('keeps a thousand clients that come while it is busy', async () => {
    const { child, listening } = start({});
    const { url } = await listening;
    const { hostname, port } = new URL(url);
    child.kill('SIGSTOP');
    const connect = () => net.connect(Number(port), hostname).on('error', () => {}); // `once` tells of it
    const sockets = Array.from({ length: WAITING_CLIENTS }, connect);
    try {
      // the system lets in as many as may wait; who finds no room asks again a second later, and again in vain
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    } finally {
      child.kill('SIGCONT');
      for (const socket of sockets) socket.destroy();
    }
    expect((await fetch(`${url}/version`)).status).toBe(200);
  });

  it('says in one line that a port is in use, and exits 1', async () => {
    const { port } = new URL(simulator().origin);
    const publicPort = start({ PORT: port });
    expect(await publicPort.ended).toBe(1);
    expect(publicPort.said.stderr).toBe(
      `Cannot listen on 127.0.0.1:${port} (public): the port is in use. Stop what uses it, or set PORT.\n`,
    );
    const adminPort = start({ ADMIN_PORT: port });
    expect(await adminPort.ended).toBe(1);
    expect(adminPort.said.stderr).toMatch(/^Cannot listen on .* \(admin\): the port is in use\. .* ADMIN_PORT\.\n$/);
  });

  it('lists every mistake in its configuration, and exits 1', async () => {
    const { ended, said } = start({ PORT: 'x', UPSTREAM_URL: 'nowhere', LOG_LEVL: 'info' });
    expect(await ended).toBe(1);
    expect(said.stderr.split('\n')).toEqual([
      'The configuration is not valid:',
      '  PORT: must be a port: 0 to 65535',
      '  UPSTREAM_URL: must be an http: or https: URL',
      '  LOG_LEVL: no such setting; did you mean LOG_LEVEL?',
      '',
    ]);
  });

  it('starts without its upstream, says so once, and answers with problems', async () => {
    const { child, listening, said, ended } = start({ UPSTREAM_URL: 'http://127.0.0.1:1/api' });
    const { url } = await listening;
    const response = await fetch(`${url}/restaurant/nanna`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'upstream_unreachable' });
    expect((await fetch(`${url}/version`)).status).toBe(502);
    // by then it has written all of its log
    child.kill('SIGTERM');
    await ended;
    expect(said.stdout.match(/gives no answer/g)).toHaveLength(1);
  });

  it('is not ready from SIGTERM on, and takes requests for a while yet', async () => {
    const { child, ended, listening } = start({ SHUTDOWN_GRACE_MS: '500' });
    const { url, adminUrl } = await listening;
    expect((await readiness(adminUrl)).status).toBe(200);
    child.kill('SIGTERM');
    await until(async () => (await readiness(adminUrl)).status === 503);
    expect((await readiness(adminUrl)).body.status).toBe('draining');
    const late = await fetch(`${url}/version`);
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
    expect((await fetch(`${adminUrl}/livez`)).status).toBe(200);
    expect(await ended).toBe(0);
  });

  it('fails no request while it drains under load', async () => {
    simulator().setLatency(5);
    const limits = { CLIENT_RATE_LIMIT: '0', UPSTREAM_CALLS_PER_MINUTE: '0', UPSTREAM_CONCURRENCY: '0' };
    const { child, ended, listening } = start({ ...limits, SHUTDOWN_GRACE_MS: '1000' });
    const { url, adminUrl } = await listening;
    const load = startLoad(`${url}/version`, adminUrl);
    await load.more(20);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    const results = (await load.ended()).map(({ result }) => result);
    expect(new Set(results)).toEqual(new Set([200]));
    expect(results.length).toBeGreaterThan(10);
  });

  it('ends at once when it is told to stop a second time', async () => {
    simulator().setFault('/version', { kind: 'hang' });
    const { child, ended, listening } = start();
    const { url, adminUrl } = await listening;
    fetch(`${url}/version`).catch(() => {});
    await until(() => simulator().requestCount('/version') > 0);
    child.kill('SIGTERM');
    await until(async () => (await readiness(adminUrl)).status === 503);
    child.kill('SIGTERM');
    expect(await ended).toBe(1);
  });

  it('logs an error that nobody has caught, and ends with a failure', async () => {
    const { child, ended, listening, said } = start(WITH_FAULTS);
    await listening;
    child.kill('SIGUSR2');
    expect(await ended).toBe(1);
    expect(said.stdout).toMatch(/"level":"fatal".*nobody catches this/);
  });

  it('turns requests away while its event loop lags, and takes them again afterwards', async () => {
    const { child, listening } = start({ ...WITH_FAULTS, SHED_LAG_MS: '200' });
    const { url, adminUrl } = await listening;
    const shed = async () => {
      const response = await fetch(`${url}/docs/errors`);
      await response.arrayBuffer();
      return response.status === 503 && response.headers.get('retry-after') === '1';
    };
    child.kill('SIGWINCH');
    await until(shed);
    await until(async () => !(await shed()));
    const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
    expect(metrics).toMatch(/^lunch_relay_shed_requests_total [1-9]/m);
  });

  it('turns nobody away after one pause, however long', async () => {
    const { child, listening } = start({ SHED_LAG_MS: '500' });
    const { url } = await listening;
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // twice as late as it may be
    child.kill('SIGCONT');
    for (const end = performance.now() + 500; performance.now() < end; )
      expect((await fetch(`${url}/docs/errors`)).status).toBe(200);
  });

  it('answers what is told of it to nobody but who reaches the admin listener', async () => {
    const { listening } = start();
    const { url, adminUrl } = await listening;
    for (const uri of ['/livez', '/readyz', '/metrics']) {
      expect((await fetch(adminUrl + uri)).status).toBe(200);
      const asked = await fetch(url + uri, { headers: { Host: new URL(adminUrl).host } });
      expect(await asked.json()).toEqual({ detail: 'Not Found' });
    }
    expect((await fetch(`${url}/cache`, { method: 'DELETE' })).status).toBe(404);
  });

  it('tells its settings, and whether they are valid, without starting', async () => {
    const help = start({}, '--help');
    expect([await help.ended, help.said.stdout]).toEqual([
      0,
      expect.stringContaining('RELAY_STALE_IF_ERROR_MS=3600000'),
    ]);
    const valid = start({ REDIS_URL: 'redis://:s3cret@x', WORKERS: '3' }, '--check-config');
    expect([await valid.ended, valid.said.stdout]).toEqual([0, expect.stringContaining('WORKERS=3\n')]);
    expect(valid.said.stdout).not.toContain('s3cret');
    const wrong = start({ PORT: 'x' }, '--check-config');
    expect([await wrong.ended, wrong.said.stderr]).toEqual([1, expect.stringContaining('  PORT: must be')]);
    const unknown = start({}, '--port', '1');
    expect([await unknown.ended, unknown.said.stderr]).toEqual([1, expect.stringContaining('PORT=9000')]);
  });

  it('takes the URL of Redis from a file, and tells nobody what it holds', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-secret-'));
    const file = path.join(folder, 'redis-url');
    writeFileSync(file, 'redis://:s3cret@127.0.0.1:1\n');
    const { child, ended, listening, said } = start({ REDIS_URL_FILE: file, LOG_LEVEL: 'trace' });
    const { url, adminUrl } = await listening;
    expect((await fetch(`${url}/restaurant/nanna`)).status).toBe(200);
    expect((await readiness(adminUrl)).body).toMatchObject({ status: 'ready', cache: { redis: 'down' } });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said.stdout + said.stderr).toContain('Redis cannot be used');
    expect(said.stdout + said.stderr).not.toContain('s3cret');
    rmSync(folder, { recursive: true });
  });

  it('writes for people if it is told to', async () => {
    const { child, ended, said } = start({ LOG_FORMAT: 'pretty' });
    while (!said.stdout.includes('Lunch Relay listens on')) await once(child.stdout, 'data');
    expect(said.stdout).toMatch(/^\[\d\d:\d\d:\d\d\] INFO: Lunch Relay listens on http/);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});

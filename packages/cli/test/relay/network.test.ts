/** Between `lunch` and the relay: proxies, redirects, what is no relay, deadlines, and the classes that stand in for Node's. */
import http from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { installLightFetch } from '../../src/relay/lightFetch.ts';
import { useLunch } from '../support/running.ts';
import { useServers } from '../support/servers.ts';

const running = useLunch();
const { lunch, onDay } = running;

const serve = useServers();

const cutShort: http.RequestListener = (_, response) =>
  response.writeHead(200, { 'content-length': 99 }).end('{', () => response.destroy());

const noCache = { XDG_CACHE_HOME: '/dev/null' };

describe('what is no relay', () => {
  it.each<[string, http.RequestListener, number]>([
    ['HTML', (_, response) => response.end('<h1>It works!</h1>'), 1],
    ['an empty answer', (_, response) => response.end(), 1],
    ['lists of another form', (_, response) => response.end('{"restaurants":[{}]}'), 1],
    ['404', (_, response) => response.writeHead(404).end('not found'), 1],
    ['a lost connection', (request) => request.socket.destroy(), 5],
    ['a body cut short', cutShort, 5],
    ['an endless redirect', (_, response) => response.writeHead(302, { location: '/' }).end(), 1],
  ])('%s: a line, no stack trace', async (_what, answer, exitCode) => {
    const url = await serve(answer);
    const outcome = await lunch(`nanna --relay ${url}`, { environment: noCache });
    expect(outcome).toMatchObject({ stdout: '', exitCode });
    expect(outcome.stderr).toMatch(
      /^lunch: (what answers at http:\S+ is no Lunch Relay|no relay answers at|the answer from \S+ was cut short\.) .*\n$/,
    );
  });

  it('counts an answer that is cut short as none, by way of a proxy too', async () => {
    const url = await serve(cutShort);
    await lunch('nanna');
    for (const environment of [
      { LUNCH_RELAY_URL: url },
      { LUNCH_RELAY_URL: 'http://relay.invalid', http_proxy: url },
    ]) {
      const { stdout, stderr, exitCode } = await lunch('nanna', { environment });
      expect(stdout).toContain('kept on this machine');
      expect(stderr).toContain(
        `lunch: the answer from ${environment.LUNCH_RELAY_URL} was cut short. Try again in a while.\n`,
      );
      expect(exitCode).toBe(0);
    }
  });

  it('may hold anything where a relay’s answer is lists', async () => {
    const answer = {
      date: 7,
      menus: [],
      failures: [null],
      matches: [null, { dish: 1 }],
      notSearched: [null, {}],
      searched: 'x',
    };
    const restaurants = [{ identifier: 'nanna', name: 1, region: null, publishesMenu: true }];
    const url = await serve((_, response) => response.end(JSON.stringify({ ...answer, restaurants })));
    for (const words of ['find lax', 'list', 'nanna', 'random', 'solna', 'open nanna --no-browser']) {
      const { stderr } = await lunch(`${words} --relay ${url}`, { environment: noCache });
      expect(stderr).not.toMatch(/should not happen/);
    }
    const outcome = await lunch(`nanna --relay ${url}`, { environment: noCache });
    expect(outcome).toMatchObject({ stdout: '', exitCode: 1 });
    expect(outcome.stderr).toMatch(/^lunch: what answers at http:\S+ is no Lunch Relay .*\n$/);
  });

  it('may answer nothing about who was asked for', async () => {
    const restaurants = [{ identifier: 'nanna', name: 'Nanna', region: 'Solna', publishesMenu: true }];
    const answer = { date: '2026-11-23', menus: [], failures: [], restaurants };
    const url = await serve((_, response) => response.end(JSON.stringify(answer)));
    expect(await lunch(`nanna --relay ${url}`, { environment: noCache })).toEqual({
      stdout: '',
      stderr: 'lunch: nanna: the relay answered nothing about it.\n',
      exitCode: 1,
    });
  });

  it('cannot control the terminal by its errors', async () => {
    const detail = '\u001b]0;x\u0007\u009b2Jbad\u202e\nsecond line';
    const url = await serve((_, response) => {
      response.writeHead(400, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ type: '/docs/errors#x', code: 'x', detail }));
    });
    const { stderr } = await lunch(`nanna --relay ${url}`, { environment: noCache });
    expect(stderr).toBe('lunch: bad second line\n');
  });
});

describe('deadlines', () => {
  it('end the whole command, with one attempt', async () => {
    let asked = 0;
    const url = await serve(() => asked++);
    const startedAt = performance.now();
    expect(await lunch(`nanna --timeout 0.2 --relay ${url}`, { environment: noCache })).toEqual({
      stdout: '',
      stderr: `lunch: no answer from ${url} within 0.2 s. Try again in a while, or allow more with --timeout.\n`,
      exitCode: 5,
    });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(asked).toBe(1);
  });
});

describe('the way to the relay', () => {
  it('follows redirects on the same host only', async () => {
    const near = await serve(({ url }, response) =>
      response.writeHead(301, { location: running.test.relay.url + url }).end(),
    );
    expect((await lunch(`nanna --relay ${near}`, { environment: noCache })).stdout).toMatch(/^Restaurang Nanna Svartz/);
    const far = await serve((_, response) => response.writeHead(301, { location: 'http://localhost.example/' }).end());
    expect((await lunch(`nanna --relay ${far}`, { environment: noCache })).exitCode).toBe(1);
  });

  it('sends no password to another port', async () => {
    const seen: Array<string | undefined> = [];
    const other = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(302, { location: running.test.relay.url }).end();
    });
    const near = await serve(({ url, headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(302, { location: url?.startsWith('/moved') ? other : `/moved${url}` }).end();
    });
    await lunch(`nanna --relay ${near.replace('//', '//user:secret@')}`, { environment: noCache });
    const sent = `Basic ${btoa('user:secret')}`;
    expect(seen).toEqual([sent, sent, undefined]);
  });

  describe('through a proxy', () => {
    const seen: string[] = [];
    /** Knows the way to any relay: it is that of these tests. */
    const serveProxy = () =>
      serve((request, response) => {
        seen.push(request.url ?? '');
        const { pathname, search } = new URL(request.url ?? '');
        http.get(running.test.relay.url + pathname + search, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
      });
    const relay = 'http://relay.invalid';
    const nannaBy = (LUNCH_RELAY_URL: string, environment: Record<string, string>) =>
      lunch('nanna', { environment: { ...noCache, LUNCH_RELAY_URL, ...environment } });
    afterEach(() => void seen.splice(0));

    it('leads to a relay that only the proxy knows', async () => {
      const proxy = await serveProxy();
      for (const named of [proxy, proxy.replace('http://', '')]) {
        expect((await nannaBy(relay, { HTTP_PROXY: named })).stdout).toMatch(/^Restaurang Nanna Svartz/);
        expect(seen.splice(0)).toEqual([`${relay}/restaurant`, `${relay}/menus?restaurant=nanna`]);
      }
      expect(await nannaBy(relay, { HTTP_PROXY: 'http://[' })).toMatchObject({ stdout: '', exitCode: 2 });
    });

    it('does not lead where NO_PROXY says so, nor to this machine', async () => {
      const http_proxy = await serveProxy();
      const port = new URL(running.test.relay.url).port;
      // reaches this machine, without being known for it
      const any = await nannaBy(`http://0.0.0.0:${port}`, { http_proxy, no_proxy: '0.0.0.0' });
      expect(any).toMatchObject({ stderr: '', exitCode: 0 });
      for (const host of ['127.0.0.1', '127.1', 'localhost'])
        expect(await nannaBy(`http://${host}:${port}`, { http_proxy })).toMatchObject({ stderr: '', exitCode: 0 });
      expect((await nannaBy('http://[::1]:1', { http_proxy })).exitCode).toBe(5);
      // only on this machine it helps to start one
      const far = await nannaBy(relay, { http_proxy: 'http://127.0.0.1:1' });
      expect(far.stderr).toMatch(
        /^lunch: no relay answers at http:\/\/relay\.invalid \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. Name another with /,
      );
      expect(seen).toEqual([]);
    });
  });

  it('needs none of Node’s own fetch', async () => {
    const own = { Headers, Request, Response };
    installLightFetch(globalThis);
    try {
      expect(globalThis.Request).not.toBe(own.Request);
      const outcomes = [await lunch('nanna'), await lunch('find lax'), await lunch('list --json')];
      expect(outcomes.map(({ stderr }) => stderr)).toEqual(['', expect.any(String), '']);
      await onDay(1, async (now) => {
        running.test.simulator.setFault('*', { kind: 'status', status: 500 });
        expect((await lunch('omni', { now })).exitCode).toBe(5);
      });
    } finally {
      Object.assign(globalThis, own);
    }
  });
});

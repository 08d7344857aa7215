/** Deadlines and retries, against servers that misbehave. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createLunchClient } from '@lunch-relay/sdk';
import { createTransport } from '../src/transport.ts';
import { clientOf, elapsedMs, serve } from './support/clients.ts';
import { failureOf } from './support/failureOf.ts';
import { cut, EMPTY_LIST, hang, hangInBody, json, reset, type Script } from './support/scripted.ts';

const NEVER = new AbortController().signal;
const good = json(EMPTY_LIST);
const problem = (status: number, headers: Record<string, string> = {}) =>
  json({ type: '/docs/errors#upstream_error', code: 'upstream_error', detail: 'It failed.' }, status, headers);

describe('a GET', () => {
  it.each<[string, Script]>([
    ['429', problem(429)],
    ['502', problem(502)],
    ['503', problem(503)],
    ['a reset connection', reset],
    ['a body cut short', cut],
  ])('is sent once more after %s', async (_, fault) => {
    const { server, client } = await clientOf([fault, good]);
    expect(await client.listRestaurants()).toEqual([]);
    expect(server.requests).toHaveLength(2);
  });

  it.each<[string, Script, string]>([
    ['504', problem(504), 'timeout'],
    ['500', problem(500), 'relay_error'],
    ['404', problem(404), 'not_found'],
    ['HTML', (response) => void response.setHeader('Content-Type', 'text/html').end('<p>'), 'invalid_response'],
  ])('is not sent again after %s', async (_, fault, kind) => {
    const { server, client } = await clientOf([fault, good]);
    expect(await failureOf(client.listRestaurants())).toMatchObject({ kind });
    expect(server.requests).toHaveLength(1);
  });

  it.each([0, 1, 3])('is sent again %i times at most', async (retries) => {
    const server = await serve(problem(502));
    const transport = createTransport({ fetch, timeoutMs: 1_000, retries }, () => 0);
    expect((await transport(new Request(server.url), NEVER, performance.now() + 5_000)).status).toBe(502);
    expect(server.requests).toHaveLength(retries + 1);
  });

  it('waits for a random part of 250 ms, and of twice as long before the next retry', async () => {
    const server = await serve(problem(502));
    const transport = createTransport({ fetch, timeoutMs: 1_000, retries: 2 }, () => 0.4);
    const deadlineAt = performance.now() + 5_000;
    const elapsed = await elapsedMs(() => transport(new Request(server.url), NEVER, deadlineAt));
    expect(elapsed).toBeGreaterThanOrEqual(295);
  });

  it('throws the last failure', async () => {
    const { client } = await clientOf([problem(502), cut]);
    expect(await failureOf(client.listRestaurants())).toMatchObject({
      kind: 'invalid_response',
      status: 200,
      retryable: true,
      message: 'The answer was cut short.',
      cause: expect.objectContaining({ message: expect.any(String) as unknown }) as unknown,
    });
  });
});

describe('what is no GET', () => {
  it.each([
    ['POST', reset],
    ['PUT', problem(502)],
    ['DELETE', problem(503)],
  ] as const)('is never sent again: %s', async (method, fault) => {
    const { server, client } = await clientOf([fault, good]);
    await failureOf(client.relay('/anything', { method, ...(method !== 'DELETE' && { body: 'once' }) }));
    expect(server.requests).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  it('is waited for', async () => {
    const { client } = await clientOf([problem(503, { 'Retry-After': '1' }), good]);
    expect(await elapsedMs(() => client.listRestaurants())).toBeGreaterThanOrEqual(990);
  });

  it('may be a date', async () => {
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString();
    const { client } = await clientOf([problem(503, { 'Retry-After': inAnHour })]);
    const { retryAfterMs } = await failureOf(client.listRestaurants());
    expect(retryAfterMs).toBeGreaterThan(3_500_000);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  it.each([
    ['longer than anybody waits', '3600', {}],
    ['longer than the call has', '2', { totalTimeoutMs: 1_000 }],
  ])('that is %s is thrown at once', async (_, seconds, options) => {
    const { server, client } = await clientOf([problem(429, { 'Retry-After': seconds }), good], options);
    const error = await failureOf(client.listRestaurants());
    expect(error).toMatchObject({ kind: 'rate_limited', retryable: true, retryAfterMs: Number(seconds) * 1000 });
    expect(server.requests).toHaveLength(1);
  });

  it('that makes no sense is passed over', async () => {
    const { client } = await clientOf([problem(503, { 'Retry-After': 'soon' })], { retries: 0 });
    expect((await failureOf(client.listRestaurants())).retryAfterMs).toBeUndefined();
  });
});

describe('deadlines', () => {
  it.each<[string, Script]>([
    ['an answer', hang],
    ['a body', hangInBody],
  ])('end an attempt without %s, which is not sent again', async (_, fault) => {
    const { server, client } = await clientOf([fault, good], { timeoutMs: 300 });
    const error = await failureOf(client.listRestaurants());
    expect(error).toMatchObject({ kind: 'timeout', retryable: true });
    expect(error.message).toBe('The relay did not answer within 300 ms.');
    expect(error.status).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it('end the whole call, however its attempts go', async () => {
    const { server, client } = await clientOf([reset, hangInBody], { totalTimeoutMs: 700 });
    expect((await failureOf(client.listRestaurants())).message).toBe('The relay did not answer within 700 ms.');
    expect(server.requests).toHaveLength(2);
  });

  it('hold where fetch does not listen to its signal', async () => {
    const client = createLunchClient({ baseUrl: 'http://x', timeoutMs: 50, fetch: () => new Promise(() => {}) });
    expect((await failureOf(client.listRestaurants())).kind).toBe('timeout');
  });

  it('hold while an answer is parsed', async () => {
    const { client } = await clientOf([good], { totalTimeoutMs: 300 });
    const parse = () => new Promise<never>(() => {});
    expect(await failureOf(client.relay('/version', { parse }))).toMatchObject({ kind: 'timeout' });
    const leaving = new AbortController();
    setTimeout(() => leaving.abort('left'), 50);
    await expect(client.relay('/version', { parse }, { signal: leaving.signal })).rejects.toBe('left');
  });

  it('leave no timers behind: a program ends when its calls have', async () => {
    const server = await serve(problem(503), json(EMPTY_LIST, 200, { Connection: 'close' }));
    const program = `import { createLunchClient } from '@lunch-relay/sdk';
      const lunch = createLunchClient({ baseUrl: '${server.url}', timeoutMs: 60_000, totalTimeoutMs: 60_000 });
      await lunch.listRestaurants();`;
    const words = ['--conditions=@lunch-relay/source', '--input-type=module', '--eval', program];
    const run = () => promisify(execFile)(process.execPath, words, { cwd: 'packages/sdk' });
    expect(await elapsedMs(run)).toBeLessThan(30_000);
  }, 40_000);
});

describe('the fetch that is given', () => {
  it('sends every request', async () => {
    const server = await serve(good);
    const sent: string[] = [];
    const client = createLunchClient({
      baseUrl: server.url,
      fetch: (request) => {
        sent.push(`${request.method} ${new URL(request.url).pathname}`);
        return fetch(request);
      },
    });
    await client.listRestaurants();
    await client.raw.GET('/restaurant');
    await client.relay('/version');
    expect(sent).toEqual(['GET /restaurant', 'GET /restaurant', 'GET /relay_anything/version']);
  });

  it('may throw what it likes: it counts as no connection', async () => {
    const fault = new Error('no route');
    const client = createLunchClient({
      baseUrl: 'http://x',
      retries: 0,
      fetch: () => {
        throw fault;
      },
    });
    expect(await failureOf(client.listRestaurants())).toMatchObject({ kind: 'connection', cause: fault });
  });
});

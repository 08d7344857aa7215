import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { ask, openReply } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();

interface Echo {
  method: string;
  url: string;
  rawHeaders: string[];
  body: string;
  bodyBytes: number;
}

describe('echo', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])(
    'tells what it received with %s',
    async (method) => {
      const sent = Buffer.from([0, 255, 10, 13, 128]);
      const headers = { 'X-MiXeD': 'a', 'content-length': String(sent.length) };
      const reply = await ask(running.at('/_sim/echo?a=1&b=%20'), { method, headers, body: sent });
      const echo = reply.json<Echo>();
      expect(echo).toMatchObject({ method, url: '/api/_sim/echo?a=1&b=%20', bodyBytes: 5 });
      expect(Buffer.from(echo.body, 'base64')).toEqual(sent);
      expect(echo.rawHeaders).toEqual(expect.arrayContaining(['X-MiXeD', 'a']));
    },
  );

  it('answers GET with an empty body and HEAD with none', async () => {
    expect((await ask(running.at('/_sim/echo'))).json()).toMatchObject({ method: 'GET', body: '', bodyBytes: 0 });
    expect(await ask(running.at('/_sim/echo'), { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });

  it('survives an upload that breaks off', async () => {
    const headers = { 'content-length': '1000' };
    const signal = AbortSignal.timeout(20);
    await expect(ask(running.at('/_sim/echo'), { method: 'POST', headers, body: 'short', signal })).rejects.toThrow();
    expect((await ask(running.at('/_sim/echo'))).status).toBe(200);
  });
});

describe('bytes', () => {
  it('are as many as asked for, and the same for the same seed', async () => {
    const first = await ask(running.at('/_sim/bytes?size=200001'));
    const second = await ask(running.at('/_sim/bytes?size=200001'));
    expect(first.body).toHaveLength(200_001);
    expect(first.headers).toMatchObject({ 'content-length': '200001', 'content-type': 'application/octet-stream' });
    expect(first.body.equals(second.body)).toBe(true);
    expect((await ask(running.at('/_sim/bytes?size=0'))).body).toHaveLength(0);
  });

  it('are made only as fast as the client takes them, and no more when it leaves', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const leaving = new AbortController();
    const reply = await openReply(running.at('/_sim/bytes?size=1000000000'), { signal: leaving.signal });
    await sleep(50);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    reply.on('error', () => undefined);
    leaving.abort();
    while (running.simulator.openConnections() > 0) await sleep(2);
  });

  it.each(['', '?size=', '?size=-1', '?size=1.5', '?size=1e10', '?size=many'])(
    'need a size that makes sense, not "%s"',
    async (query) => {
      // the empty text is the number 0 to JavaScript, and no harm
      expect((await ask(running.at(`/_sim/bytes${query}`))).status).toBe(query === '?size=' ? 200 : 400);
    },
  );
});

describe('the other answers', () => {
  it('repeats and misspells header lines, has its own reason phrase and no date', async () => {
    const reply = await ask(running.at('/_sim/headers'));
    expect(reply.reason).toBe('Quite Fine');
    expect(reply.headers).not.toHaveProperty('date');
    expect(reply.headers['set-cookie']).toEqual(['first=1; Path=/', 'second=2; Path=/api']);
    const names = reply.rawHeaders.filter((_, index) => index % 2 === 0);
    expect(names.filter((name) => /^(?:link|vary|set-cookie)$/i.test(name))).toEqual([
      'Set-Cookie',
      'set-cookie',
      'Link',
      'Link',
      'Vary',
      'vary',
    ]);
    expect(names).toContain('X-MiXeD-cAsE');
  });

  it.each([200, 204, 304, 404, 418, 500, 599])('answers the status %i', async (status) => {
    expect((await ask(running.at(`/_sim/status/${status}`))).status).toBe(status);
  });

  it.each(['', '100', '199', '600', 'ok'])('refuses the status "%s"', async (status) => {
    expect((await ask(running.at(`/_sim/status/${status}`))).status).toBe(400);
  });

  it('redirects where it is told to', async () => {
    const found = await ask(running.at('/_sim/redirect?to=http%3A%2F%2Felsewhere.example%2F%3Fa%3D1'));
    expect(found.status).toBe(302);
    expect(found.headers['location']).toBe('http://elsewhere.example/?a=1');
    expect((await ask(running.at('/_sim/redirect?to=/api/restaurant&status=308'))).status).toBe(308);
  });

  it.each(['', '?to=', '?to=a%0d%0ab', '?to=/&status=200'])('refuses the redirect "%s"', async (query) => {
    expect((await ask(running.at(`/_sim/redirect${query}`))).status).toBe(400);
  });

  it('compresses JSON', async () => {
    const reply = await ask(running.at('/_sim/gzip'));
    expect(reply.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    expect(JSON.parse(gunzipSync(reply.body).toString())).toEqual({ compressed: true });
  });

  it('sends in chunks', async () => {
    const reply = await ask(running.at('/_sim/chunked'));
    expect(reply.headers['transfer-encoding']).toBe('chunked');
    expect(reply.headers).not.toHaveProperty('content-length');
    expect(reply.text).toBe('first\nsecond\nthird\n');
  });

  it('answers other names with 404', async () => {
    expect((await ask(running.at('/_sim'))).status).toBe(404);
    expect((await ask(running.at('/_sim/nothing'))).status).toBe(404);
  });

  it('does not wait in the queue, in any wire version', async () => {
    running.simulator.setLatency(10_000);
    for (const wire of ['W4', 'W6', 'W9'] as const) {
      running.simulator.setWire(wire);
      expect((await ask(running.at('/_sim/echo'))).status).toBe(200);
    }
  });
});

/** What the raw relay makes of upstreams and clients that break the rules. */
import { describe, expect, it } from '@jest/globals';
import { fetchRaw } from '../support/rawHttp.ts';
import { startRelayTo } from '../support/relay.ts';
import { useScriptedRelays } from '../support/scriptedRelay.ts';
import { until } from '../support/until.ts';
import { startHttpUpstream } from '../support/upstreams.ts';

const start = useScriptedRelays();

const ok = (body: string, more = '') => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
const heads = (received: readonly string[]) => received.map((chunk) => chunk.split(' HTTP')[0]);

describe('a redirect of the base URL to itself', () => {
  it('is not followed for a request with a body, whose framing would swallow the next request', async () => {
    const { url, received } = await start((socket, chunk) => {
      const isBase = chunk.startsWith('GET /api HTTP');
      socket.write(
        isBase ? 'HTTP/1.1 308 Permanent Redirect\r\nLocation: /api/\r\nContent-Length: 0\r\n\r\n' : ok('other'),
      );
    });
    const withBody = await fetchRaw(`${url}/`, { body: 'x'.repeat(40) });
    expect(withBody.statusLine).toBe('HTTP/1.1 308 Permanent Redirect');
    const next = await fetchRaw(`${url}/next`);
    expect(next.body.toString()).toBe('other');
    expect(heads(received).filter((head) => !head?.startsWith('x'))).toEqual(['GET /api', 'GET /api/next']);
  });
});

describe('an answer that breaks the rules', () => {
  it.each([
    ['a status that does not exist', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n', 'upstream_invalid_response'],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 'upstream_invalid_response'],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc',
      'upstream_invalid_response',
    ],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'upstream_invalid_response',
    ],
  ])('with %s is a 502, however often', async (_, bytes, code) => {
    const { url } = await start((socket) => socket.write(bytes));
    // more often than there are sockets to the upstream
    const answers = await Promise.all(Array.from({ length: 80 }, () => fetch(`${url}/x`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([502]));
    expect(await answers[0]?.json()).toMatchObject({ code });
  });

  it('with bytes after its end is the answer without them', async () => {
    const { url } = await start((socket) => socket.write(`${ok('whole')}EXTRA`));
    const { statusLine, body } = await fetchRaw(`${url}/x`);
    expect([statusLine, body.toString()]).toEqual(['HTTP/1.1 200 OK', 'whole']);
  });
});

describe('a kept-alive connection that the upstream closes', () => {
  it('does not fail the GET that comes next', async () => {
    const { url } = await start((socket, _chunk, before) =>
      before === 0 ? socket.write(ok('fine')) : socket.destroy(),
    );
    for (let round = 0; round < 6; round++) expect((await fetch(`${url}/x`)).status).toBe(200);
  });

  it('fails a POST, which may have been done', async () => {
    const { url, received } = await start((socket, _chunk, before) =>
      before === 0 ? socket.write(ok('fine')) : socket.destroy(),
    );
    expect((await fetch(`${url}/x`, { method: 'POST' })).status).toBe(200);
    expect((await fetch(`${url}/x`, { method: 'POST' })).status).toBe(502);
    expect(received).toHaveLength(2);
  });
});

describe('slow downloads', () => {
  it('do not keep others waiting, and are bounded', async () => {
    const large = 'HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\nbegin';
    const { url } = await start((socket, chunk) => void socket.write(chunk.includes('/large') ? large : ok('fine')), {
      UPSTREAM_TIMEOUT_MS: '1000',
    });
    const leaving = new AbortController();
    const downloads = await Promise.all(
      Array.from({ length: 16 }, () => fetch(`${url}/large`, { signal: leaving.signal })),
    );
    expect(downloads.every(({ status }) => status === 200)).toBe(true);
    expect((await fetch(`${url}/small`)).status).toBe(200);
    const refused = await fetch(`${url}/large`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    leaving.abort();
    await Promise.allSettled(downloads.map((download) => download.text()));
    await until(async () => {
      const next = new AbortController();
      const { status } = await fetch(`${url}/large`, { signal: next.signal });
      next.abort();
      return status === 200;
    });
  });
});

describe('odd names of fields', () => {
  it('reach the upstream as they are', async () => {
    const { url, received } = await start((socket) => socket.write(ok('fine')));
    await fetchRaw(`${url}/x`, { headers: ['Constructor: c', '__proto__: p', 'toString: t'] });
    for (const line of ['Constructor: c', '__proto__: p', 'toString: t'])
      expect(received[0]).toContain(`\r\n${line}\r\n`);
  });
});

describe('a typed path that cannot be decoded', () => {
  it('is the upstream’s to judge with a method that is not the typed route’s', async () => {
    const { url, received } = await start((socket) => socket.write(ok('fine')));
    expect((await fetch(`${url}/restaurant/%ff`, { method: 'POST' })).status).toBe(200);
    expect((await fetch(`${url}/restaurant/%ff`)).status).toBe(400);
    expect(heads(received)).toEqual(['POST /api/restaurant/%ff']);
  });
});

describe('a relay whose upstream is itself', () => {
  it('notices, and says so', async () => {
    const { url, received } = await start((socket) => socket.write(ok('fine')));
    const via = (times: number) =>
      fetchRaw(`${url}/x`, { headers: Array.from({ length: times }, () => 'Via: 1.1 lunch-relay') });
    expect((await via(1)).statusLine).toBe('HTTP/1.1 200 OK');
    const { statusLine, body } = await via(2);
    expect(statusLine).toBe('HTTP/1.1 508 Loop Detected');
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'loop_detected' });
    expect(received).toHaveLength(1);
  });

  it('does not wait for itself', async () => {
    let itself = '';
    const upstream = await startHttpUpstream(({ url = '', headers }, response) => {
      const { via = '' } = headers;
      void fetch(itself + url.replace('/api', ''), { headers: { Via: via } }).then(async ({ status, body }) => {
        await body?.cancel();
        response.writeHead(status).end();
      });
    });
    const relay = await startRelayTo(upstream.url);
    itself = relay.url;
    expect((await fetch(`${relay.url}/x`)).status).toBe(508);
    await relay.close();
    await upstream.close();
  });
});

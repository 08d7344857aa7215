/** Status lines and fields, both ways: as they were sent, but for what belongs to a connection. */
import { describe, expect, it } from '@jest/globals';
import { connectRaw, fetchRaw } from '../support/rawHttp.ts';
import { always, headOf, OK, useScriptedRelays } from '../support/scriptedRelay.ts';

const start = useScriptedRelays();

describe('status line and fields of an answer', () => {
  it.each([
    'HTTP/1.1 200 Quite Fine',
    'HTTP/1.1 200 ',
    'HTTP/1.1 299 Odd',
    'HTTP/1.1 404 Nicht gefunden \u00e4',
    'HTTP/1.1 599 Late',
    'HTTP/1.1 999 Beyond',
  ])('%s comes as it is', async (statusLine) => {
    const { url } = await start(always(`${statusLine}\r\nContent-Length: 2\r\n\r\nok`));
    expect((await fetchRaw(`${url}/x`)).statusLine).toBe(statusLine);
  });

  it('come in order, number and spelling, with bytes beyond ASCII', async () => {
    const fields = [
      ['X-first', 'a'],
      ['SET-cookie', 'a=1; Path=/'],
      ['x-FIRST', ''],
      ['Set-Cookie', 'b=2'],
      ['Vary', 'Accept'],
      ['X-Latin', '\u00e5\u00e4\u00f6 \u00ff'],
      ['vary', 'Origin'],
      ['Date', 'yesterday'],
      ['Age', '5'],
      ['ETag', '1234'],
      ['Content-Length', '2'],
    ];
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const { url } = await start(always(`HTTP/1.1 200 OK\r\n${lines}\r\nok`));
    const { headers } = await fetchRaw(`${url}/x`);
    expect(headers.slice(0, fields.length)).toEqual(fields);
  });

  it('lose what belongs to the connection, and nothing else', async () => {
    const { url } = await start(
      always(
        'HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop, content-length\r\nKeep-Alive: timeout=9\r\nX-Hop: 1\r\nProxy-Connection: a\r\nX-End: 2\r\nContent-Length: 2\r\n\r\nok',
      ),
    );
    const { headers, body } = await fetchRaw(`${url}/x`);
    const names = headers.map(([name]) => name);
    expect(names).toEqual(['X-End', 'Content-Length', 'Date', 'Cache-Status', 'Via', 'X-Request-Id', 'Connection']);
    expect(body.toString()).toBe('ok');
  });

  it('have the time at which they came, where the upstream says none (RFC 9110, section 6.6.1)', async () => {
    const { url } = await start(always(OK));
    const before = Math.floor(Date.now() / 1_000) * 1_000;
    const { headers } = await fetchRaw(`${url}/x`);
    const [[, date = ''] = [], ...others] = headers.filter(([name]) => name === 'Date');
    expect(others).toEqual([]);
    expect(Date.parse(date)).toBeGreaterThanOrEqual(before);
  });

  it('come before the body does', async () => {
    const { url } = await start(always('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'));
    const client = await connectRaw(url);
    client.send('GET /x HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await client.until((text) => text.endsWith('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    client.socket.destroy();
  });

  it('of HTTP/1.0 without a length are whole when the connection ends', async () => {
    const { url } = await start((socket) => void socket.end('HTTP/1.0 200 OK\r\nX: 1\r\n\r\nuntil the end'));
    const { body, isWhole, headers } = await fetchRaw(`${url}/x`);
    expect([body.toString(), isWhole]).toEqual(['until the end', true]);
    expect(headers).toContainEqual(['Via', '1.0 lunch-relay']);
  });
});

describe('values beyond ASCII', () => {
  const field = 'X-L: sm\u00f6r';

  it('are sent on byte by byte in front of a body that comes later', async () => {
    const { url } = await start((socket) => {
      socket.write(`HTTP/1.1 200 Gr\u00f6n\r\n${field}\r\nContent-Length: 2\r\n\r\n`, 'latin1');
      setTimeout(() => socket.write('ok'), 50);
    });
    const { statusLine, headers, body } = await fetchRaw(`${url}/x`);
    expect([statusLine, body.toString()]).toEqual(['HTTP/1.1 200 Gr\u00f6n', 'ok']);
    expect(headers).toContainEqual(['X-L', 'sm\u00f6r']);
  });

  it('reach the upstream byte by byte in front of a body', async () => {
    const { url, received } = await start(always(OK));
    await fetchRaw(`${url}/x`, { method: 'POST', headers: [field], body: 'ok' });
    expect(headOf(received[0])).toContain(field);
  });
});

describe('the fields of a request', () => {
  it('reach the upstream in order, number and spelling', async () => {
    const { url, received } = await start(always(OK));
    const sent = [
      'X-b: 1',
      'ACCEPT: */*',
      'Cookie: a=1',
      'x-B: 2',
      'If-None-Match: "a"',
      'If-Modified-Since: x',
      'X-L: \u00e5',
    ];
    await fetchRaw(`${url}/x?a=%20`, { headers: sent });
    expect(headOf(received[0])).toEqual([
      'GET /api/x?a=%20 HTTP/1.1',
      expect.stringMatching(/^host: 127\.0\.0\.1:\d+$/),
      'connection: keep-alive',
      'X-b: 1',
      'X-b: 2',
      'ACCEPT: */*',
      'Cookie: a=1',
      'If-None-Match: "a"',
      'If-Modified-Since: x',
      'X-L: \u00e5',
      expect.stringMatching(/^traceparent: 00-[\da-f]{32}-[\da-f]{16}-00$/),
      'forwarded: for=127.0.0.1;proto=http',
      'x-forwarded-for: 127.0.0.1',
      'x-forwarded-proto: http',
      'via: 1.1 lunch-relay',
    ]);
  });

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'])(
    'of %s without a body do not say that there is one',
    async (method) => {
      const { url, received } = await start((socket) => void socket.write(method === 'HEAD' ? OK.slice(0, -2) : OK));
      await fetchRaw(`${url}/x`, { method });
      const head = headOf(received[0]).map((line) => line.toLowerCase());
      expect(head[0]).toBe(`${method.toLowerCase()} /api/x http/1.1`);
      const framing = head.filter((line) => /^(?:content-length|transfer-encoding)/.test(line));
      // a length of nothing is what methods with a body should have (RFC 9110, section 8.6)
      expect(framing).toEqual(['PROPFIND', 'QUERY'].includes(method) ? ['content-length: 0'] : []);
    },
  );

  it('ask for trailers if the client does', async () => {
    const { url, received } = await start(always(OK));
    await fetchRaw(`${url}/x`, { headers: ['TE: deflate;q=0.5, trailers'] });
    expect(headOf(received[0])).toEqual(expect.arrayContaining(['te: trailers', 'connection: TE']));
  });

  it.each(['OPTIONS', 'TRACE'])('of %s are forwarded as often as Max-Forwards says', async (method) => {
    const { url, received } = await start(always(OK));
    await fetchRaw(`${url}/x`, { method, headers: ['Max-Forwards: 3'] });
    expect(headOf(received[0])).toContain('Max-Forwards: 2');
    const { statusLine } = await fetchRaw(`${url}/x`, { method, headers: ['Max-Forwards: 0'] });
    expect(statusLine).toBe(method === 'TRACE' ? 'HTTP/1.1 501 Not Implemented' : 'HTTP/1.1 204 No Content');
    expect(received).toHaveLength(1);
    await fetchRaw(`${url}/x`, { headers: ['Max-Forwards: 0'] });
    expect(headOf(received[1])).toContain('Max-Forwards: 0');
  });
});

describe('a request that announces trailers and has no chunks', () => {
  it.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', 'body'],
  ])('%s reaches the upstream without Trailer, and ends nothing', async (method, body) => {
    const { url, received } = await start((socket, chunk) => {
      if (method !== 'POST' || chunk.endsWith('body')) socket.write(OK);
    });
    const { statusLine } = await fetchRaw(`${url}/x`, { method, body, headers: ['Trailer: X'] });
    expect(statusLine).toBe('HTTP/1.1 200 OK');
    expect(received.join('')).not.toMatch(/trailer/i);
  });
});

describe('a reason phrase that cannot be sent on', () => {
  it('is a problem, with nothing of the relay’s inside', async () => {
    const { url } = await start(always('HTTP/1.1 200 O\u0001K\r\nContent-Length: 2\r\n\r\nok'));
    const { statusLine, headers, body } = await fetchRaw(`${url}/x`);
    expect(statusLine).toBe('HTTP/1.1 502 Bad Gateway');
    expect(headers).toContainEqual(['Content-Type', 'application/problem+json']);
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'upstream_invalid_response' });
  });
});

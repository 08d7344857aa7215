/** What passes through the relay beside head and body, byte for byte: interim responses, trailers, expectations, fields. */
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connectRaw, exchangeRaw, fetchRaw, parseRaw } from '../support/rawHttp.ts';
import { startRelayTo } from '../support/relay.ts';
import { startScriptedUpstream } from '../support/upstreams.ts';

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A relay in front of an upstream that writes what `answer` says. */
async function start(
  answer: (socket: Socket, chunk: string, before: number) => void,
  settings: Record<string, string> = {},
) {
  const upstream = await startScriptedUpstream(answer);
  closing.push(upstream.close);
  const relay = await startRelayTo(upstream.url, settings);
  closing.push(relay.close);
  return { url: relay.url, received: upstream.received };
}

const always = (bytes: string) => (socket: Socket) => void socket.write(bytes, 'latin1');
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const headOf = (request = '') => request.split('\r\n\r\n', 1)[0]?.split('\r\n') ?? [];

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
    expect(names).toEqual(['X-End', 'Content-Length', 'Cache-Status', 'Via', 'X-Request-Id', 'Connection']);
    expect(body.toString()).toBe('ok');
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
      'Connection: keep-alive',
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

describe('interim responses', () => {
  const INTERIM =
    'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nLink: </b>; rel=preload\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-More: yes\r\n\r\n';

  it('pass, each with its end-to-end fields', async () => {
    const { url } = await start(always(INTERIM + OK));
    const { text } = await exchangeRaw(url, 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(text.split('HTTP/1.1 ').slice(1)).toEqual([
      '102 Processing\r\n\r\n',
      '103 Early Hints\r\nLink: </a>; rel=preload\r\nLink: </b>; rel=preload\r\n\r\n',
      '103 Early Hints\r\nX-More: yes\r\n\r\n',
      expect.stringMatching(/^200 OK\r\n[\s\S]*\r\n\r\nok$/),
    ]);
  });

  it('wait for the answers that are due before', async () => {
    const { url } = await start((socket, chunk) => {
      if (chunk.includes('/slow')) setTimeout(() => socket.write(OK), 150);
      else
        socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nINFO');
    });
    const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const { text } = await exchangeRaw(url, get('/slow') + get('/info', 'Connection: close\r\n'));
    const heads = text.split('HTTP/1.1 ').slice(1);
    expect(heads.at(0)).toMatch(/^200 OK[\s\S]*ok$/);
    expect(heads.at(-1)).toMatch(/^200 OK[\s\S]*\r\n\r\nINFO$/);
    expect(heads.slice(1, -1).every((head) => head.startsWith('103 '))).toBe(true);
  });

  it('are kept from HTTP/1.0, which knows none', async () => {
    const { url } = await start(always(INTERIM + OK));
    const { text } = await exchangeRaw(url, 'GET /x HTTP/1.0\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nok$/);
    expect(text).not.toContain('103');
  });

  it('do not take the place of an answer', async () => {
    const { url } = await start((socket) => void socket.end(INTERIM));
    const { text } = await exchangeRaw(url, 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*"code":"upstream_unreachable"/);
  });

  it('101 that nobody asked for is no answer', async () => {
    const { url } = await start(
      always('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
    const { statusLine, body } = await fetchRaw(`${url}/x`);
    expect(statusLine).toBe('HTTP/1.1 502 Bad Gateway');
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'upstream_invalid_response' });
  });
});

describe('trailers', () => {
  const WITH_TRAILERS =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-More\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\nX-More: \u00e5\r\nContent-Encoding: gzip\r\nX-Forwarded-For: 6.6.6.6\r\nCookie: a=1\r\n\r\n';

  it('of an answer pass, but for those that no trailer may be', async () => {
    const { url } = await start(always(WITH_TRAILERS));
    const { text } = await exchangeRaw(url, 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(text).toContain('\r\nTrailer: X-Sum, X-More\r\n');
    expect(text).toMatch(/\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-Sum: 2\r\nX-More: \u00e5\r\n\r\n$/);
  });

  it.each([
    ['HTTP/1.0', 'GET /x HTTP/1.0\r\n\r\n'],
    ['HEAD', 'HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ])('are left out for %s, which has no place for them', async (_, request) => {
    const { url } = await start(
      (socket, chunk) =>
        void socket.write(chunk.startsWith('HEAD') ? (WITH_TRAILERS.split('3\r\n')[0] ?? '') : WITH_TRAILERS, 'latin1'),
    );
    const { text } = await exchangeRaw(url, request);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).not.toMatch(/X-Sum: 1|Trailer/);
    if (request.startsWith('GET')) expect(text).toMatch(/\r\n\r\nabc$/);
  });

  it('of a request pass', async () => {
    const { url, received } = await start(
      (socket, chunk) => void (chunk.endsWith('X-Sum: 1\r\n\r\n') && socket.write(OK)),
    );
    const { text } = await exchangeRaw(
      url,
      'POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n',
    );
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(headOf(received[0])).toContain('Trailer: X-Sum');
    expect(received.join('')).toMatch(/\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n$/);
  });
});

describe('Expect: 100-continue', () => {
  const HEAD = 'POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n';

  it('lets the upstream say when the body may come', async () => {
    const { url, received } = await start(
      (socket, _chunk, before) => void socket.write(before === 0 ? 'HTTP/1.1 100 Continue\r\n\r\n' : OK),
    );
    const client = await connectRaw(url);
    client.send(HEAD);
    expect(await client.until((text) => text.endsWith('\r\n\r\n'))).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(received).toHaveLength(1);
    expect(headOf(received[0])).toContain('expect: 100-continue');
    client.send('body');
    await client.until((text) => text.endsWith('ok'));
    expect(received.slice(1)).toEqual(['body']);
    client.socket.destroy();
  });

  it('lets the upstream refuse before the body has come', async () => {
    const { url, received } = await start(always('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno'));
    const client = await connectRaw(url);
    client.send(HEAD);
    const answer = await client.until((text) => text.endsWith('no'));
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized/);
    expect(received).toHaveLength(1);
    client.socket.destroy();
  });

  it('that was granted is the client’s turn, however long it takes', async () => {
    const { url } = await start(
      (socket, _chunk, before) => void socket.write(before === 0 ? 'HTTP/1.1 100 Continue\r\n\r\n' : OK),
      { UPSTREAM_TIMEOUT_MS: '150' },
    );
    const client = await connectRaw(url);
    client.send(HEAD);
    await client.until((text) => text.includes('100 Continue'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    client.send('body');
    expect(await client.until((text) => text.endsWith('ok'))).toContain('HTTP/1.1 200 OK');
    client.socket.destroy();
  });

  it('that the upstream does not react to is its delay, not the client’s', async () => {
    const { url } = await start(() => {}, { UPSTREAM_TIMEOUT_MS: '150' });
    const client = await connectRaw(url);
    client.send(HEAD);
    expect(await client.until((text) => text.includes('"code"'))).toMatch(/^HTTP\/1\.1 504 /);
    client.socket.destroy();
  });

  it('is nothing in HTTP/1.0', async () => {
    const { url, received } = await start((socket, chunk) => void (chunk.endsWith('body') && socket.write(OK)));
    const { text } = await exchangeRaw(url, `${HEAD.replace('1.1', '1.0')}body`);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(headOf(received[0]).join()).not.toMatch(/expect/i);
  });

  it('and other expectations are the upstream’s to judge', async () => {
    const { url, received } = await start(always('HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno'));
    const { statusLine } = await fetchRaw(`${url}/x`, {
      method: 'POST',
      headers: ['Expect: miracle', 'Content-Length: 0'],
    });
    expect(statusLine).toBe('HTTP/1.1 417 No');
    expect(headOf(received[0])).toContain('expect: miracle');
  });
});

describe('an answer in a coding', () => {
  it.each(['gzip', 'br', 'zstd', 'x-unknown'])('%s is handed on as it is', async (coding) => {
    const bytes = '\u001f\u008b\u0000\u00ffnot really';
    const { url } = await start(
      always(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`),
    );
    const { headers, body } = await fetchRaw(`${url}/x`, { headers: ['Accept-Encoding: gzip, br'] });
    expect(headers).toContainEqual(['Content-Encoding', coding]);
    expect(body.toString('latin1')).toBe(bytes);
  });
});

describe('an answer in a transfer coding under its chunks', () => {
  it('is refused: the client would take the coded bytes for the body', async () => {
    const { url } = await start(
      always('HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
    );
    const { statusLine, body } = await fetchRaw(`${url}/x`);
    expect(statusLine).toBe('HTTP/1.1 502 Bad Gateway');
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'upstream_invalid_response' });
  });
});

describe('HEAD, 204 and 304', () => {
  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n', '1000'],
    ['GET', 'HTTP/1.1 204 No Content\r\nX: 1\r\n\r\n', undefined],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 1000\r\n\r\n', '1000'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', undefined],
  ])('%s %j ends with the head', async (method, bytes, length) => {
    const { url } = await start(always(bytes));
    const client = await connectRaw(url);
    client.send(`${method} /x HTTP/1.1\r\nHost: x\r\n\r\n`);
    const { headers, body } = parseRaw(await client.until((text) => text.endsWith('\r\n\r\n')));
    expect(headers.find(([name]) => name === 'Content-Length')?.[1]).toBe(length);
    expect(headers.some(([name]) => name === 'Transfer-Encoding')).toBe(false);
    expect(body).toHaveLength(0);
    // and the connection is good for the next request
    client.send(`${method} /y HTTP/1.1\r\nHost: x\r\n\r\n`);
    await client.until((text) => text.split('HTTP/1.1 ').length === 3);
    client.socket.destroy();
  });
});

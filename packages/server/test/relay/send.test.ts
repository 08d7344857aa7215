/** What comes before, in and behind a body: interim responses, codings and trailers, and answers that have none. */
import { describe, expect, it } from '@jest/globals';
import { connectRaw, exchangeRaw, fetchRaw, parseRaw } from '../support/rawHttp.ts';
import { always, headOf, OK, useScriptedRelays } from '../support/scriptedRelay.ts';

const start = useScriptedRelays();

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

  it.each([
    ['', 'Upgrade: x\r\nConnection: Upgrade\r\n'],
    [' and that does not say to what', ''],
  ])('101 that nobody asked for%s is no answer', async (_, fields) => {
    const { url } = await start(always(`HTTP/1.1 101 Switching Protocols\r\n${fields}\r\n`));
    const { statusLine, body } = await fetchRaw(`${url}/x`);
    expect(statusLine).toBe('HTTP/1.1 502 Bad Gateway');
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'upstream_invalid_response' });
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

describe('an answer in a transfer coding that is not chunked, or is under its chunks', () => {
  it.each([
    ['gzip, chunked', '3\r\nabc\r\n0\r\n\r\n'],
    ['gzip', 'abc'],
    ['chunked, identity', 'abc'],
  ])('%s is refused: the client would take the coded bytes for the body', async (coding, coded) => {
    const { url } = await start(
      (socket) => void socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${coding}\r\n\r\n${coded}`),
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

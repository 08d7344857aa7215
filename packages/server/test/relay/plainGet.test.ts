/** A plain GET is sent by undici, everything else by Node's client: whoever asks must not be able to tell. */
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PlainGet } from '../../src/relay/plainGet.ts';
import { createPlainPool } from '../../src/relay/plainPool.ts';
import { closedAfterEach } from '../support/closing.ts';
import { exchangeRaw, fetchRaw } from '../support/rawHttp.ts';
import { always, headOf, OK, useScriptedRelays } from '../support/scriptedRelay.ts';
import { startScriptedUpstream } from '../support/upstreams.ts';

const start = useScriptedRelays();
const closing = closedAfterEach();

/** Undici cannot send it. */
const BY_NODE = 'TE: trailers\r\n';
/** Of one length in every problem. */
const ID = 'X-Request-Id: same\r\n';

let asked = 0;

async function ask(url: string, field: string): Promise<string> {
  const { origin } = new URL(url);
  const head = `GET /${++asked} HTTP/1.1\r\nHost: a\r\n${ID}${field}Connection: close\r\n\r\n`;
  const { text, error } = await exchangeRaw(origin, head);
  return `${text}${error}`.replace(/^(Date|X-Request-Id): .*\r\n/gim, '').replace(/"(requestId|traceId)":"[^"]*"/g, '');
}

const chunks = 'Transfer-Encoding: chunked\r\n\r\n';

describe.each([
  ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['HTTP/1.0 that ends with the connection', 'HTTP/1.0 200 OK\r\n\r\nok', 'end'],
  ['a body that ends with the connection', 'HTTP/1.1 200 OK\r\n\r\nok', 'end'],
  ['a protocol that is much like HTTP', 'ICE/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok'],
  ['a phrase in Latin-1', 'HTTP/1.1 200 Gr\u00f6n\r\nContent-Length: 2\r\n\r\nok'],
  ['a phrase in UTF-8', 'HTTP/1.1 200 Gr\u00c3\u00b6n\r\nContent-Length: 2\r\n\r\nok'],
  ['a long phrase', 'HTTP/1.1 200  All   is well: 1.1 200 \r\nContent-Length: 2\r\n\r\nok'],
  ['an empty phrase', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok'],
  ['no phrase', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'],
  ['empty lines before it', '\r\n\r\nHTTP/1.1 200 Yes\r\nContent-Length: 2\r\n\r\nok'],
  ['odd empty lines before it', '\r\r\nHTTP/1.1 200 Yes\r\nContent-Length: 2\r\n\r\nok'],
  ['a status of its own', 'HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nok'],
  ['a status beyond 599', 'HTTP/1.1 799 Odder\r\nContent-Length: 2\r\n\r\nok'],
  ['white space around values', 'HTTP/1.1 200 OK\r\nX-A:   a b \t \r\nX-B:\r\nX-C: \t\r\nContent-Length: 2\r\n\r\nok'],
  ['white space behind its length', 'HTTP/1.1 200 OK\r\nContent-Length: 2 \r\n\r\nok'],
  ['values in Latin-1', 'HTTP/1.1 200 OK\r\nX-A: sm\u00f6r\r\nContent-Length: 2\r\n\r\nok'],
  [
    'the same field more than once',
    'HTTP/1.1 200 OK\r\nx-a: 1\r\nX-A: 2\r\nSet-Cookie: a\r\nset-cookie: b\r\nContent-Length: 2\r\n\r\nok',
  ],
  ['names that objects have', 'HTTP/1.1 200 OK\r\n__proto__: a\r\nconstructor: b\r\nContent-Length: 2\r\n\r\nok'],
  ['chunks and trailers', `HTTP/1.1 200 OK\r\nTrailer: X-T\r\n${chunks}2\r\nok\r\n0\r\nX-T: t \r\nX-U: \u00fc\r\n\r\n`],
  ['chunks with extensions', `HTTP/1.1 200 OK\r\n${chunks}1;a=b\r\no\r\n1\r\nk\r\n0\r\n\r\n`],
  ['no content', 'HTTP/1.1 204 Nothing\r\n\r\n'],
  [
    'a hint before it',
    `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nok`,
  ],
  ['hints before it', `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${OK}`],
  [
    'a hint before it, and a version and a phrase of its own',
    'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.0 200 Gr\u00f6n\r\nContent-Length: 2\r\n\r\nok',
  ],
  ['100 before it', `HTTP/1.1 100 Continue\r\n\r\n${OK}`],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n'],
  ['another protocol that has no name', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ['a status that is none', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
  ['nothing', '', 'end'],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-Le', 'end'],
  ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok', 'end'],
  ['half a chunk', `HTTP/1.1 200 OK\r\n${chunks}4\r\nok`, 'end'],
  ['no last chunk', `HTTP/1.1 200 OK\r\n${chunks}2\r\nok\r\n`, 'end'],
  ['no HTTP', 'hello\r\n\r\n', 'end'],
  ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
  ['a name with white space', 'HTTP/1.1 200 OK\r\nX A: a\r\nContent-Length: 2\r\n\r\nok'],
  ['a value with a control character', 'HTTP/1.1 200 OK\r\nX-A: a\u0001b\r\nContent-Length: 2\r\n\r\nok'],
  ['a folded value', 'HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\nok'],
  ['line feeds alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
  ['compressed chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
  ['a thousand fields', `HTTP/1.1 200 OK\r\n${'a:b\r\n'.repeat(1_000)}Content-Length: 2\r\n\r\nok`],
  ['a head that is too large', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(20_000)}\r\nContent-Length: 2\r\n\r\nok`],
  ['a phrase that is too large', `HTTP/1.1 200 ${'a'.repeat(40_000)}`],
  ['bytes behind it', `${OK}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged`],
])('an answer with %s', (_, bytes, then = '') => {
  const whole = (socket: Socket) => {
    socket.write(bytes, 'latin1');
    if (then === 'end') socket.end();
  };
  const inPieces = async (socket: Socket) => {
    for (const character of bytes.slice(0, 200)) {
      socket.write(character, 'latin1');
      await nextTurn();
    }
    if (bytes.length > 200) socket.write(bytes.slice(200), 'latin1');
    if (then === 'end') socket.end();
  };

  it('is the same to a plain GET', async () => {
    const { url } = await start(whole);
    expect(await ask(url, '')).toBe(await ask(url, BY_NODE));
    // on a connection that has been used, where there is one
    expect(await ask(url, '')).toBe(await ask(url, BY_NODE));
  });

  it('is the same to a plain GET where it comes in pieces', async () => {
    const { url } = await start((socket) => void inPieces(socket));
    expect(await ask(url, '')).toBe(await ask(url, BY_NODE));
  });
});

describe('a plain GET', () => {
  it('goes another way than what undici cannot send', async () => {
    const { url, received } = await start(always(OK));
    await fetchRaw(`${url}/x`);
    await fetchRaw(`${url}/x`, { headers: ['TE: trailers'] });
    await fetchRaw(`${url}/x`, { headers: ['Expect: 100-continue'] });
    await fetchRaw(`${url}/x`, { body: 'ok' });
    const isPlain = received.map((head) => headOf(head)[2] === 'connection: keep-alive');
    expect(isPlain).toEqual([true, false, false, false]);
  });

  it('is asked twice where a 100 comes that nobody asked for, and never again that way', async () => {
    const { url, received } = await start(always(`HTTP/1.1 100 Continue\r\n\r\n${OK}`));
    for (const path of ['/1', '/2', '/3'])
      expect((await fetchRaw(url + path)).body.toString()).toContain('HTTP/1.1 200 OK');
    expect(received).toHaveLength(4);
  });

  it('is asked a third time where that comes to one whose idle connection was lost', async () => {
    let connections = 0;
    const { url, received } = await start((socket, _, before) => {
      if (before === 0) connections += 1;
      if (connections > 1) socket.write(`HTTP/1.1 100 Continue\r\n\r\n${OK}`);
      else if (before === 0) socket.write(OK);
      else socket.destroy();
    });
    for (const path of ['/1', '/2']) expect((await fetchRaw(url + path)).body.toString()).toContain('ok');
    expect(received.map((head) => headOf(head)[0]?.split(' ')[1])).toEqual(['/api/1', '/api/2', '/api/2', '/api/2']);
  });

  it('has a body that does not wait in memory for a client that does not read', async () => {
    const large = Buffer.alloc(1024 * 1024);
    let written = 0;
    const { url } = await start((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n');
      const more = () => {
        while (!socket.destroyed && socket.write(large)) written += large.length;
      };
      socket.on('drain', more);
      more();
    });
    const { body } = await fetch(`${url}/x`);
    let before = -1;
    for (; before !== written; await new Promise((resolve) => setTimeout(resolve, 200))) before = written;
    expect(written).toBeLessThan(32 * large.length);
    await body?.cancel();
  });

  it('that was given up while it waited for a connection leaves that to the next', async () => {
    let connections = 0;
    const upstream = await startScriptedUpstream((socket, _, before) => {
      if (before === 0) connections += 1;
      setTimeout(() => socket.write(OK), 20);
    });
    const pool = createPlainPool(new URL(upstream.url).origin, { mostSockets: 1, connectTimeoutMs: 1_000 });
    closing.push(upstream.close, () => pool.destroy());
    const send = (path: string) => {
      const call = new PlainGet(path, {}, () => {});
      call.sendBy(pool);
      return call;
    };
    const [first, left, late, last] = [send('/first'), send('/left'), send('/late'), send('/last')];
    for (const call of [left, late]) call.fail(new Error('given up'));
    const outcomes = await Promise.allSettled([first, left, late, last].map(({ answered }) => answered));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(upstream.received.map((head) => headOf(head)[0])).toEqual(['GET /first HTTP/1.1', 'GET /last HTTP/1.1']);
    expect(connections).toBe(1);
  });
});

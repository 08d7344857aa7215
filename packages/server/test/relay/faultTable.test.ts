/**
 * Every fault of the upstream's, met by every kind of request. Before the head: a problem. After it: a cut that the client
 * can tell from an end. In any case: the next request is answered, though the guard has a single slot.
 */
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { closedAfterEach } from '../support/closing.ts';
import { connectRaw, parseRaw, type RawResponse } from '../support/rawHttp.ts';
import { startRelayTo } from '../support/relay.ts';
import { startScriptedUpstream } from '../support/upstreams.ts';

const closing = closedAfterEach();

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';
const HALF_CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n';

/** What the upstream does with a request for `/bad`. */
type Fault = (socket: Socket) => void;

/** Writes what has to be read before the reset: one may overtake the other. */
const reset = (socket: Socket, first = '') =>
  socket.write(first, () => setTimeout(() => socket.resetAndDestroy(), first === '' ? 0 : 20));

const later = (socket: Socket, first: string, then: string) =>
  socket.write(first, () => setTimeout(() => socket.write(then), 20));

function drip(socket: Socket, first: string, text: string) {
  socket.write(first);
  let sent = 0;
  const timer = setInterval(() => socket.write(text[sent++ % text.length] ?? ''), 25);
  socket.once('close', () => clearInterval(timer));
}

const UNREACHABLE = '502 upstream_unreachable';
const TIMEOUT = '504 upstream_timeout';
const UNUSABLE = '502 upstream_invalid_response';
const CUT = '200 cut';

/** What is told to a client, and to HEAD where that is something else. */
const FAULTS: Array<[string, Fault | URL, string, forHead?: string]> = [
  ['a refused connection', new URL('http://127.0.0.1:1/api'), UNREACHABLE],
  ['a name that nobody knows', new URL('http://no-such-host.invalid/api'), UNREACHABLE],
  ['no TLS where there should be', (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), UNREACHABLE],
  ['a reset before the head', (socket) => reset(socket), UNREACHABLE],
  ['an end before the head', (socket) => socket.end(), UNREACHABLE],
  ['a reset in the head', (socket) => reset(socket, 'HTTP/1.1 200 OK\r\nX:'), UNREACHABLE],
  ['a reset in the body', (socket) => reset(socket, HALF), CUT],
  ['a reset between chunks', (socket) => reset(socket, HALF_CHUNKED), CUT],
  ['a reset in a body that ends with the connection', (socket) => reset(socket, 'HTTP/1.1 200 OK\r\n\r\nhalf'), CUT],
  ['a truncated body', (socket) => socket.end(HALF), CUT],
  ['truncated chunks', (socket) => socket.end(HALF_CHUNKED), CUT],
  ['a broken chunk', (socket) => later(socket, HALF_CHUNKED, 'zz\r\n'), CUT],
  ['a broken chunk at once', (socket) => socket.write(`${HALF_CHUNKED}zz\r\n`), UNUSABLE, '200 whole'],
  ['a slow head', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX: ', 'x'), TIMEOUT],
  ['a body that stops', (socket) => socket.write(HALF), CUT],
  ['chunks that stop', (socket) => socket.write(HALF_CHUNKED), CUT],
  ['no answer', () => {}, TIMEOUT],
  [
    'a head that is too large',
    (socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`),
    UNUSABLE,
  ],
  ['too many fields', (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'a:\r\n'.repeat(2_500)}\r\n`), UNUSABLE],
  ['no HTTP', (socket) => socket.write('SSH-2.0-OpenSSH\r\n'), UNUSABLE],
];

const BODY = 'Content-Length: 4\r\n\r\nbody';
const KINDS: Array<[string, (path: string) => string, { isHead?: boolean; isReuse?: boolean }?]> = [
  ['GET', (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['POST with a body', (path) => `POST ${path} HTTP/1.1\r\nHost: x\r\n${BODY}`],
  ['HEAD', (path) => `HEAD ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, { isHead: true }],
  ['HTTP/1.0', (path) => `GET ${path} HTTP/1.0\r\n\r\n`],
  ['GET on a connection that has been used', (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`, { isReuse: true }],
];

/** Brief only where time is what ends the call: on a busy machine other faults take longer to be seen than that. */
const settingsFor = (expected: string) => ({
  UPSTREAM_TIMEOUT_MS: expected === TIMEOUT ? '200' : '10000',
  BODY_IDLE_TIMEOUT_MS: '200',
  UPSTREAM_CONCURRENCY: '1',
});

async function start(fault: Fault | URL, expected: string) {
  const upstream = await startScriptedUpstream((socket, chunk) => {
    if (/^\w+ \S*\/good /.test(chunk)) socket.write(chunk.startsWith('HEAD') ? OK.slice(0, -2) : OK);
    else if (typeof fault === 'function') fault(socket);
  });
  closing.push(upstream.close);
  const url = fault instanceof URL ? fault.href : upstream.url;
  const isPlain = fault === FAULTS.find(([name]) => name.startsWith('no TLS'))?.[1];
  const relay = await startRelayTo(isPlain ? url.replace('http:', 'https:') : url, settingsFor(expected));
  closing.push(relay.close);
  return { url: relay.url, answersGood: typeof fault === 'function' && !isPlain };
}

/** Sends on the connection and reads one answer: until it is whole, or the connection is closed. */
async function ask(url: string, requests: readonly string[], { isHead = false } = {}): Promise<RawResponse> {
  const client = await connectRaw(url);
  try {
    for (const [index, request] of requests.entries()) {
      const before = client.received().length;
      client.send(request);
      const isDone = (text: string) => {
        const answer = text.slice(before);
        if (!answer.includes('\r\n\r\n')) return false;
        const { isWhole, headers } = parseRaw(answer);
        const isFramed = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
        return isHead || (isWhole && isFramed);
      };
      const text = await client.until(isDone).catch(() => client.received());
      if (index === requests.length - 1) {
        const error = client.socket.destroyed ? await client.closed : '';
        return parseRaw(text.slice(before), error);
      }
    }
  } finally {
    client.socket.destroy();
  }
  throw new Error('no requests');
}

function told({ statusLine, body, isWhole }: RawResponse, isHead: boolean): string {
  const status = statusLine.split(' ')[1] ?? 'nothing';
  if (status === '200') return isWhole || isHead ? '200 whole' : CUT;
  return isHead ? status : `${status} ${(JSON.parse(body.toString()) as { code: string }).code}`;
}

describe.each(FAULTS)('%s', (_, fault, expected, toHead) => {
  it.each(KINDS)('met by %s', async (_name, request, { isHead = false, isReuse = false } = {}) => {
    const { url, answersGood } = await start(fault, expected);
    const requests = isReuse && answersGood ? [request('/good'), request('/bad')] : [request('/bad')];
    const answer = await ask(url, requests, { isHead });
    // there is no body after HEAD that could be cut
    const forHead = toHead ?? (expected === CUT ? '200 whole' : expected.split(' ')[0]);
    expect(told(answer, isHead)).toBe(isHead ? forHead : expected);
    // the slot has come back, and the connection that failed is not used again
    if (answersGood) {
      const good = KINDS[0]?.[1]('/good') ?? '';
      expect(told(await ask(url, [good, good]), false)).toBe('200 whole');
    }
  });
});

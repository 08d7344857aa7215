/** Whatever bytes clients and upstream send, in whatever pieces: the process of the relay lives, and answers the next. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../test/support/runs.ts';
import { connectRaw } from '../support/rawHttp.ts';
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/upstreams.ts';

let upstream: ScriptedUpstream;
let relay: RelayProcess;
let url: string;
async function startRelay(): Promise<void> {
  const guards = {
    UPSTREAM_CALLS_PER_MINUTE: '0',
    CLIENT_RATE_LIMIT: '0',
    UPSTREAM_BREAKER: '0',
    UPSTREAM_RETRIES: '0',
  };
  const settings = { ...guards, UPSTREAM_CONCURRENCY: '0', RELAY_UPGRADES: '1', SHED_LAG_MS: '0' };
  relay = startRelayProcess({ ...settings, UPSTREAM_URL: upstream.url });
  ({ url } = await relay.listening);
}
beforeAll(async () => {
  // answers what the target says, as hexadecimal digits, and ends the connection where no length says where it ends
  upstream = await startScriptedUpstream((socket, chunk) => {
    const [, digits = ''] = /^\S+ \/api\/([\da-f]+) /.exec(chunk) ?? [];
    if (digits !== '') socket.end(Buffer.from(digits, 'hex'));
  });
  await startRelay();
}, 60_000);
afterAll(async () => {
  relay.child.kill('SIGKILL');
  await relay.ended;
  await upstream.close();
});

const LONGEST_MS = 250;

/** Sends pieces one after the other, and waits until the relay has closed the connection, or for a while. */
async function send(pieces: readonly string[]): Promise<void> {
  const connection = await connectRaw(url).catch(() => undefined);
  if (connection === undefined) return; // it has ended, which is for `expectAlive` to find
  for (const piece of pieces) {
    connection.send(piece);
    await setImmediate();
  }
  const timer = setTimeout(() => connection.socket.destroy(), LONGEST_MS);
  await connection.closed;
  clearTimeout(timer);
}

/** A process that has ended is replaced, so that what ended it can be made smaller. */
async function expectAlive(): Promise<void> {
  const isAnswered = await fetch(`${url}/docs/errors`, { headers: { Connection: 'close' } }).then(
    (response) => response.ok,
    () => false,
  );
  if (isAnswered) return;
  const { stdout, stderr } = relay.said;
  relay.child.kill('SIGKILL');
  await relay.ended;
  await startRelay();
  throw new Error(
    `it has ended: ${stderr}${stdout.split('\n').findLast((line) => line.includes('fatal')) ?? stdout.slice(-500)}`,
  );
}

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const targetFor = (answer: string) => `/${hex(answer)}`;
const FRESH = targetFor('HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nETag: "a"\r\nContent-Length: 2\r\n\r\nok');

const TARGETS = [
  '/restaurant',
  '/docs/errors',
  '/..',
  FRESH,
  '*',
  'http://x/',
  '/relay_anything/docs',
  '//',
  '/restaurant/%ff',
];
const FIELDS = [
  'Host: x',
  'Host: x',
  'Host: y z',
  'Connection: close',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Version: 13',
  'Content-Length: 2',
  'Content-Length: 5',
  'Content-Length: x',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Trailer: X-Sum',
  'TE: trailers',
  'Expect: 100-continue',
  'Expect: wonders',
  'If-None-Match: "a"',
  'If-None-Match: *',
  'Range: bytes=0-0',
  'Max-Forwards: 0',
  'Via: 1.1 lunch-relay, 1.1 lunch-relay',
  'Authorization: Basic eDp5',
  'X-Request-Id: \u0080',
  'traceparent: 00-0-0-0',
  'X\u0000: a',
  ': a',
];
const request = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'OPTIONS', 'TRACE', 'CONNECT', 'DELETE', 'NONSENSE'),
    target: fc.constantFrom(...TARGETS),
    version: fc.constantFrom('1.1', '1.1', '1.1', '1.0', '9'),
    fields: fc.array(fc.constantFrom(...FIELDS), { maxLength: 4 }),
    body: fc.constantFrom('', '', 'ok', '2\r\nok\r\n0\r\n\r\n', '2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n', 'z\r\n'),
  })
  .map(({ method, target, version, fields, body }) =>
    [`${method} ${target} HTTP/${version}`, 'Host: x', ...fields, '', body].join('\r\n'),
  );
const bytes = fc.oneof(
  { arbitrary: request, weight: 6 },
  { arbitrary: fc.constantFrom('X\r\n\r\n', '\r\n', '\u0016\u0003'), weight: 1 },
);

const ANSWER_LINES = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 204 No Content',
  'HTTP/1.1 206 Partial Content',
  'HTTP/1.1 304 Not Modified',
  'HTTP/1.1 301 Moved',
  'HTTP/1.1 500 Broken',
  'HTTP/1.1 999 Odd',
  'HTTP/1.1 200 O\u0001K',
  'HTTP/1.1 200 \u00e5',
  'HTTP/1.0 200 OK',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 101 Switching Protocols',
  'HTTP/1.1 103 Early Hints',
];
const ANSWER_FIELDS = [
  'Cache-Control: max-age=60',
  'Cache-Control: max-age=60',
  'Cache-Control: no-cache="X-A"',
  'Content-Length: 2',
  'Content-Length: 2',
  'Content-Length: 9',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Trailer: X-Sum',
  'ETag: "a"',
  'ETag: \u0001',
  'Last-Modified: yesterday',
  'Vary: *',
  'Vary: Accept',
  'Location: //x',
  'Location: http://[',
  'Location: ',
  'Set-Cookie: \u0080=1',
  'Content-Range: bytes 0-1/2',
  'Content-Range: x',
  'Connection: X-A, close',
  'Connection: content-length',
  'Upgrade: h2c',
  'Keep-Alive: timeout=0',
  'Age: -1',
  'Date: never',
  'X-A: \u0007',
  'Retry-After: x',
  '__proto__: a',
];
const answer = fc
  .record({
    interim: fc.constantFrom(
      '',
      '',
      'HTTP/1.1 103 Early Hints\r\nLink: \u0001\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
    ),
    line: fc.constantFrom(...ANSWER_LINES),
    fields: fc.array(fc.constantFrom(...ANSWER_FIELDS), { maxLength: 6 }),
    body: fc.constantFrom(
      '',
      'ok',
      'okok',
      '2\r\nok\r\n0\r\n\r\n',
      '2\r\nok\r\n0\r\nX-Sum: \u0001\r\n\r\n',
      '2\r\nok\r\n',
    ),
  })
  .map(({ interim, line, fields, body }) => interim + [line, ...fields, '', body].join('\r\n'));

const HANDSHAKE = ['Upgrade: websocket', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Version: 13'];

/** As often as it takes until an answer lies ready, and then in the other ways in which one is sent. */
const ASKED: ReadonlyArray<readonly [method: string, ...fields: string[]]> = [
  ...['GET', 'GET', 'GET', 'GET', 'HEAD'].map((method) => [method, 'Connection: close'] as const),
  ...['If-None-Match: "a"', 'Range: bytes=0-0', 'Accept: x'].map(
    (field) => ['GET', 'Connection: close', field] as const,
  ),
  ['POST', 'Connection: close', 'Content-Length: 0'],
  ['GET', 'Connection: Upgrade', ...HANDSHAKE],
];

describe('the process lives', () => {
  it('whatever clients send, one behind the other and in pieces', async () => {
    await send([`GET ${FRESH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(400), { maxLength: 2 }),
        async (requests, cuts) => {
          const all = requests.join('');
          const edges = [0, ...cuts.filter((cut) => cut < all.length).sort((one, other) => one - other), all.length];
          await send(edges.slice(1).map((edge, index) => all.slice(edges[index], edge)));
          await expectAlive();
        },
      ),
      runs({ numRuns: 120, seed: 9112 }),
    );
  }, 600_000);

  it('whatever the upstream answers, however often that is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(answer, async (text) => {
        for (const [method, ...fields] of ASKED)
          await send([[`${method} ${targetFor(text)} HTTP/1.1`, 'Host: x', ...fields, '', ''].join('\r\n')]);
        await expectAlive();
      }),
      runs({ numRuns: 60, seed: 9112 }),
    );
  }, 600_000);
});

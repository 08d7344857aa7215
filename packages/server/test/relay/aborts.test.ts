/** Clients that leave in the middle, a thousand at a time: nothing stays behind. */
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRaw } from '../support/rawHttp.ts';
import { startRelayTo } from '../support/relay.ts';
import { until } from '../support/until.ts';
import { type HttpUpstream, startHttpUpstream } from '../support/upstreams.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const ROUNDS = 1_000;
const AT_ONCE = 50;
const PIECE = Buffer.alloc(64 * 1024, 'x');

let upstream: HttpUpstream;
let relay: Awaited<ReturnType<typeof startRelayTo>>;
const warnings: string[] = [];
const warn = (warning: Error) => warnings.push(warning.message);

beforeAll(async () => {
  process.on('warning', warn);
  upstream = await startHttpUpstream((request, response) => {
    request.on('error', () => {});
    if (request.method === 'GET') {
      response.setHeader('Content-Length', 1e9);
      for (let piece = 0; piece < 4; piece++) response.write(PIECE);
    } else if (request.method === 'HEAD') response.end();
    else request.resume();
  });
  relay = await startRelayTo(upstream.url, { UPSTREAM_TIMEOUT_MS: '30000', UPSTREAM_CONCURRENCY: '0' });
});
afterAll(async () => {
  await relay.close();
  await upstream.close();
  process.off('warning', warn);
});

/** Leaves once the answer has begun. */
async function abortDownload(): Promise<void> {
  const client = await connectRaw(relay.url);
  client.send('GET /x HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(client.socket, 'data');
  client.socket.destroy();
  await client.closed;
}

/** Leaves with half of the body sent. */
async function abortUpload(): Promise<void> {
  const client = await connectRaw(relay.url);
  client.send(`POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${2 * PIECE.length}\r\n\r\n`);
  await new Promise((resolve) => client.socket.write(PIECE, resolve));
  client.socket.destroy();
  await client.closed;
}

async function repeat(times: number, run: () => Promise<void>): Promise<void> {
  for (let done = 0; done < times; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, run));
}

function held(): { heapBytes: number; resources: number } {
  collectGarbage();
  return { heapBytes: process.memoryUsage().heapUsed, resources: process.getActiveResourcesInfo().length };
}

describe.each([
  ['downloads', abortDownload],
  ['uploads', abortUpload],
])('a thousand aborted %s', (_, abort) => {
  it('leave sockets, listeners and heap flat', async () => {
    await repeat(ROUNDS, abort); // what is made once and kept: with `--coverage` a mebibyte
    await until(() => upstream.openConnections() === 0);
    const before = held();
    await repeat(ROUNDS, abort);
    // the calls to the upstream end with the clients that they were for
    await until(() => upstream.openConnections() === 0);
    // what is closed by now is gone some turns of the event loop later
    await until(() => held().resources <= before.resources + 5);
    expect(held().heapBytes - before.heapBytes).toBeLessThan(ROUNDS * 1_000);
    expect(warnings).toEqual([]);
    expect((await fetch(`${relay.url}/y`, { method: 'HEAD' })).status).toBe(200);
  }, 60_000);
});

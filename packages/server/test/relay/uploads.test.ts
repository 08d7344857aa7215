/** Bodies on their way up: streamed, with a limit for whoever is slow. (Gigabytes: test/system.) */
import { describe, expect, it } from '@jest/globals';
import { closedAfterEach } from '../support/closing.ts';
import { connectRaw, type RawConnection } from '../support/rawHttp.ts';
import { startRelayTo } from '../support/relay.ts';
import { useHandledRelays, useScriptedRelays } from '../support/scriptedRelay.ts';

const closing = closedAfterEach();
const start = useHandledRelays();
const startScripted = useScriptedRelays();

async function countBytes(body: AsyncIterable<unknown>): Promise<number> {
  let bytes = 0;
  for await (const piece of body) bytes += (piece as Buffer).length;
  return bytes;
}

describe('an upload', () => {
  const HEAD = 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n';
  const open = async (url: string): Promise<RawConnection> => {
    const client = await connectRaw(url);
    closing.push(() => client.socket.destroy());
    return client;
  };

  it('reaches the upstream as it comes, head first', async () => {
    const relay = await startScripted((socket, chunk) => {
      if (chunk.includes('part')) socket.write('HTTP/1.1 103 Early Hints\r\nX: seen\r\n\r\n');
      if (chunk.endsWith('end')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
    const client = await open(relay.url);
    client.send('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n');
    while (relay.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    client.send('part');
    expect(await client.until((text) => text.includes('X: seen'))).toMatch(/^HTTP\/1\.1 103 /);
    client.send('end');
    expect(await client.until((text) => text.includes('200 OK'))).toContain('HTTP/1.1 200 OK');
  });

  it('may take longer than the upstream may for its answer, as long as it goes on', async () => {
    const url = await start(
      (request, response) => void countBytes(request).then((bytes) => response.end(String(bytes))),
      { UPSTREAM_TIMEOUT_MS: '100' },
    );
    const client = await open(url);
    client.send('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n');
    for (let part = 0; part < 10; part++) {
      client.send('x'.repeat(200));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await client.until((text) => /\r\n2000\r\n|\r\n\r\n2000/.test(text))).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('that the client breaks off in the middle is its delay: 408', async () => {
    let hasLeft = false;
    const url = await start((request) => void request.resume().once('close', () => (hasLeft = true)), {
      UPSTREAM_TIMEOUT_MS: '100',
      BODY_IDLE_TIMEOUT_MS: '300',
    });
    const client = await open(url);
    client.send(`${HEAD}some of it`);
    await client.closed;
    expect(client.received()).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*Connection: close[\s\S]*"request_timeout"/,
    );
    expect(hasLeft).toBe(true);
  });

  it('by single bytes is too slow, too', async () => {
    const url = await start((request) => void request.resume(), { BODY_IDLE_TIMEOUT_MS: '300' });
    const client = await open(url);
    client.send(HEAD);
    const timer = setInterval(() => client.send('x'), 20);
    await client.closed;
    clearInterval(timer);
    expect(client.received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that the upstream does not take is its delay: 504', async () => {
    const url = await start((request) => void request.pause(), { UPSTREAM_TIMEOUT_MS: '300' });
    const client = await open(url);
    client.send('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n');
    client.socket.write(Buffer.alloc(50_000_000));
    expect(await client.until((text) => text.includes('"code"'))).toMatch(/^HTTP\/1\.1 504 /);
  });

  it('that was sent whole leaves the upstream its time, and no more', async () => {
    const url = await start((request) => void request.resume(), { UPSTREAM_TIMEOUT_MS: '200' });
    const startedAt = performance.now();
    const answer = await fetch(`${url}/x`, { method: 'POST', body: 'x'.repeat(10) });
    expect(answer.status).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('that the upstream answers early gets the answer, and goes no further', async () => {
    let taken = 0;
    const url = await start((request, response) => {
      request.on('data', (piece: Buffer) => {
        taken += piece.length;
      });
      request.once('data', () => response.writeHead(413, { 'Content-Length': 4 }).end('much'));
    });
    const client = await open(url);
    client.send('POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n');
    client.socket.write(Buffer.alloc(200_000));
    expect(await client.until((text) => text.endsWith('much'))).toMatch(/^HTTP\/1\.1 413 /);
    const takenThen = taken;
    client.socket.write(Buffer.alloc(2_000_000));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(taken - takenThen).toBeLessThan(400_000);
  });

  describe('that nobody takes any more', () => {
    const BYTES = 8 * 1024 * 1024;
    const refusing = async (settings: Readonly<Record<string, string>> = {}) => {
      const relay = await startRelayTo('http://127.0.0.1:1/api', settings);
      closing.push(relay.close);
      return relay.url;
    };
    const early = () =>
      start((request, response) => {
        request.once('data', () => {
          request.pause();
          response.writeHead(413, { 'Content-Length': 4 }).end('much');
        });
      });

    it.each([
      ['an upstream that refuses the connection', refusing, /^HTTP\/1\.1 502 /],
      ['an upstream that has answered early', early, /^HTTP\/1\.1 413 /],
    ])('because of %s is read to its end, for clients that read only then', async (_, startIt, told) => {
      const client = await open(await startIt());
      client.socket.pause();
      client.send(`POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: ${BYTES}\r\n\r\n`);
      await new Promise((sent) => client.socket.write(Buffer.alloc(BYTES), sent));
      client.socket.resume();
      expect(await client.until((text) => text.includes('\r\n\r\n'))).toMatch(told);
      // and the connection is good for another
      client.send('OPTIONS /x HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\n\r\n');
      expect(await client.until((text) => text.includes(' 204 '))).toContain('HTTP/1.1 204 No Content');
    });

    it('holds the connection no longer than one that is taken when its client falls silent', async () => {
      const client = await open(await refusing({ BODY_IDLE_TIMEOUT_MS: '300' }));
      client.send(`${HEAD}some of it`);
      await client.closed;
      expect(client.received().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 502']);
    });
  });
});

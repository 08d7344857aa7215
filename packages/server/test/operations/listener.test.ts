import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Listener, listen } from '../../src/operations/listener.ts';
import { createLog } from '../../src/operations/log.ts';
import { parseConfig, startRelay } from '../../src/relay-server.ts';
import { connectRaw } from '../support/rawHttp.ts';

const handle = () => {};

const opened: Listener[] = [];
afterEach(async () => {
  for (const listener of opened.splice(0)) await listener.drain(0);
});

/** A listener on a free port that is closed after the test. */
async function open(
  answer: http.RequestListener,
  limits: { headTimeoutMs?: number; bodyPatienceMs?: number; silenceMs?: number },
) {
  const listener = await listen(answer, { name: 'public', host: '127.0.0.1', port: 0, ...limits });
  opened.push(listener);
  return listener.url;
}

describe('a listener', () => {
  it.each([
    [undefined, /^http:\/\/localhost:\d+$/],
    ['0.0.0.0', /^http:\/\/localhost:\d+$/],
    ['127.0.0.1', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['localhost', /^http:\/\/localhost:\d+$/],
  ])('on %s says under which URL it is reached', async (host, url) => {
    const listener = await listen(handle, { name: 'public', host, port: 0 });
    expect(listener.url).toMatch(url);
    await listener.drain(0);
  });

  it('lets requests finish while it drains, and tells their clients to go elsewhere', async () => {
    const { promise: answerNow, resolve: answer } = Promise.withResolvers<void>();
    const listener = await listen((_, response) => void answerNow.then(() => response.end('done')), {
      name: 'public',
      host: '127.0.0.1',
      port: 0,
    });
    const agent = new http.Agent({ keepAlive: true });
    const asked = once(http.get(listener.url, { agent }), 'response') as Promise<[http.IncomingMessage]>;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const drained = listener.drain(10_000);
    answer();
    const [response] = await asked;
    expect(response.headers.connection).toBe('close');
    response.resume();
    await drained; // long before its time, though the client would have kept the connection
    await expect(fetch(listener.url)).rejects.toThrow();
    agent.destroy();
  });

  it('cuts a connection on which nothing moves any more, and none that is waited for or that moves', async () => {
    const begun: http.ServerResponse[] = [];
    const url = await open((_, response) => void begun.push(response), { silenceMs: 200 });
    const [silent, slow, idle] = await Promise.all([connectRaw(url), connectRaw(url), connectRaw(url)]);
    silent.send('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
    slow.send('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    idle.send('GET /3 HTTP/1.1\r\nHost: x\r\n\r\n');
    while (begun.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    begun.find(({ req }) => req.url === '/3')?.end();
    const slowly = begun.find(({ req }) => req.url === '/2');
    const drip = setInterval(() => slowly?.write('.'), 20);
    expect(await silent.closed).toBe('');
    clearInterval(drip);
    slowly?.end('done');
    expect(await slow.until((text) => text.includes('done'))).toContain('200 OK');
    expect(idle.socket.destroyed).toBe(false);
    for (const { socket } of [slow, idle]) socket.destroy();
  });

  it('before it drains, answers what comes on a connection that it has said it keeps, and then closes it', async () => {
    const { promise: goOn, resolve: end } = Promise.withResolvers<void>();
    const handleSlowly: http.RequestListener = (_, response) => {
      response.write('begun, ');
      void goOn.then(() => response.end('done'));
    };
    const listener = await listen(handleSlowly, { name: 'public', host: '127.0.0.1', port: 0 });
    const client = await connectRaw(listener.url);
    client.send('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until((text) => text.includes('begun'));
    listener.announceDrain();
    end();
    await client.until((text) => text.endsWith('0\r\n\r\n'));
    client.send('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.closed;
    expect(client.received().match(/done/g)).toHaveLength(2);
    expect(client.received().match(/Connection: (?:close|keep-alive)/g)).toEqual([
      'Connection: keep-alive',
      'Connection: close',
    ]);
    await listener.drain(0);
  });

  it('does not wait for connections that were opened in advance when it drains', async () => {
    const listener = await listen(handle, { name: 'public', host: '127.0.0.1', port: 0 });
    const client = await connectRaw(listener.url);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await listener.drain(60_000);
    await client.closed;
  });

  it.each([
    ['says nothing', '', /^$/],
    ['stops in the middle of a head', 'GET / HTTP/1.1\r\nHost: x\r\n', /^HTTP\/1\.1 408 Request Timeout\r\n/],
    ['sends a head by single bytes', 'GET / HTTP/1.1\r\nX: ', /^HTTP\/1\.1 408 /],
    ['sends what is no HTTP', '\u0016\u0003\u0001', /^HTTP\/1\.1 400 Bad Request\r\n/],
  ])('does not wait for a client that %s', async (_, bytes, told) => {
    const client = await connectRaw(await open(handle, { headTimeoutMs: 200 }));
    client.send(bytes);
    const timer = setInterval(() => bytes.endsWith('X: ') && client.send('x'), 20);
    await client.closed;
    clearInterval(timer);
    expect(client.received()).toMatch(told);
  });

  it('lets nobody hold it by a body that is never read: what is answered is answered, the rest is cut', async () => {
    const client = await connectRaw(await open((_, response) => void response.end('done'), { bodyPatienceMs: 200 }));
    client.send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n');
    await client.until((text) => text.endsWith('done'));
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('says which setting to change when it cannot listen', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refusal = (name: string, host: string, wanted: number) =>
      listen(handle, { name, host, port: wanted }).then(
        () => '',
        (error: Error) => error.message,
      );
    expect(await refusal('public', '127.0.0.1', port)).toBe(
      `Cannot listen on 127.0.0.1:${port} (public): the port is in use. Stop what uses it, or set PORT.`,
    );
    expect(await refusal('admin', '127.0.0.1', port)).toContain('or set ADMIN_PORT.');
    expect(await refusal('public', '192.0.2.1', 0)).toBe(
      'Cannot listen on 192.0.2.1:0 (public): this machine has no such address. Set HOST.',
    );
    expect(await refusal('admin', 'no-such-host.invalid', 0)).toContain('Set ADMIN_HOST.');

    // what was open already is closed again: a second start on the same admin port gets as far as the first
    const config = parseConfig({ HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: '0' });
    await expect(startRelay(config, { log: createLog('silent') })).rejects.toThrow('(public)');
    other.close();
  });
});

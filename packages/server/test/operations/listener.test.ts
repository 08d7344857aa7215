import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { listen } from '../../src/operations/listener.ts';
import { createLog } from '../../src/operations/log.ts';
import { parseConfig, startRelay } from '../../src/relay-server.ts';

const handle = () => {};

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

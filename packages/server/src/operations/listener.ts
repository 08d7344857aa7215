/** A listening HTTP server that can be stopped without failing the requests it has begun. */
import http, { type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  /** With the port that was really taken; `localhost` where it listens on every interface. */
  readonly url: string;
  /** Stops accepting, lets requests in flight finish for at most `timeoutMs`, then cuts what is left. */
  drain(timeoutMs: number): Promise<void>;
}

interface ListenerOptions {
  readonly name: string;
  readonly host: string | undefined;
  readonly port: number;
}

/** The address cannot be listened on; the message says why and which setting to change. */
export class ListenError extends Error {}

/** Rejects with a ListenError. */
export async function listen(handle: RequestListener, { name, host, port }: ListenerOptions): Promise<Listener> {
  const answering = new Set<ServerResponse>();
  let isDraining = false;
  const server = http.createServer((request, response) => {
    answering.add(response);
    // told in the answer, so that the client sends its next request to somebody else
    if (isDraining) response.shouldKeepAlive = false;
    response.once('close', () => {
      answering.delete(response);
      if (isDraining) server.closeIdleConnections();
    });
    return handle(request, response);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve).once('error', reject);
  server.listen(port, host);
  await promise.catch((error: NodeJS.ErrnoException) => {
    throw new ListenError(explain(error, { name, host, port }), { cause: error });
  });
  const address = server.address() as AddressInfo;
  const urlHost =
    host === undefined || host === '::' || host === '0.0.0.0' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${urlHost}:${address.port}`,
    async drain(timeoutMs) {
      const closed = new Promise<void>((done) => void server.close(() => done()));
      isDraining = true;
      for (const response of answering) response.shouldKeepAlive = false;
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function explain({ code, message }: NodeJS.ErrnoException, { name, host, port }: ListenerOptions): string {
  const where = `${host ?? '*'}:${port}`;
  const setting = name === 'admin' ? 'ADMIN_' : '';
  if (code === 'EADDRINUSE')
    return `Cannot listen on ${where} (${name}): the port is in use. Stop what uses it, or set ${setting}PORT.`;
  if (code === 'EACCES')
    return `Cannot listen on ${where} (${name}): not allowed. Set ${setting}PORT to a port above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `Cannot listen on ${where} (${name}): this machine has no such address. Set ${setting}HOST.`;
  return `Cannot listen on ${where} (${name}): ${message}`;
}

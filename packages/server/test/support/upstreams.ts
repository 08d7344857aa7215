/** Upstreams that do what the simulated one does not: break the rules of HTTP, speak TLS, take and send gigabytes. */
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Socket } from 'node:net';

export interface ScriptedUpstream {
  readonly url: string;
  /** The request heads that came, in order, with what came after them on the connection. */
  readonly received: readonly string[];
  readonly close: () => Promise<void>;
}

/** Calls `answer` with every chunk that a client sends, and with how many came before it on the same connection. */
export async function startScriptedUpstream(
  answer: (socket: Socket, chunk: string, before: number) => void,
): Promise<ScriptedUpstream> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    let before = 0;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    socket.on('data', (chunk) => {
      received.push(chunk.toString('latin1'));
      answer(socket, chunk.toString('latin1'), before++);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    received,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface HttpUpstream {
  readonly url: string;
  readonly openConnections: () => number;
  readonly close: () => Promise<void>;
}

/** An upstream of Node's own HTTP server; with TLS if it is given a key and a certificate. */
export async function startHttpUpstream(handle: RequestListener, tls?: https.ServerOptions): Promise<HttpUpstream> {
  const server = tls ? https.createServer(tls, handle) : http.createServer(handle);
  // uploads of the tests may take as long as they like
  server.requestTimeout = 0;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${(server.address() as AddressInfo).port}/api`,
    openConnections: () => open.size,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

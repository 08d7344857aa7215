/**
 * The server's socket: opens it, counts its connections, closes it for good.
 * Promises that after `close` nothing is left open, however its clients behave.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Listener {
  /** `http://127.0.0.1:9090` */
  readonly origin: string;
  readonly openConnections: () => number;
  readonly connectionsAccepted: () => number;
  readonly close: () => Promise<void>;
}

/** As patient as the ingress of the real service, so that hardly any request meets a connection that is being closed. */
const KEEP_ALIVE_MS = 75_000;

/** `port` 0 is any free one. Rejects with an Error whose message is fit for users when it cannot listen there. */
export async function listen(onRequest: RequestListener, at: { host: string; port: number }): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, onRequest);
  const open = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(whyNot(error, at), { cause: error })));
    server.listen(at.port, at.host, resolve);
  });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  const { port } = server.address() as AddressInfo;
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  return {
    origin: `http://${host}:${port}`,
    openConnections: () => open.size,
    connectionsAccepted: () => accepted,
    async close() {
      server.close();
      // the server says that it is closed before the last of its sockets is
      await Promise.all([closed, ...[...open].map(destroyed)]);
    },
  };
}

function destroyed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()).destroy());
}

function whyNot({ code, message }: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): string {
  if (code === 'EADDRINUSE') return `port ${port} on ${host} is already in use`;
  if (code === 'EACCES') return `port ${port} on ${host} is not allowed for this user`;
  return `cannot listen on ${host}, port ${port}: ${message}`;
}

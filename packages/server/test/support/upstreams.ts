/** Upstreams that break the rules of HTTP in ways that no HTTP server of Node can be made to. */
import { once } from 'node:events';
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

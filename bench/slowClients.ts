/** Clients that nobody would like to have: they send or read a byte a second, or leave at once. All end with `stop`. */
import net, { type Socket } from 'node:net';
import { getHead } from './load/connection.ts';

export interface SlowClients {
  /** How many the server still has. */
  readonly open: () => number;
  /** How many the server has turned away with a status. */
  readonly refused: () => number;
  readonly stop: () => void;
}

const BYTE_EVERY_MS = 1_000;

/** A head that never ends, a byte a second. */
export function startSlowHeads(port: number, count: number): SlowClients {
  const clients = connectAll(port, count, 'GET /restaurant/nanna HTTP/1.1\r\nHost: lunch.example\r\nX-Slow: ');
  const drip = setInterval(() => {
    for (const { socket } of clients) if (socket.writable) socket.write('x');
  }, BYTE_EVERY_MS);
  for (const client of clients) client.socket.on('data', () => client.note());
  return watched(clients, drip);
}

/** An answer of many megabytes, of which a byte a second is taken; the system's buffers take some more at the start. */
export function startSlowReaders(port: number, count: number, path: string): SlowClients {
  const clients = connectAll(port, count, (index) => getHead(`${path}${index}`));
  const drip = setInterval(() => {
    for (const { socket } of clients) socket.read(1);
  }, BYTE_EVERY_MS);
  return watched(clients, drip);
}

/** Asks and is gone before the answer can be there. */
export function startLeavers(port: number, count: number, path: string): SlowClients {
  const clients = connectAll(port, count, (index) => getHead(`${path}${index}`));
  const leave = setTimeout(() => {
    for (const { socket } of clients) socket.destroy();
  }, 20);
  return watched(clients, leave);
}

interface Client {
  readonly socket: Socket;
  readonly note: () => void;
  readonly isRefused: () => boolean;
}

function connectAll(port: number, count: number, words: string | ((index: number) => string)): Client[] {
  return Array.from({ length: count }, (_, index) => {
    const localAddress = `127.3.${Math.floor(index / 250)}.${1 + (index % 250)}`;
    const socket = net.connect({ port, host: '127.0.0.1', localAddress });
    socket.on('error', () => {}); // it is the server's right to cut it
    socket.write(typeof words === 'string' ? words : words(index));
    let isRefused = false;
    const note = () => {
      isRefused = true;
    };
    return { socket, note, isRefused: () => isRefused };
  });
}

function watched(clients: readonly Client[], timer: NodeJS.Timeout): SlowClients {
  return {
    open: () => clients.filter(({ socket }) => socket.readyState === 'open' && !socket.readableEnded).length,
    refused: () => clients.filter(({ isRefused }) => isRefused()).length,
    stop() {
      clearTimeout(timer);
      for (const { socket } of clients) socket.destroy();
    },
  };
}

/**
 * One kept connection of a client, one request at a time. Reads just enough of an answer to know its status and its end,
 * so that the client takes little of the machine from the server. Opens itself anew when the server has closed it.
 */
import net, { type Socket } from 'node:net';

export interface ConnectionOptions {
  readonly port: number;
  /** Default: 127.0.0.1, as every client; another of 127.0.0.0/8 makes another client of it. */
  readonly localAddress?: string;
}

/** The status; 0 where no whole answer came. */
type Done = (status: number) => void;

export interface Connection {
  /** Resolves when it is open, or cannot be. */
  readonly open: () => Promise<boolean>;
  /** `head` is a whole request. Not before the last is done. */
  readonly send: (head: string, done: Done) => void;
  readonly close: () => unknown;
}

export function createConnection({ port, localAddress = '127.0.0.1' }: ConnectionOptions): Connection {
  let socket: Socket | undefined;
  let waiting: Done | undefined;
  let received = '';

  function settle(status: number): void {
    const done = waiting;
    waiting = undefined;
    received = '';
    done?.(status);
  }

  function connect(): Socket {
    const opened = net.connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
    socket = opened;
    return opened
      .on('data', (chunk: Buffer) => {
        // one character for each byte: lengths are those of the wire
        received += chunk.toString('latin1');
        const status = statusOfWhole(received);
        if (status !== undefined) settle(status);
      })
      .on('error', () => {}) // `close` comes too
      .on('close', () => {
        if (socket === opened) socket = undefined;
        settle(0);
      });
  }

  return {
    open: () =>
      new Promise((resolve) => {
        connect()
          .once('connect', () => resolve(true))
          .once('close', () => resolve(false));
      }),
    send(head, done) {
      waiting = done;
      (socket ?? connect()).write(head, 'latin1');
    },
    close: () => socket?.destroy(),
  };
}

/** The status of an answer that is all there, undefined as long as it is not. */
export function statusOfWhole(text: string): number | undefined {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const status = Number(text.slice(9, 12));
  if (status === 304 || status === 204) return status;
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, headEnd + 2))?.[1];
  // without a length it comes in chunks, of which the last is empty
  const isWhole = length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length >= headEnd + 4 + Number(length);
  return isWhole ? status : undefined;
}

/** The head of a GET as a client sends it. */
export function getHead(path: string, fields: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ Host: 'lunch.example', ...fields }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

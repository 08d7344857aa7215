/** HTTP as it goes over the wire: for what an HTTP client would mend, hide or refuse to send. */
import { once } from 'node:events';
import net from 'node:net';

export interface RawResponse {
  readonly statusLine: string;
  /** In order and multiplicity, names as sent. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** With chunked framing taken off. */
  readonly body: Buffer;
  /** Whether the body came to its end by its own framing; without one, whether the connection ended in order. */
  readonly isWhole: boolean;
}

/** A connection that says what it is told to say, and keeps what comes. */
export interface RawConnection {
  readonly socket: net.Socket;
  /** One byte a character. */
  readonly received: () => string;
  readonly send: (text: string) => void;
  /** Waits until `isSo` of what has come; rejects when the connection is closed before. */
  readonly until: (isSo: (received: string) => boolean) => Promise<string>;
  /** Resolves with the code of the error that ended it, `''` for an orderly end. */
  readonly closed: Promise<string>;
}

export async function connectRaw(origin: string): Promise<RawConnection> {
  const { hostname, port } = new URL(origin);
  const socket = net.connect(Number(port), hostname);
  let received = '';
  let error = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code ?? 'unknown';
  });
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(error)));
  await once(socket, 'connect');
  return {
    socket,
    received: () => received,
    send: (text) => void socket.write(text, 'latin1'),
    async until(isSo) {
      while (!isSo(received)) {
        if (socket.destroyed) throw new Error(`closed (${error}) after: ${received}`);
        await Promise.race([once(socket, 'data'), closed]);
      }
      return received;
    },
    closed,
  };
}

/** Sends bytes on a connection of its own, and reads until the server closes it. */
export async function exchangeRaw(origin: string, bytes: string): Promise<{ text: string; error: string }> {
  const connection = await connectRaw(origin);
  connection.send(bytes);
  const error = await connection.closed;
  return { text: connection.received(), error };
}

/** Sends a request head, and a body if given, and reads until the server closes the connection. */
export async function sendRaw(origin: string, lines: readonly string[], body = ''): Promise<RawResponse> {
  const { text, error } = await exchangeRaw(origin, `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
  return parseRaw(text, error);
}

/** A GET or the like, with the Host field that a client would send. */
export function fetchRaw(
  url: string,
  { method = 'GET', headers = [] as readonly string[], body = '', version = '1.1' } = {},
): Promise<RawResponse> {
  const { origin, host } = new URL(url);
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const target = url.slice(origin.length) || '/';
  return sendRaw(origin, [`${method} ${target} HTTP/${version}`, `Host: ${host}`, ...length, ...headers], body);
}

/** `error` is how the connection ended. */
export function parseRaw(text: string, error = ''): RawResponse {
  const bytes = Buffer.from(text, 'latin1');
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const field = (name: string) => headers.find(([other]) => other.toLowerCase() === name)?.[1];
  const framed = bytes.subarray(end + 4);
  if (field('transfer-encoding') === 'chunked') return { statusLine, headers, ...unchunk(framed) };
  const length = field('content-length');
  const isWhole = length === undefined ? error === '' : framed.length === Number(length);
  return { statusLine, headers, body: framed, isWhole };
}

function unchunk(framed: Buffer): { body: Buffer; isWhole: boolean } {
  const parts: Buffer[] = [];
  for (let rest = framed; rest.length > 0; ) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.subarray(0, lineEnd).toString('latin1'), 16);
    if (size === 0) return { body: Buffer.concat(parts), isWhole: true };
    if (!(size > 0)) break;
    parts.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    rest = rest.subarray(lineEnd + 2 + size + 2);
  }
  return { body: Buffer.concat(parts), isWhole: false };
}

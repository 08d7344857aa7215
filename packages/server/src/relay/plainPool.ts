/**
 * The connections that `PlainGet`s go over. Hides what undici does not tell of them: the status line as it was sent, and
 * whether a connection had answered before.
 */
import type { OnReadOpts, Socket } from 'node:net';
import { buildConnector, Pool } from '../upstream/undici.ts';
import { unusable } from './upstreamAnswer.ts';

interface PoolOptions {
  readonly mostSockets: number;
  /** How long a connection may take to come about. */
  readonly connectTimeoutMs: number;
}

/** Connections to an origin for `PlainGet`s. How long an answer may take is for those who wait for it to say. */
export function createPlainPool(origin: string, { mostSockets, connectTimeoutMs }: PoolOptions): Pool {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, onread: READING });
  return new Pool(origin, {
    connections: mostSockets,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, done) =>
      connect(options, (error, socket) => {
        if (!socket) {
          done(error, null);
          return;
        }
        watch(socket);
        done(null, socket);
      }),
  });
}

/**
 * Bytes of all connections are read to one place, and copied from there at once, before the next are. For each read Node
 * would otherwise make 64 KiB and give most of it back, which is a tenth of a miss.
 */
const READING: OnReadOpts & ThisType<Socket> = {
  buffer: Buffer.allocUnsafeSlow(64 * 1024),
  callback(count, bytes) {
    // no slice of a pool: what is stored for long would keep all of that
    const chunk = Buffer.allocUnsafeSlow(count);
    chunk.set(bytes.subarray(0, count));
    return this.push(chunk);
  },
};

/** Undici reads from a connection and at once tells what it has read; it does not say on which. */
let reading: PlainConnection | undefined;
const tellReading = (connection: PlainConnection) => {
  reading = connection;
};

/** The connection whose bytes undici tells of now. */
export const connectionRead = (): PlainConnection | undefined => reading;

/** The errors by which connections went that had answered before. */
const ofUsed = new WeakSet<Error>();

/** Whether a connection that went by this error had answered before. */
export const wasUsed = (error: Error): boolean => ofUsed.has(error);

const LINE_FEED = 10;
const MOST_LINE_CHARACTERS = 16 * 1024;

const watch = (socket: Socket) => new PlainConnection(socket);

/** Looks at what undici reads, for status lines: it tells no version, and of the phrase not every byte. */
export class PlainConnection {
  readonly #socket: Socket;
  /** From the version on, once it is whole. */
  #line = '';
  #isWholeLine = false;
  #isInInterim = false;
  #hasAnswered = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
    socket.read = (size) => {
      const chunk = read(size);
      this.#noteRead(chunk);
      return chunk;
    };
    socket.on('error', (error) => {
      if (this.#hasAnswered) ofUsed.add(error);
    });
  }

  /** Known before undici tells of it, at the end of a connection that it has done with. */
  get failure(): Error | undefined {
    return this.#socket.destroyed ? (this.#socket.errored ?? new Error('the connection went')) : undefined;
  }

  get httpVersion(): string {
    return this.#line.slice(0, '1.1'.length);
  }

  get reason(): string {
    return this.#line.slice('1.1 200 '.length, this.#line.endsWith('\r') ? -1 : undefined);
  }

  noteAnswered(): void {
    this.#hasAnswered = true;
    this.#line = '';
    this.#isWholeLine = false;
  }

  #noteRead(chunk: Buffer | null): void {
    tellReading(this);
    if (chunk === null || this.#isWholeLine) return;
    for (let start = 0; start < chunk.length && !this.#isWholeLine; ) {
      const end = chunk.indexOf(LINE_FEED, start);
      this.#line += chunk.toString('latin1', start, end < 0 ? chunk.length : end);
      start = end < 0 ? chunk.length : end + 1;
      if (end >= 0) this.#noteLine();
    }
    if (this.#line.length > MOST_LINE_CHARACTERS) this.#socket.destroy(unusable('its head is too large'));
  }

  /** Empty lines may come before an answer's status line (RFC 9112, section 2.2), and whole heads of 1xx responses. */
  #noteLine(): void {
    const isEmpty = this.#line.trim() === '';
    // undici, as Node, lets the protocol have other names, too
    const line = this.#line.slice(this.#line.indexOf('/') + 1);
    const isOfInterim = this.#isInInterim || line.startsWith('1', '1.1 '.length);
    this.#isInInterim = isOfInterim && !isEmpty;
    this.#isWholeLine = !isOfInterim && !isEmpty;
    this.#line = this.#isWholeLine ? line : '';
  }
}

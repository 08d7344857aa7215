/**
 * A GET without a body, sent by undici in place of Node's own client, at a fraction of its time and memory (decision 0042).
 * Hides that undici reads some answers otherwise than Node's client does.
 */
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { RelayError } from '../errors.ts';
import type { Pool } from '../upstream/undici.ts';
import { type FlatHeaders, fieldValue, type UpstreamHeaders } from './headers.ts';
import { connectionRead, type PlainConnection, wasUsed } from './plainPool.ts';
import {
  changedProtocol,
  checkAnswerHead,
  type Interim,
  LostConnection,
  type UpstreamAnswer,
  unusable,
} from './upstreamAnswer.ts';

/** Undici has not understood what Node's client does: a 100 that nobody asked for, or white space behind a length. */
export class Misread extends Error {}

/** What of a body may wait in memory for somebody to take it. */
const MOST_WAITING_BYTES = 64 * 1024;

/** It is the handler of its own call, and the answer when there is one. */
export class PlainGet implements Dispatcher.DispatchHandler, UpstreamAnswer {
  readonly answered: Promise<UpstreamAnswer>;
  status = 0;
  reason = '';
  httpVersion = '';
  rawHeaders: readonly string[] = [];
  rawTrailers: readonly string[] = [];
  readonly #sent: Dispatcher.DispatchOptions;
  readonly #onInterim: (interim: Interim) => void;
  readonly #settle: { resolve(answer: UpstreamAnswer): void; reject(error: unknown): void };
  #controller: Dispatcher.DispatchController | undefined;
  #connection: PlainConnection | undefined;
  /** Why there will be no answer, or no more of it. */
  #failure: Error | undefined;
  #isComplete = false;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #stream: Readable | undefined;

  /** Of a path and query. */
  constructor(path: string, headers: UpstreamHeaders, onInterim: (interim: Interim) => void) {
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>();
    this.#sent = { method: 'GET', path, headers };
    this.answered = promise;
    this.#onInterim = onInterim;
    this.#settle = { resolve, reject };
  }

  sendBy(pool: Pool): void {
    pool.dispatch(this.#sent, this);
  }

  /** The middleware listens as it would to a client's response; nothing happens here that it has to be told. */
  on(): this {
    return this;
  }

  /** Ends the call. `answered` rejects, if there is no answer yet. */
  fail(error: Error): void {
    this.#settle.reject(toFailure(error));
    if (this.#failure || this.#isComplete) return;
    this.#failure = error;
    this.#controller?.abort(error);
  }

  takeBody(): Buffer | Readable {
    const waiting = this.#waiting;
    if (this.#isComplete) return waiting.length === 1 && waiting[0] ? waiting[0] : Buffer.concat(waiting);
    const stream = new Readable({
      read: () => this.#controller?.resume(),
      destroy: (error, done) => {
        this.fail(error ?? new Error('nobody reads it any more'));
        done(error);
      },
    });
    // it may break before whoever takes it has begun to look
    stream.on('error', () => {});
    for (const chunk of waiting) stream.push(chunk);
    this.#waiting = [];
    this.#stream = stream;
    const failure = this.#failure ?? this.#connection?.failure;
    if (failure) stream.destroy(failure);
    return stream;
  }

  discard(): void {
    this.fail(new Error('nobody wants it'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // it waited for a connection until after the deadline or the client's leaving; a throw leaves that to the next in line,
    // and `abort` would end it
    if (this.#failure) throw this.#failure;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _: unknown, reason = ''): void {
    const connection = connectionRead();
    const rawHeaders = toText(controller.rawHeaders);
    if (status > 101 && status < 200) {
      this.#onInterim({ statusCode: status, rawHeaders });
      return;
    }
    try {
      checkAnswerHead(status, rawHeaders);
      if (hasPaddedLength(controller.rawHeaders)) throw new Misread();
    } catch (error) {
      this.fail(error as Error);
      return;
    }
    this.#connection = connection;
    this.status = status;
    this.reason = connection?.reason ?? reason;
    this.httpVersion = connection?.httpVersion ?? '1.1';
    this.rawHeaders = rawHeaders;
    this.#settle.resolve(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#stream) {
      if (!this.#stream.push(chunk)) controller.pause();
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes > MOST_WAITING_BYTES) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    // undici takes a reset for the end of a body that ends with the connection (RFC 9112, section 8)
    const cut = this.#connection?.failure;
    if (cut && !hasFraming(this.rawHeaders)) {
      this.onResponseError(controller, cut);
      return;
    }
    this.#isComplete = true;
    this.rawTrailers = toText(controller.rawTrailers);
    this.#connection?.noteAnswered();
    this.#stream?.push(null);
  }

  onResponseError(_: unknown, error: Error): void {
    this.#failure ??= error;
    this.#settle.reject(toFailure(error));
    this.#stream?.destroy(error);
  }
}

const hasFraming = (rawHeaders: FlatHeaders) =>
  (fieldValue(rawHeaders, 'content-length') ?? fieldValue(rawHeaders, 'transfer-encoding')) !== undefined;

type RawFields = Dispatcher.DispatchController['rawHeaders'];

/** Of fields as they were read, without the white space behind their values (RFC 9112, section 5.1). */
function toText(raw: RawFields): string[] {
  return ((raw ?? []) as Buffer[]).map((bytes) => {
    const text = bytes.toString('latin1');
    return text.endsWith(' ') || text.endsWith('\t') ? text.replace(/[ \t]+$/, '') : text;
  });
}

function toFailure(error: Error): Error {
  if (error instanceof RelayError || error instanceof Misread) return error;
  switch (error.name) {
    case 'ConnectTimeoutError':
      return new RelayError('upstream_timeout', { cause: error });
    case 'HeadersOverflowError':
      return unusable('its head is too large', error);
    // the second is what it makes of a head that breaks behind a length
    case 'HTTPParserError':
    case 'ResponseContentLengthMismatchError':
      return unusable('it is not HTTP', error);
    default:
  }
  if (error.message === 'bad upgrade') return changedProtocol();
  if (error.message === 'bad response') return new Misread();
  return new LostConnection(error, wasUsed(error));
}

/** A length as undici counts it: the white space behind it (RFC 9112, section 5.1) is digits to it. */
const hasPaddedLength = (raw: RawFields) =>
  ((raw ?? []) as Buffer[]).some(
    (bytes, index, all) =>
      index % 2 === 1 &&
      bytes.at(-1) === SPACE &&
      all[index - 1]?.toString('latin1').toLowerCase() === 'content-length',
  );

const SPACE = 32;

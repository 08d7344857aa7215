/**
 * A request that http-proxy-middleware sends by Node's own client: what it reads in place of the client's request, and
 * where it expects the client's response.
 */
import { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { RelayError } from '../errors.ts';
import { flushHead, hasBody } from '../framing.ts';
import { toTrailers, type UpstreamHeaders } from './headers.ts';
import {
  changedProtocol,
  checkAnswerHead,
  type Interim,
  LostConnection,
  type UpstreamAnswer,
  unusable,
} from './upstreamAnswer.ts';

interface NodeExchangeOptions {
  readonly onInterim: (interim: Interim) => void;
  /** How long a connection to the upstream may take to come about. */
  readonly connectTimeoutMs: number;
}

/**
 * A request without a body as the middleware reads it. Nothing of it is piped, which takes longer than the rest of it, and
 * Node gives no end to a request that it has found to be empty.
 */
export class Bodiless extends EventEmitter {
  readonly method: string | undefined;
  readonly httpVersion: string;
  readonly httpVersionMajor: number;
  readonly socket: IncomingMessage['socket'];
  headers: IncomingMessage['headers'] = {};
  url = '';

  constructor({ method, httpVersion, httpVersionMajor, socket }: IncomingMessage) {
    super();
    this.method = method;
    this.httpVersion = httpVersion;
    this.httpVersionMajor = httpVersionMajor;
    this.socket = socket;
  }

  pipe<T extends Writable>(sink: T): T {
    sink.end();
    return sink;
  }
}

/**
 * Stands where the middleware expects the client's response. Closing it ends the upstream request, and it is closed when
 * the upstream's response is.
 */
export class NodeExchange extends EventEmitter {
  destroyed = false;
  readonly answered: Promise<UpstreamAnswer>;
  /** What the middleware leaves out or adds to; it writes into what it is given. */
  readonly #sent: { readonly hasLength: boolean; readonly isCoded: boolean; readonly expect: string | undefined };
  readonly #options: NodeExchangeOptions;
  readonly #settle: { resolve(answer: UpstreamAnswer): void; reject(error: RelayError): void };
  #request: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;

  constructor(headers: UpstreamHeaders, options: NodeExchangeOptions) {
    super();
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamAnswer>();
    this.answered = promise;
    this.#sent = {
      hasLength: headers['content-length'] !== undefined,
      isCoded: headers['transfer-encoding'] !== undefined,
      expect: headers['expect']?.toString(),
    };
    this.#options = options;
    this.#settle = { resolve, reject };
  }

  /** The middleware gives the upstream's error, which `fail` has reported. */
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }

  /** A socket has been found; nothing has been sent. */
  begin(request: ClientRequest, source: IncomingMessage): void {
    this.#request = request;
    // it waited for a socket until after the deadline or the client's leaving
    if (this.destroyed) {
      request.destroy();
      return;
    }
    this.#limitConnecting(request);
    try {
      this.#completeHead(request, source);
    } catch (error) {
      this.fail(error);
    }
  }

  #completeHead(request: ClientRequest, source: IncomingMessage): void {
    const { hasLength, isCoded, expect } = this.#sent;
    request.on('information', this.#options.onInterim);
    // without a listener Node drops the connection and tells nobody
    request.once('upgrade', (_answer, socket) => {
      socket.destroy();
      this.fail(changedProtocol());
    });
    // it gives DELETE and OPTIONS a length
    if (!hasLength && request.hasHeader('content-length')) request.removeHeader('content-length');
    if (expect !== undefined) request.setHeader('expect', expect);
    if (isCoded) source.once('end', () => this.#addTrailers(request, source));
    // the upstream may want to judge the head before the client sends a body
    if (hasBody(source)) flushHead(request);
  }

  #addTrailers(request: ClientRequest, source: IncomingMessage): void {
    try {
      request.addTrailers(toTrailers(source.rawTrailers));
    } catch (error) {
      this.fail(error);
    }
  }

  #limitConnecting({ socket }: ClientRequest): void {
    if (!socket?.connecting) return;
    const timer = setTimeout(() => this.fail(new RelayError('upstream_timeout')), this.#options.connectTimeoutMs);
    const connected = () => clearTimeout(timer);
    // with the handshake, as undici counts it
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', connected).once('close', connected);
  }

  answer(answer: IncomingMessage): void {
    if (this.destroyed) {
      answer.destroy();
      return;
    }
    try {
      checkAnswerHead(answer.statusCode, answer.rawHeaders);
    } catch (error) {
      answer.destroy();
      this.fail(error);
      return;
    }
    this.#answer = answer;
    answer.once('close', () => this.destroy());
    this.#settle.resolve(new NodeAnswer(answer));
  }

  /** The first report counts; later ones, and those after the head of the response, find the promise settled. */
  fail(error: unknown): void {
    // a connection that breaks after the last byte takes nothing away from what has been read
    if (this.#answer?.complete) return;
    this.#settle.reject(this.#toFailure(error));
    // Node takes a reset for the end of a body that ends with the connection (RFC 9112, section 8)
    this.#answer?.destroy(error as Error);
    this.#request?.destroy();
    this.destroy();
  }

  #toFailure(error: unknown): RelayError {
    if (error instanceof RelayError) return error;
    const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
    if (code === 'HPE_HEADER_OVERFLOW') return unusable('its head is too large', error);
    if (code.startsWith('HPE_')) return unusable('it is not HTTP', error);
    return new LostConnection(error, this.#request?.reusedSocket === true);
  }
}

class NodeAnswer implements UpstreamAnswer {
  readonly #message: IncomingMessage;
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: string;
  readonly rawHeaders: readonly string[];

  constructor(message: IncomingMessage) {
    this.#message = message;
    this.status = message.statusCode ?? 0;
    this.reason = message.statusMessage ?? '';
    this.httpVersion = message.httpVersion;
    this.rawHeaders = message.rawHeaders;
  }

  get rawTrailers(): readonly string[] {
    return this.#message.rawTrailers;
  }

  takeBody(): Buffer | Readable {
    if (!this.#message.complete || this.#message.destroyed) return this.#message;
    // reading it to its end is what gives the connection to the next call
    return (this.#message.read() as Buffer | null) ?? NOTHING;
  }

  discard(): void {
    if (!Buffer.isBuffer(this.takeBody())) this.#message.destroy();
  }
}

const NOTHING = Buffer.alloc(0);

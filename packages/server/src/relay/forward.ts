/**
 * One request to the upstream through http-proxy-middleware, as a promise of the response's head.
 * Hides the middleware's events: it is given a sink in place of the client's response, so that whoever calls `forward`
 * alone owns what the client gets, whatever fails and however often that is reported.
 */
import { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingMessage, InformationEvent, ServerResponse } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Writable } from 'node:stream';
import { createProxyMiddleware, proxyEventsPlugin } from 'http-proxy-middleware';
import { RelayError } from '../errors.ts';
import { hasBody } from '../framing.ts';
import type { UpstreamBase } from '../upstream/base.ts';
import { toTrailers, toUpstreamHeaders, type UpstreamHeaderRules, type UpstreamHeaders } from './headers.ts';

/** Below it Node ignores the `Keep-Alive` hint of the origin, and reuses connections that are being closed. */
const AGENT_TIMEOUT_MS = 30_000;
const MOST_SOCKETS = 64;

/** How long a connection to the upstream may take to come about. */
const CONNECT_TIMEOUT_MS = 1_000;

/** Node leaves the fields beyond these out of an answer without a word. */
const MOST_ANSWER_FIELDS = 1_000;

/** A 1xx response that comes before the answer. */
export type Interim = Pick<InformationEvent, 'statusCode' | 'rawHeaders'>;

export interface ForwardOptions {
  /** Aborted before there is an answer, it destroys the upstream call; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly onInterim: (interim: Interim) => void;
}

export interface Forwarder {
  /**
   * Sends the client's request to `path` (the upstream's path and query) and gives the response once its head is there;
   * the caller must read or destroy it. Throws `upstream_timeout`, `upstream_unreachable` or `upstream_invalid_response`.
   */
  forward(request: IncomingMessage, path: string, options: ForwardOptions): Promise<IncomingMessage>;
  readonly close: () => void;
}

export function createForwarder(base: UpstreamBase, rules: UpstreamHeaderRules): Forwarder {
  const secure = base.origin.startsWith('https:');
  const agent = new (secure ? https : http).Agent({
    keepAlive: true,
    maxSockets: MOST_SOCKETS,
    timeout: AGENT_TIMEOUT_MS,
  });
  const fail = (error: Error, response: unknown) => exchangeOf(response).fail(error);
  const proxy = createProxyMiddleware<IncomingMessage, ServerResponse>({
    target: new URL(base.origin),
    agent,
    selfHandleResponse: true,
    // of its own parts only the one that tells of events: the others write to the log or into the response
    ejectPlugins: true,
    plugins: [proxyEventsPlugin],
    // a throw in any of these would end the process: they only hand over
    on: {
      proxyReq: (proxyRequest, request, response) => exchangeOf(response).begin(proxyRequest, request),
      proxyRes: (answer, _request, response) => exchangeOf(response).answer(answer),
      error: (error, _request, response) => fail(error, response),
      // its own event, and no `error`: the client left while the upstream was being asked
      econnreset: (error, _request, response) => fail(error, response),
    },
  });

  async function attempt(request: IncomingMessage, path: string, options: ForwardOptions): Promise<IncomingMessage> {
    const { signal, onInterim } = options;
    const { headers: own, url = '/' } = request;
    const headers = toUpstreamHeaders(request, base.host, rules);
    const exchange = new Exchange(headers, onInterim);
    const source = hasBody(request) ? request : new Bodiless(request);
    source.headers = withoutExpect(headers);
    source.url = path;
    const abort = () => exchange.fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      void proxy(source as IncomingMessage, exchange as unknown as ServerResponse, (error) => exchange.fail(error));
      return await exchange.answered;
    } finally {
      signal.removeEventListener('abort', abort);
      // another attempt begins with what the client sent, and not with what was made of it
      source.headers = own;
      source.url = url;
    }
  }

  return {
    async forward(request, path, options) {
      try {
        return await attempt(request, path, options);
      } catch (error) {
        // the upstream closed an idle connection while this request was on its way (RFC 9112, section 9.3.1)
        const mayRepeat = error instanceof LostConnection && error.wasReused && !options.signal.aborted;
        if (mayRepeat && (request.method === 'GET' || request.method === 'HEAD') && !hasBody(request)) {
          return attempt(request, path, options);
        }
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * A request without a body as the middleware reads it. Nothing of it is piped, which takes longer than the rest of it, and
 * Node gives no end to a request that it has found to be empty.
 */
class Bodiless extends EventEmitter {
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

/** With `Expect` the middleware gives no `proxyReq`: the field is put back there. */
function withoutExpect(headers: UpstreamHeaders): UpstreamHeaders {
  if (headers['expect'] === undefined) return headers;
  const others = { ...headers };
  delete others['expect'];
  return others;
}

/** The connection went before there was an answer. */
class LostConnection extends RelayError {
  readonly wasReused: boolean;

  constructor(cause: unknown, wasReused: boolean) {
    super('upstream_unreachable', { cause });
    this.wasReused = wasReused;
  }
}

/** An answer that cannot be relayed. */
export const unusable = (what: string, cause?: unknown) =>
  new RelayError('upstream_invalid_response', {
    detail: `The lunch-menu API gave an unusable answer: ${what}.`,
    cause,
  });

const changedProtocol = () => unusable('it changed the protocol');

const exchangeOf = (response: unknown): Exchange => response as Exchange;

/**
 * Stands where the middleware expects the client's response. Closing it ends the upstream request, and it is closed when
 * the upstream's response is.
 */
class Exchange extends EventEmitter {
  destroyed = false;
  readonly answered: Promise<IncomingMessage>;
  /** What the middleware leaves out or adds to; it writes into what it is given. */
  readonly #sent: { readonly hasLength: boolean; readonly isCoded: boolean; readonly expect: string | undefined };
  readonly #onInterim: (interim: Interim) => void;
  readonly #settle: { resolve(answer: IncomingMessage): void; reject(error: RelayError): void };
  #request: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;

  constructor(headers: UpstreamHeaders, onInterim: (interim: Interim) => void) {
    super();
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    this.answered = promise;
    this.#sent = {
      hasLength: headers['content-length'] !== undefined,
      isCoded: headers['transfer-encoding'] !== undefined,
      expect: headers['expect']?.toString(),
    };
    this.#onInterim = onInterim;
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
    request.on('information', this.#onInterim);
    // nobody asked for another protocol; without a listener Node drops the connection and tells nobody
    request.once('upgrade', (_answer, socket) => {
      socket.destroy();
      this.fail(changedProtocol());
    });
    // it gives DELETE and OPTIONS a length
    if (!hasLength && request.hasHeader('content-length')) request.removeHeader('content-length');
    if (expect !== undefined) request.setHeader('expect', expect);
    if (isCoded) source.once('end', () => this.#addTrailers(request, source));
    // the upstream may want to judge the head before the client sends a body
    if (hasBody(source)) request.flushHeaders();
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
    const timer = setTimeout(() => this.fail(new RelayError('upstream_timeout')), CONNECT_TIMEOUT_MS);
    const connected = () => clearTimeout(timer);
    socket.once('connect', connected).once('close', connected);
  }

  answer(answer: IncomingMessage): void {
    if (this.destroyed) {
      answer.destroy();
      return;
    }
    // without the field that would make it an upgrade
    if (answer.statusCode === 101) {
      answer.destroy();
      this.fail(changedProtocol());
      return;
    }
    const coding = answer.headers['transfer-encoding'];
    // another, under the chunks or instead of them, would have to be taken off (RFC 9112, section 6.1)
    const isCoded = coding !== undefined && coding.trim().toLowerCase() !== 'chunked';
    if (answer.rawHeaders.length >= 2 * MOST_ANSWER_FIELDS || isCoded) {
      answer.destroy();
      this.fail(unusable(isCoded ? 'its transfer coding is not known' : 'too many header fields'));
      return;
    }
    this.#answer = answer;
    answer.once('close', () => this.destroy());
    this.#settle.resolve(answer);
  }

  /** The first report counts; later ones, and those after the head of the response, find the promise settled. */
  fail(error: unknown): void {
    // a connection that breaks after the last byte takes nothing away from what has been read
    if (this.#answer?.complete) return;
    this.#settle.reject(this.#toFailure(error));
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

/**
 * One request to the upstream through http-proxy-middleware, as a promise of the response's head.
 * Hides the middleware's events: it is given a sink in place of the client's response, so that whoever calls `forward`
 * alone owns what the client gets, whatever fails and however often that is reported.
 */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { Writable } from 'node:stream';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { RelayError } from '../errors.ts';
import type { UpstreamBase } from '../upstream/base.ts';
import { toUpstreamHeaders } from './headers.ts';

/** Below it Node ignores the `Keep-Alive` hint of the origin, and reuses connections that are being closed. */
const AGENT_TIMEOUT_MS = 30_000;
const MOST_SOCKETS = 64;

/** How long a connection to the upstream may take to come about. */
const CONNECT_TIMEOUT_MS = 1_000;

export interface Forwarder {
  /**
   * Sends the client's request to `path` (the upstream's path and query) and gives the response once its head is there;
   * the caller must read or destroy it. Throws `upstream_timeout` or `upstream_unreachable`. When `signal` aborts before
   * that, the upstream call is destroyed and the signal's reason thrown.
   */
  forward(request: IncomingMessage, path: string, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

export function createForwarder(base: UpstreamBase): Forwarder {
  const secure = base.origin.startsWith('https:');
  const agent = new (secure ? https : http).Agent({
    keepAlive: true,
    maxSockets: MOST_SOCKETS,
    timeout: AGENT_TIMEOUT_MS,
  });
  const fail = (error: Error, response: unknown) => (response as Exchange).fail(error);
  const proxy = createProxyMiddleware<IncomingMessage, ServerResponse>({
    target: base.origin,
    agent,
    selfHandleResponse: true,
    // a throw in any of these would end the process: they only hand over
    on: {
      proxyReq: (proxyRequest, _request, response) => exchangeOf(response).begin(proxyRequest),
      proxyRes: (answer, _request, response) => exchangeOf(response).answer(answer),
      error: (error, _request, response) => fail(error, response),
      // its own event, and no `error`: the client left while the upstream was being asked
      econnreset: (error, _request, response) => fail(error, response),
    },
  });

  async function attempt(request: IncomingMessage, path: string, signal: AbortSignal): Promise<IncomingMessage> {
    request.headers = toUpstreamHeaders(request.rawHeaders, base.host, request.httpVersion);
    request.url = path;
    const exchange = new Exchange();
    const abort = () => exchange.fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      void proxy(request, exchange as unknown as ServerResponse, (error) => exchange.fail(error));
      return await exchange.answered;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  return {
    async forward(request, path, signal) {
      try {
        return await attempt(request, path, signal);
      } catch (error) {
        // the upstream closed an idle connection while this request was on its way (RFC 9112, section 9.3.1)
        const mayRepeat = error instanceof LostConnection && error.wasReused && !signal.aborted;
        if (mayRepeat && (request.method === 'GET' || request.method === 'HEAD') && !hasBody(request)) {
          return attempt(request, path, signal);
        }
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

/** Whether a request carries a body, by its framing (RFC 9112, section 6.3). */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** The connection went before there was an answer. */
class LostConnection extends RelayError {
  readonly wasReused: boolean;

  constructor(cause: unknown, wasReused: boolean) {
    super('upstream_unreachable', { cause });
    this.wasReused = wasReused;
  }
}

const exchangeOf = (response: unknown): Exchange => response as Exchange;

/**
 * Stands where the middleware expects the client's response. Closing it ends the upstream request, and it is closed when
 * the upstream's response is.
 */
class Exchange extends Writable {
  readonly answered: Promise<IncomingMessage>;
  #settle: { resolve(answer: IncomingMessage): void; reject(error: RelayError): void };
  #request: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;

  constructor() {
    super({ write: (_chunk, _encoding, done) => done() });
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    this.answered = promise;
    this.#settle = { resolve, reject };
    this.on('error', () => {}); // the middleware destroys it with the upstream's error, which `fail` has reported
  }

  begin(request: ClientRequest): void {
    this.#request = request;
    this.#limitConnecting(request);
    // it waited for a socket until after the deadline or the client's leaving
    if (this.destroyed) request.destroy();
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
    this.#answer = answer;
    answer.once('close', () => this.destroy());
    this.#settle.resolve(answer);
  }

  /** The first report counts; later ones, and those after the head of the response, find the promise settled. */
  fail(error: unknown): void {
    // a connection that breaks after the last byte takes nothing away from what has been read
    if (this.#answer?.complete) return;
    const failure =
      error instanceof RelayError ? error : new LostConnection(error, this.#request?.reusedSocket === true);
    this.#settle.reject(failure);
    this.#request?.destroy();
    this.destroy();
  }
}

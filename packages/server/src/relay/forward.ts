/**
 * One request to the upstream through http-proxy-middleware, as a promise of the response's head.
 * Hides the middleware's events: it is given a sink in place of the client's response, so that whoever calls `forward`
 * alone owns what the client gets, whatever fails and however often that is reported. And that it has two ways to send a
 * request: Node's client, which does everything, and undici, for what most requests are.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { createProxyMiddleware, type Plugin, proxyEventsPlugin } from 'http-proxy-middleware';
import { hasBody } from '../framing.ts';
import type { UpstreamBase } from '../upstream/base.ts';
import type { Cancellation } from '../upstream/deadline.ts';
import { toUpstreamHeaders, type UpstreamHeaderRules, type UpstreamHeaders } from './headers.ts';
import { Bodiless, NodeExchange } from './nodeExchange.ts';
import { Misread, PlainGet } from './plainGet.ts';
import { createPlainPool } from './plainPool.ts';
import { type Interim, LostConnection, type UpstreamAnswer } from './upstreamAnswer.ts';

/** Below it Node ignores the `Keep-Alive` hint of the origin, and reuses connections that are being closed. */
const AGENT_TIMEOUT_MS = 30_000;
const MOST_SOCKETS = 64;

/** How long a connection to the upstream may take to come about. */
const CONNECT_TIMEOUT_MS = 1_000;

export interface ForwardOptions {
  /** Aborted before there is an answer, it destroys the upstream call; its reason is thrown. */
  readonly signal: Cancellation;
  readonly onInterim: (interim: Interim) => void;
}

export interface Forwarder {
  /**
   * Sends the client's request to `path` (the upstream's path and query) and gives the response once its head is there;
   * the caller must take or discard its body. Throws `upstream_timeout`, `upstream_unreachable` or
   * `upstream_invalid_response`.
   */
  forward(request: IncomingMessage, path: string, options: ForwardOptions): Promise<UpstreamAnswer>;
  readonly close: () => void;
}

export function createForwarder(base: UpstreamBase, rules: UpstreamHeaderRules): Forwarder {
  const secure = base.origin.startsWith('https:');
  const agent = new (secure ? https : http).Agent({
    keepAlive: true,
    maxSockets: MOST_SOCKETS,
    timeout: AGENT_TIMEOUT_MS,
  });
  const pool = createPlainPool(base.origin, { mostSockets: MOST_SOCKETS, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  /** In front of the last pass, the only one that sends anything; none of them has a name. */
  const sendPlainGets: Plugin<IncomingMessage, ServerResponse> = (server) =>
    server.before('web', '', (_request, response) => {
      if (!isPlain(response)) return undefined;
      response.sendBy(pool);
      return true;
    });
  const fail = (error: Error, response: unknown) => exchangeOf(response).fail(error);
  const proxy = createProxyMiddleware<IncomingMessage, ServerResponse>({
    target: new URL(base.origin),
    agent,
    selfHandleResponse: true,
    pathFilter: () => true,
    // of its own parts only the one that tells of events: the others write to the log or into the response
    ejectPlugins: true,
    plugins: [proxyEventsPlugin, sendPlainGets],
    // a throw in any of these would end the process: they only hand over
    on: {
      proxyReq: (proxyRequest, request, response) => exchangeOf(response).begin(proxyRequest, request),
      proxyRes: (answer, _request, response) => exchangeOf(response).answer(answer),
      error: (error, _request, response) => fail(error, response),
      // its own event, and no `error`: the client left while the upstream was being asked
      econnreset: (error, _request, response) => fail(error, response),
    },
  });
  /** From the first answer on that undici has not understood. */
  let isMisread = false;

  /** Has the middleware send the request; `exchange` is settled with what comes of it. */
  function attempt(
    source: IncomingMessage,
    exchange: NodeExchange | PlainGet,
    signal: Cancellation,
  ): Promise<UpstreamAnswer> {
    const { answered } = exchange;
    const abort = () => exchange.fail(signal.reason as Error);
    if (signal.aborted) {
      abort();
      return answered;
    }
    signal.addEventListener('abort', abort);
    const lift = () => signal.removeEventListener('abort', abort);
    answered.then(lift, lift);
    void proxy(source, exchange as unknown as ServerResponse, (error) =>
      exchange.fail((error as Error | undefined) ?? new Error('it was not sent')),
    );
    return answered;
  }

  async function sendByNode(
    request: IncomingMessage,
    path: string,
    headers: UpstreamHeaders,
    { signal, onInterim }: ForwardOptions,
  ): Promise<UpstreamAnswer> {
    const { headers: own, url = '/' } = request;
    const exchange = new NodeExchange(headers, { onInterim, connectTimeoutMs: CONNECT_TIMEOUT_MS });
    const source = hasBody(request) ? request : new Bodiless(request);
    source.headers = withoutExpect(headers);
    source.url = path;
    try {
      return await attempt(source as IncomingMessage, exchange, signal);
    } finally {
      // another attempt begins with what the client sent, and not with what was made of it
      source.headers = own;
      source.url = url;
    }
  }

  function send(request: IncomingMessage, path: string, options: ForwardOptions): Promise<UpstreamAnswer> {
    const headers = toUpstreamHeaders(request, base.host, rules);
    if (isMisread || !canBePlain(request, headers)) return sendByNode(request, path, headers, options);
    return attempt(NO_SOURCE, new PlainGet(path, headers, options.onInterim), options.signal);
  }

  /** The upstream closed an idle connection while this request was on its way (RFC 9112, section 9.3.1). */
  function mayRepeat(request: IncomingMessage, error: unknown, { signal }: ForwardOptions): boolean {
    const wasIdle = error instanceof LostConnection && error.wasReused && !signal.aborted;
    return wasIdle && (request.method === 'GET' || request.method === 'HEAD') && !hasBody(request);
  }

  function forward(
    request: IncomingMessage,
    path: string,
    options: ForwardOptions,
    isRepeat = false,
  ): Promise<UpstreamAnswer> {
    return send(request, path, options).catch((error: unknown) => {
      const hasMisread = error instanceof Misread;
      if (hasMisread) isMisread = true;
      else if (isRepeat || !mayRepeat(request, error, options)) throw error;
      return forward(request, path, options, isRepeat || !hasMisread);
    });
  }

  return {
    forward: (request, path, options) => forward(request, path, options),
    close() {
      agent.destroy();
      void pool.destroy();
    },
  };
}

/** Undici sends neither `Expect` nor `Connection: TE`, and closes the connection behind HEAD. */
const canBePlain = (request: IncomingMessage, headers: UpstreamHeaders) =>
  request.method === 'GET' && !hasBody(request) && headers['expect'] === undefined && headers['te'] === undefined;

/** With `Expect` the middleware gives no `proxyReq`: the field is put back there. */
function withoutExpect(headers: UpstreamHeaders): UpstreamHeaders {
  if (headers['expect'] === undefined) return headers;
  const others = { ...headers };
  delete others['expect'];
  return others;
}

/**
 * What the middleware is given in place of a request that is sent past it. Without a URL, which it would parse to see
 * whether the request is one of its own.
 */
const NO_SOURCE = { url: '' } as IncomingMessage;

const isPlain = (response: unknown): response is PlainGet => response instanceof PlainGet;

const exchangeOf = (response: unknown): NodeExchange => response as NodeExchange;

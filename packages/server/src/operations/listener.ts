/**
 * A listening HTTP server that can be stopped without failing the requests it has begun, and that a slow or broken client
 * cannot hold. What is no request is refused here; how a refusal looks is for whoever listens.
 */
import http, { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { hasBody } from '../framing.ts';
import { type Connections, trackConnections } from './connections.ts';
import { createPace, type Pace } from './pace.ts';

export interface Listener {
  /** With the port that was really taken; `localhost` where it listens on every interface. */
  readonly url: string;
  /** Goes on as before, and tells clients with every answer to take their next request elsewhere. */
  announceDrain(): void;
  /** Stops accepting, lets requests in flight finish for at most `timeoutMs`, then cuts what is left. */
  drain(timeoutMs: number): Promise<void>;
}

/** Why something that a client sent is no request, or none that is answered. */
export type Refusal = 'malformed_request' | 'request_timeout' | 'headers_too_large' | 'not_implemented';

const REFUSAL_STATUS = { malformed_request: 400, request_timeout: 408, headers_too_large: 431, not_implemented: 501 };

/**
 * How many connections may wait to be taken: as many as Linux lets by default (`net.core.somaxconn`). With Node's own 511, of
 * a thousand clients that come in one turn of the event loop half would find no room, and try again a second later.
 */
const BACKLOG = 4_096;

const HEAD_TIMEOUT_MS = 15_000;
const BODY_PATIENCE_MS = 30_000;

/** For an answer on whose connection nothing moves in either direction, beside what a body may take: longer than any. */
const SILENCE_MS = 180_000;

/** Who has connected and not said a word for so long when it closes, connected in advance. */
const SILENT_MS = 50;

interface ListenerOptions {
  readonly name: string;
  readonly host: string | undefined;
  readonly port: number;
  /** Answers a refusal; the connection is closed after it. Default: the bare status. */
  readonly refuse?: (response: ServerResponse, refusal: Refusal) => void;
  /** Takes a connection that is to become a WebSocket; without it `Upgrade` is ignored (RFC 9110, section 7.8). */
  readonly upgrade?: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
  /** For the head of a request, from its first byte on. Default: 15 s. */
  readonly headTimeoutMs?: number;
  /** For its body, see `pace.ts`. Default: 30 s. */
  readonly bodyPatienceMs?: number;
  /** For its answer, from when nothing has moved on the connection. Default: 180 s more than for its body. */
  readonly silenceMs?: number;
}

/** The address cannot be listened on; the message says why and which setting to change. */
export class ListenError extends Error {}

/** Rejects with a ListenError. */
export async function listen(handle: RequestListener, options: ListenerOptions): Promise<Listener> {
  const { host, port, bodyPatienceMs = BODY_PATIENCE_MS, silenceMs = bodyPatienceMs + SILENCE_MS } = options;
  const connections = trackConnections(silenceMs);
  const pace = createPace(bodyPatienceMs);
  const tunnels = new Set<Duplex>();
  const server = createServer(handle, options, { connections, pace, tunnels });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve).once('error', reject);
  server.listen({ port, host, backlog: BACKLOG });
  await promise.catch((error: NodeJS.ErrnoException) => {
    connections.stop();
    pace.stop();
    throw new ListenError(explain(error, options), { cause: error });
  });
  return {
    url: urlOf(host, (server.address() as AddressInfo).port),
    announceDrain: connections.announceDrain,
    async drain(timeoutMs) {
      connections.announceDrain();
      // right after a look at all sockets: who has connected by now is in, and what idle ones have sent is read
      await setImmediate();
      const closed = new Promise<void>((done) => void server.close(() => done()));
      connections.keepNone(() => server.closeIdleConnections());
      const letGo = setTimeout(connections.closeUnused, SILENT_MS);
      // they have no end of their own
      for (const socket of tunnels) socket.destroy();
      const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
      await closed;
      clearTimeout(cut);
      clearTimeout(letGo);
      connections.stop();
      pace.stop();
    },
  };
}

interface ServerParts {
  readonly connections: Connections;
  readonly pace: Pace;
  /** Connections that have become WebSockets. */
  readonly tunnels: Set<Duplex>;
}

function createServer(
  handle: RequestListener,
  { upgrade, refuse = refuseBare, headTimeoutMs = HEAD_TIMEOUT_MS }: ListenerOptions,
  { connections, pace, tunnels }: ServerParts,
): http.Server {
  const { lastDueOn, isClosing } = connections;
  const turnAway = (socket: Socket, refusal: Refusal) => closeWith(socket, refusal, { connections, refuse });
  const begin: RequestListener = (request, response) =>
    connections.answer(request, response, () => {
      if (hasBody(request)) pace.watch(request, () => turnAway(request.socket, 'request_timeout'));
      handle(request, response);
    });
  // not while answers are due on the connection: they would come after the protocol has changed
  const mayUpgrade = (request: IncomingMessage) =>
    upgrade !== undefined && isWebSocket(request) && !lastDueOn(request.socket) && !isClosing(request.socket);
  return (
    http
      .createServer(toServerOptions(headTimeoutMs, mayUpgrade))
      .on('connection', connections.add)
      .on('request', begin)
      // what a client expects is for the handler to say: `100 Continue` may be the upstream's to send
      .on('checkContinue', begin)
      .on('checkExpectation', begin)
      .on('clientError', (error: NodeJS.ErrnoException, socket) => {
        const refusal = refusalOf(error, socket as Socket);
        if (refusal) turnAway(socket as Socket, refusal);
        else socket.destroy();
      })
      .on('connect', (_request, socket) => {
        // Node takes its listeners off a connection that it gives away: without one an error would end the process, and what
        // is due on it before does not come any more
        socket.on('error', () => {});
        if (lastDueOn(socket) || isClosing(socket)) socket.destroy();
        else turnAway(socket as Socket, 'not_implemented');
      })
      .on('upgrade', (request, socket, head) => {
        tunnels.add(socket);
        socket.on('error', () => {}).once('close', () => tunnels.delete(socket));
        upgrade?.(request, socket as Socket, head);
      })
  );
}

/** What Node does by itself with a request, and what it leaves to the handler. */
const toServerOptions = (
  headTimeoutMs: number,
  mayUpgrade: (request: IncomingMessage) => boolean,
): http.ServerOptions => ({
  headersTimeout: headTimeoutMs,
  connectionsCheckingInterval: Math.min(1_000, headTimeoutMs),
  // of the whole request: too short for a large upload, too long for a small one
  requestTimeout: 0,
  // a request without a body has no end to wait for: events of a stream that nobody listens to cost as much as its parsing
  optimizeEmptyRequests: true,
  // missing, it is the handler's to refuse, with a body that says why
  requireHostHeader: false,
  shouldUpgradeCallback: mayUpgrade,
});

type Refuse = NonNullable<ListenerOptions['refuse']>;

const refuseBare: Refuse = (response, refusal) => response.writeHead(REFUSAL_STATUS[refusal]).end();

/** Closes a connection that no request can come from any more, after the answers that are due on it. */
function closeWith(
  socket: Socket,
  refusal: Refusal,
  { connections, refuse }: { connections: Connections; refuse: Refuse },
): void {
  const last = connections.lastDueOn(socket);
  const isLastWhole = last?.req.complete === true;
  // a second head behind the first would be read as part of its body; and nobody is there to read any
  if (!socket.writable || (last?.headersSent && !isLastWhole)) {
    socket.destroy();
    return;
  }
  if (!last && connections.isClosing(socket)) {
    socket.destroySoon();
    return;
  }
  const response = last ?? responseFor(socket);
  response.shouldKeepAlive = false;
  if (response.writableFinished) socket.destroySoon();
  else response.once('finish', () => socket.destroySoon());
  // Node lets go of a request that has been answered before it was whole, and would leave it open for ever
  socket.once('close', () => response.req.destroy());
  if (!isLastWhole) refuse(response, refusal);
}

/** Not in HTTP/1.0, which has no Upgrade, and not with a body, which would go into the tunnel (RFC 9110, section 7.8). */
const isWebSocket = (request: IncomingMessage) =>
  request.method === 'GET' &&
  request.httpVersion === '1.1' &&
  request.headers.upgrade?.toLowerCase() === 'websocket' &&
  !hasBody(request);

/** Undefined where there is nobody to tell: the client left, or opened a connection and never said a word. */
function refusalOf({ code = '' }: NodeJS.ErrnoException, { bytesRead }: Socket): Refusal | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return bytesRead > 0 ? 'request_timeout' : undefined;
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large';
  return code.startsWith('HPE_') ? 'malformed_request' : undefined;
}

/** For a connection on which no request has come about. */
function responseFor(socket: Socket): ServerResponse {
  const response = new ServerResponse(new http.IncomingMessage(socket));
  response.assignSocket(socket);
  return response;
}

function urlOf(host: string | undefined, port: number): string {
  if (host === undefined || host === '::' || host === '0.0.0.0') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function explain({ code, message }: NodeJS.ErrnoException, { name, host, port }: ListenerOptions): string {
  const where = `${host ?? '*'}:${port}`;
  const setting = name === 'admin' ? 'ADMIN_' : '';
  if (code === 'EADDRINUSE')
    return `Cannot listen on ${where} (${name}): the port is in use. Stop what uses it, or set ${setting}PORT.`;
  if (code === 'EACCES')
    return `Cannot listen on ${where} (${name}): not allowed. Set ${setting}PORT to a port above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `Cannot listen on ${where} (${name}): this machine has no such address. Set ${setting}HOST.`;
  return `Cannot listen on ${where} (${name}): ${message}`;
}

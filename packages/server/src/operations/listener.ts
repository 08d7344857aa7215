/**
 * A listening HTTP server that can be stopped without failing the requests it has begun, and that a slow or broken client
 * cannot hold. What is no request is refused here; how a refusal looks is for whoever listens.
 */
import http, { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createPace } from './pace.ts';

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

const HEAD_TIMEOUT_MS = 15_000;
const BODY_PATIENCE_MS = 30_000;

/** For an answer on whose connection nothing moves in either direction, beside what a body may take: longer than any. */
const SILENCE_MS = 180_000;
const SILENCE_LOOK_MS = 5_000;

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
  const { name, host, port, upgrade, headTimeoutMs = HEAD_TIMEOUT_MS, bodyPatienceMs = BODY_PATIENCE_MS } = options;
  const { silenceMs = bodyPatienceMs + SILENCE_MS } = options;
  const { refuse = (response, refusal) => response.writeHead(REFUSAL_STATUS[refusal]).end() } = options;
  const connections = new Set<Connection>();
  const upgraded = new Set<Duplex>();
  const pace = createPace(bodyPatienceMs);
  let isDraining = false;
  let isStopped = false;
  const server = http.createServer({
    headersTimeout: headTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, headTimeoutMs),
    // of the whole request: too short for a large upload, too long for a small one
    requestTimeout: 0,
    // a request without a body has no end to wait for: events of a stream that nobody listens to cost as much as its parsing
    optimizeEmptyRequests: true,
    // missing, it is the handler's to refuse, with a body that says why
    requireHostHeader: false,
    // not while answers are due on the connection: they would come after the protocol has changed
    shouldUpgradeCallback: (request) =>
      upgrade !== undefined && isWebSocket(request) && !lastDueOn(request.socket) && !isClosing(request.socket),
  });
  const silence = setInterval(cutSilent, Math.min(SILENCE_LOOK_MS, silenceMs / 4)).unref();

  const begin: RequestListener = (request, response) => {
    const connection = connectionOf(request.socket);
    // a connection that is to be closed brings no further request (RFC 9112, section 9.6): what was refused may hide one
    if (connection.last?.shouldKeepAlive === false) return;
    connection.last = response;
    connection.due.push(response);
    // told in the answer, so that the client sends its next request to somebody else
    if (isDraining) response.shouldKeepAlive = false;
    const isWhole = !hasBody(request);
    if (!isWhole) pace.watch(request, () => turnAway(request.socket, 'request_timeout'));
    handle(request, response);
    // answered on the spot, which most are: nothing is due any more
    if (isWhole && isHandedOver(response) && !isStopped) connection.due.pop();
    else response.on('close', onClose);
  };

  /** One for all responses: it happens with each. */
  function onClose(this: ServerResponse): void {
    forgetOnceWhole(this);
    if (isStopped) server.closeIdleConnections();
  }

  /** Node's own limit would put every connection from one list of timers into another, with every request. */
  function cutSilent(): void {
    for (const connection of connections) {
      const { socket, due, movedBytes } = connection;
      connection.movedBytes = socket.bytesRead + socket.bytesWritten;
      if (due.length === 0 || connection.movedBytes !== movedBytes) connection.movedAt = performance.now();
      else if (performance.now() - connection.movedAt >= silenceMs) socket.destroy();
    }
  }

  function announceDrain(): void {
    isDraining = true;
    // where it has been said that the connection is kept, the next answer on it says otherwise
    for (const { due } of connections)
      for (const response of due) if (!response.headersSent) response.shouldKeepAlive = false;
  }

  const isClosing = (socket: Duplex) => connectionOf(socket).last?.shouldKeepAlive === false;
  const lastDueOn = (socket: Duplex) => connectionOf(socket).due.at(-1);

  /** An answered request that is still arriving is the one that whatever comes on the connection belongs to. */
  function forgetOnceWhole(response: ServerResponse): void {
    const { req: request } = response;
    const { due } = connectionOf(request.socket);
    const forget = () => due.splice(due.indexOf(response), 1);
    if (!hasBody(request) || request.complete || request.socket.destroyed) forget();
    else request.once('end', forget);
  }

  /** Closes a connection that no request can come from any more, after the answers that are due on it. */
  function turnAway(socket: Socket, refusal: Refusal): void {
    const last = lastDueOn(socket);
    const isLastWhole = last?.req.complete === true;
    // a second head behind the first would be read as part of its body; and nobody is there to read any
    if (!socket.writable || (last?.headersSent && !isLastWhole)) {
      socket.destroy();
      return;
    }
    if (!last && isClosing(socket)) {
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

  server
    .on('connection', (socket: TrackedSocket) => {
      const connection = { socket, due: [], last: undefined, movedBytes: 0, movedAt: performance.now() };
      socket[CONNECTION] = connection;
      connections.add(connection);
      socket.once('close', () => connections.delete(connection));
    })
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
      upgraded.add(socket);
      socket.on('error', () => {}).once('close', () => upgraded.delete(socket));
      upgrade?.(request, socket as Socket, head);
    });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve).once('error', reject);
  server.listen(port, host);
  await promise.catch((error: NodeJS.ErrnoException) => {
    clearInterval(silence);
    pace.stop();
    throw new ListenError(explain(error, { name, host, port }), { cause: error });
  });
  return {
    url: urlOf(host, (server.address() as AddressInfo).port),
    announceDrain,
    async drain(timeoutMs) {
      announceDrain();
      // right after a look at all sockets: who has connected by now is in, and what idle ones have sent is read
      await setImmediate();
      const closed = new Promise<void>((done) => void server.close(() => done()));
      isStopped = true;
      server.closeIdleConnections();
      const letGo = setTimeout(() => {
        for (const { socket, last } of connections) if (!last && socket.bytesRead === 0) socket.destroy();
      }, SILENT_MS);
      // they have no end of their own
      for (const socket of upgraded) socket.destroy();
      const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
      await closed;
      clearTimeout(cut);
      clearTimeout(letGo);
      clearInterval(silence);
      pace.stop();
    },
  };
}

/** What is known of a client's connection, and hangs on its socket: a look into a map would cost every request more. */
interface Connection {
  readonly socket: Socket;
  /** Answers that are under way, and those whose requests are still arriving, in order. */
  readonly due: ServerResponse[];
  /** To the request that came last. Where there was none it was opened in advance, as browsers do. */
  last: ServerResponse | undefined;
  /** What had gone over it in both directions at the last look, and when that changed, or nothing was due. */
  movedBytes: number;
  movedAt: number;
}

const CONNECTION = Symbol('connection');
type TrackedSocket = Socket & { [CONNECTION]: Connection };

/** Whether all of an answer is with the system, on the spot; `writableFinished` tells it a turn of the event loop later. */
export const isHandedOver = ({ writableEnded, writableLength }: ServerResponse) =>
  writableEnded && writableLength === 0;

const connectionOf = (socket: Duplex): Connection => (socket as TrackedSocket)[CONNECTION];

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

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

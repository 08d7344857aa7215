/**
 * The connections of clients: which answers are due on each, in order, and whether anything moves on it. Says when one is
 * to be closed; what is read from it and written to it is Node's.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { hasBody } from '../framing.ts';

export interface Connections {
  /** A connection has come about; it is watched until it is gone. */
  readonly add: (socket: Socket) => void;
  /**
   * Answers a request by `handle`, and knows its answer as due until it is over. Does nothing where the connection brings no
   * further request.
   */
  readonly answer: (request: IncomingMessage, response: ServerResponse, handle: () => void) => void;
  /** The answer that is due last on a connection; also one that has just been given, until Node has let go of it. */
  readonly lastDueOn: (socket: Duplex) => ServerResponse | undefined;
  /** Whether it is to be closed after the answers that are due on it. */
  readonly isClosing: (socket: Duplex) => boolean;
  /** Says in every answer from now on that its connection is not kept. */
  readonly announceDrain: () => void;
  /** From now on a connection is closed once nothing is due on it; `closeIdle` closes those. */
  readonly keepNone: (closeIdle: () => void) => void;
  /** Closes those on which not a byte has come: they were opened in advance. */
  readonly closeUnused: () => void;
  readonly stop: () => void;
}

/** What is known of a connection, and hangs on its socket: a look into a map would cost every request more. */
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
const connectionOf = (socket: Duplex) => (socket as Duplex & { [CONNECTION]: Connection })[CONNECTION];

const SILENCE_LOOK_MS = 5_000;

/** `silenceMs`: for an answer, from when nothing has moved on its connection. */
export function trackConnections(silenceMs: number): Connections {
  const connections = new Set<Connection>();
  let isDraining = false;
  let closeIdle: (() => void) | undefined;

  /** Node's own limit would put every connection from one list of timers into another, with every request. */
  const silence = setInterval(cutSilent, Math.min(SILENCE_LOOK_MS, silenceMs / 4)).unref();

  function cutSilent(): void {
    for (const connection of connections) {
      const { socket, due, movedBytes } = connection;
      connection.movedBytes = socket.bytesRead + socket.bytesWritten;
      if (due.length === 0 || connection.movedBytes !== movedBytes) connection.movedAt = performance.now();
      else if (performance.now() - connection.movedAt >= silenceMs) socket.destroy();
    }
  }

  /** One for all responses: it happens with each. */
  function onClose(this: ServerResponse): void {
    forgetOnceWhole(this);
    closeIdle?.();
  }

  return {
    add(socket) {
      const connection = { socket, due: [], last: undefined, movedBytes: 0, movedAt: performance.now() };
      Object.assign(socket, { [CONNECTION]: connection });
      connections.add(connection);
      socket.once('close', () => connections.delete(connection));
    },
    answer(request, response, handle) {
      const connection = connectionOf(request.socket);
      // a connection that is to be closed brings no further request (RFC 9112, section 9.6): what was refused may hide one
      if (connection.last?.shouldKeepAlive === false) return;
      connection.last = response;
      connection.due.push(response);
      // told in the answer, so that the client sends its next request to somebody else
      if (isDraining) response.shouldKeepAlive = false;
      handle();
      // answered on the spot, which most are: nothing is due any more
      if (isHandedOver(response) && !hasBody(request) && !closeIdle) connection.due.pop();
      else response.on('close', onClose);
    },
    lastDueOn(socket) {
      const { due, last } = connectionOf(socket);
      return due.at(-1) ?? (last?.writableFinished === false ? last : undefined);
    },
    isClosing: (socket) => connectionOf(socket).last?.shouldKeepAlive === false,
    announceDrain() {
      isDraining = true;
      // where it has been said that the connection is kept, the next answer on it says otherwise
      for (const { due } of connections)
        for (const response of due) if (!response.headersSent) response.shouldKeepAlive = false;
    },
    keepNone(close) {
      closeIdle = close;
      close();
    },
    closeUnused() {
      for (const { socket, last } of connections) if (!last && socket.bytesRead === 0) socket.destroy();
    },
    stop: () => clearInterval(silence),
  };
}

/** An answered request that is still arriving is the one that whatever comes on the connection belongs to. */
function forgetOnceWhole(response: ServerResponse): void {
  const { req: request } = response;
  const { due } = connectionOf(request.socket);
  const forget = () => due.splice(due.indexOf(response), 1);
  if (!hasBody(request) || request.complete || request.socket.destroyed) forget();
  else request.once('end', forget);
}

/** Whether all of an answer is with the system, on the spot; `writableFinished` tells it a turn of the event loop later. */
export const isHandedOver = ({ writableEnded, writableLength }: ServerResponse): boolean =>
  writableEnded && writableLength === 0;

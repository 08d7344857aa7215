/**
 * A request as the areas behind the door see it: its target split at the base path and the query, nothing decoded.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Everything that the simulator knows lies below this path. */
export const BASE_PATH = '/api';

export interface Target {
  /** The path below the base as it was sent: `/restaurant/nanna`, `''` for the base itself; undefined outside it. */
  readonly path: string | undefined;
  /** With its question mark; `''` when there is none. */
  readonly query: string;
}

export interface Call {
  readonly method: string;
  /** The path below the base as it was sent; `''` for the base itself. */
  readonly path: string;
  /** With its question mark; `''` when there is none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** The base as the caller names it, from the Host header, always `http:`: `http://localhost:9090/api`. */
  readonly baseUrl: string;
}

export function readTarget(url: string): Target {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark);
  const isBelowBase = path === BASE_PATH || path.startsWith(`${BASE_PATH}/`);
  return { path: isBelowBase ? path.slice(BASE_PATH.length) : undefined, query };
}

export function toCall(request: IncomingMessage, path: string, query: string): Call {
  const { method = 'GET', headers, socket } = request;
  // behind TLS the real service still says `http:`, and so does this one
  const host = headers.host ?? `${socket.localAddress}:${socket.localPort}`;
  return { method, path, query, headers, baseUrl: `http://${host}${BASE_PATH}` };
}

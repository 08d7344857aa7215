/**
 * A request of the relay's own in the shape of a client's, for http-proxy-middleware: without a body, and nobody's to end.
 * It names no host of the client's either: an answer that was made for one name must not be stored for all.
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pairs } from './headers.ts';

/** As `request`, with other fields; the connection of the one is not the other's. */
export function detach(request: IncomingMessage, rawHeaders: readonly string[]): IncomingMessage {
  const { method, url, headers, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  const { remoteAddress } = request.socket;
  const names = new Set(['forwarded', 'x-forwarded-host']);
  const detached = Object.assign(Readable.from([]), {
    method,
    url,
    httpVersion,
    httpVersionMajor,
    httpVersionMinor,
    headers: { ...headers, host: undefined, forwarded: undefined, 'x-forwarded-host': undefined },
    rawHeaders: [...pairs(rawHeaders)].filter(([name]) => !names.has(name.toLowerCase())).flat(),
    rawTrailers: [],
    complete: true,
    socket: { remoteAddress, writable: true },
  });
  return detached as unknown as IncomingMessage;
}

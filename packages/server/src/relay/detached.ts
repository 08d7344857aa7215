/** A request of the relay's own in the shape of a client's, for http-proxy-middleware: without a body, and nobody's to end. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** As `request`, with other fields; the connection of the one is not the other's. */
export function detach(request: IncomingMessage, rawHeaders: readonly string[]): IncomingMessage {
  const { method, url, headers, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  const { remoteAddress } = request.socket;
  const detached = Object.assign(Readable.from([]), {
    method,
    url,
    httpVersion,
    httpVersionMajor,
    httpVersionMinor,
    headers: { ...headers },
    rawHeaders: [...rawHeaders],
    rawTrailers: [],
    complete: true,
    socket: { remoteAddress, writable: true },
  });
  return detached as unknown as IncomingMessage;
}

/**
 * A request of the relay's own in the shape of a client's, for http-proxy-middleware: without a body, and nobody's to end.
 * It names no host of the client's either: an answer that was made for one name must not be stored for all.
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { filterFields } from './headers.ts';

/** As `request`, with other fields; the connection of the one is not the other's. It has no body to be read. */
export function detach(request: IncomingMessage, rawHeaders: readonly string[]): IncomingMessage {
  const { method, url, headers, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  const { remoteAddress } = request.socket;
  const detached = {
    ...{ method, url, httpVersion, httpVersionMajor, httpVersionMinor },
    headers: { ...headers, host: undefined, forwarded: undefined, 'x-forwarded-host': undefined },
    rawHeaders: filterFields(rawHeaders, (field) => field !== 'forwarded' && field !== 'x-forwarded-host'),
    rawTrailers: [],
    complete: true,
    socket: { remoteAddress, writable: true },
  };
  return detached as unknown as IncomingMessage;
}

/** The same with other fields once more, and as a stream that ends at once, which http-proxy-middleware needs. */
export const asEmptyStream = (detached: IncomingMessage, rawHeaders: readonly string[]): IncomingMessage =>
  Object.assign(new EmptyBody(), detached, { rawHeaders });

class EmptyBody extends Readable {
  override _read(): void {
    this.push(null);
  }
}

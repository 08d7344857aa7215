/**
 * A request of the relay's own in the shape of a client's: without a body, and nobody's to end.
 * It names no host of the client's either: an answer that was made for one name must not be stored for all.
 */
import type { IncomingMessage } from 'node:http';
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

/** A detached request with other fields once more. */
export const withFields = (detached: IncomingMessage, rawHeaders: readonly string[]): IncomingMessage =>
  rawHeaders === detached.rawHeaders ? detached : ({ ...detached, rawHeaders } as IncomingMessage);

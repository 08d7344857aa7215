/**
 * A request of the relay's own in the shape of a client's: without a body, and nobody's to end.
 * It names no host of the client's either, nor by which scheme, port or prefix that was reached: an answer that was made for
 * one of them must not be stored for all. Who asks is told.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isForwardingField } from './forwarding.ts';
import { filterFields } from './headers.ts';

/** As `request`, with other fields; the connection of the one is not the other's. It has no body to be read. */
export function detach(request: IncomingMessage, rawHeaders: readonly string[]): IncomingMessage {
  const { method, url, headers, httpVersion, httpVersionMajor, httpVersionMinor } = request;
  const { remoteAddress } = request.socket;
  const detached = {
    ...{ method, url, httpVersion, httpVersionMajor, httpVersionMinor },
    headers: ofAll(headers),
    rawHeaders: filterFields(rawHeaders, (field) => field === 'host' || isOfAll(field)),
    rawTrailers: [],
    complete: true,
    socket: { remoteAddress, writable: true },
  };
  return detached as unknown as IncomingMessage;
}

const isOfAll = (field: string) => field !== 'host' && (!isForwardingField(field) || field === 'x-forwarded-for');

function ofAll(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept: IncomingHttpHeaders = {};
  for (const field in headers) if (isOfAll(field)) kept[field] = headers[field];
  return kept;
}

/** A detached request for the whole of what another asks for only the head of. */
export const toGet = (detached: IncomingMessage): IncomingMessage =>
  ({ ...detached, method: 'GET' }) as IncomingMessage;

/** A detached request with other fields once more. */
export const withFields = (detached: IncomingMessage, rawHeaders: readonly string[]): IncomingMessage =>
  rawHeaders === detached.rawHeaders ? detached : ({ ...detached, rawHeaders } as IncomingMessage);

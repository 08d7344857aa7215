/**
 * What Node's parser lets pass and the relay does not: heads that two servers could read in two ways. The parser itself
 * refuses the rest (both length fields, repeated lengths, folded lines, bare line ends, chunk sizes that are none).
 */
import type { IncomingMessage } from 'node:http';
import { RelayError } from '../errors.ts';

/** Fields of one head. Beyond 1,000 Node leaves fields out without a word, those that frame the body included. */
const MOST_FIELDS = 200;

/** `uri-host [ ":" port ]` (RFC 9110, section 7.2), without user information or anything that could start a path. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]+)(?::\d*)?$/i;

/** Throws `malformed_request`, `headers_too_large` or `not_implemented`. */
export function checkRequestHead({ httpVersion, rawHeaders, headers }: IncomingMessage): void {
  if (rawHeaders.length > 2 * MOST_FIELDS) {
    throw new RelayError('headers_too_large', { detail: `The request has more than ${MOST_FIELDS} header fields.` });
  }
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw malformed('HTTP/1.0 and HTTP/1.1 are understood.');
  checkHost(httpVersion, rawHeaders, headers.host);
  checkTransferCoding(httpVersion, headers['transfer-encoding']);
}

/** RFC 9112, section 3.2. */
function checkHost(httpVersion: string, rawHeaders: readonly string[], host: string | undefined): void {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === HOST_LENGTH && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts > 1) throw malformed('There is more than one Host field.');
  if (host === undefined && httpVersion === '1.1') throw malformed('There is no Host field.');
  if (!host || host === lastHost) return;
  if (!HOST.test(host)) throw malformed('The Host field names no host.');
  lastHost = host;
}

const HOST_LENGTH = 'host'.length;
/** One that has been looked at: nearly all requests have the same. */
let lastHost = '';

/** RFC 9112, sections 6.1 and 6.3. */
function checkTransferCoding(httpVersion: string, field: string | undefined): void {
  if (field === undefined) return;
  if (httpVersion === '1.0') throw malformed('HTTP/1.0 has no Transfer-Encoding.');
  const codings = field.split(',').map((coding) => coding.trim().toLowerCase());
  if (codings.at(-1) !== 'chunked') throw malformed('Where the body ends cannot be told from its Transfer-Encoding.');
  if (codings.length > 1) {
    throw new RelayError('not_implemented', { detail: 'The only transfer coding that is understood is "chunked".' });
  }
}

const malformed = (detail: string) => new RelayError('malformed_request', { detail });

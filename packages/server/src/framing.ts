/** How a message is framed and written, for the folders that look at it: those of requests and those of connections. */
import type { IncomingMessage, OutgoingMessage } from 'node:http';

/** Whether a request carries a body (RFC 9112, section 6.3). */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** To put together a long one with the head costs more than a second piece. */
const MOST_TEXT_BYTES = 4_096;

/**
 * A body as it is quickest to write, in `latin1`: a short one as a text with a character for each byte. Node writes a text
 * together with the head, and bytes apart from it.
 */
export const toWritten = (body: Buffer): string | Buffer =>
  body.length > MOST_TEXT_BYTES ? body : body.toString('latin1');

/** Sends the head before there is a body. (`flushHeaders` does it in UTF-8, and a field need not be that.) */
export const flushHead = (message: OutgoingMessage): void => void message.write('', 'latin1');

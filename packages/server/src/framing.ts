/** How a message is framed, for the folders that look at it: those of requests and those of connections. */
import type { IncomingMessage } from 'node:http';

/** Whether a request carries a body (RFC 9112, section 6.3). */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

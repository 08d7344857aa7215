/**
 * An answer on its way to the client: head, body, trailers. Promises that half an answer is never taken for a whole one,
 * and that while a body still comes neither side can hold the other for longer than the idle time. (A client that does not
 * read what is there already is the listener's to end.)
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { flushHead, toWritten } from '../framing.ts';
import { fieldValue, filterFields } from './headers.ts';
import type { RelayAnswer } from './origin.ts';
import { unusable } from './upstreamAnswer.ts';

/** Sends the answer with `headers` in place of its own. Throws `upstream_invalid_response` before anything was sent. */
export function sendAnswer(
  answer: RelayAnswer,
  headers: readonly string[],
  { request, response, idleTimeoutMs }: { request: IncomingMessage; response: ServerResponse; idleTimeoutMs: number },
): void {
  const { body } = answer;
  if (Buffer.isBuffer(body)) {
    const hasChunks = framingOf(answer, headers, request) === 'chunks';
    writeHead(answer, headers, response, hasChunks);
    if (hasChunks) addTrailers(answer, response);
    response.end(toWritten(body), 'latin1');
    return;
  }
  body.on('error', () => {}); // seen by what follows, whoever reads it at the time
  if (body.destroyed) throw unusable('it broke off at once', body.errored);
  const framing = framingOf(answer, headers, request);
  try {
    writeHead(answer, headers, response, framing === 'chunks');
  } catch (error) {
    body.destroy();
    throw error;
  }
  if (framing === 'end of connection') resetWhenCut(body, response);
  if (framing === 'chunks') body.once('end', () => addTrailers(answer, response));
  // together with the first of the body where that is there already
  const head = setImmediate(() => flushHead(response));
  const idle = setTimeout(() => body.destroy(), idleTimeoutMs);
  body.once('data', () => clearImmediate(head)).on('data', () => idle.refresh());
  body.pipe(response);
  // cut short on either side: the other is destroyed. (`pipeline` does the same and makes an AbortController each time.)
  body.once('close', () => {
    clearImmediate(head);
    clearTimeout(idle);
    if (!body.readableEnded) response.destroy();
  });
  response.once('close', () => body.destroy());
}

function writeHead(
  { status, reason }: RelayAnswer,
  headers: readonly string[],
  response: ServerResponse,
  hasChunks: boolean,
): void {
  try {
    response.sendDate = false; // the upstream's own, or none
    response.writeHead(status, reason, hasChunks ? [...headers] : withoutTrailer(headers));
  } catch (cause) {
    throw unusable('its head cannot be sent on', cause);
  }
}

/** What tells the client where the body ends (RFC 9112, section 6.3). */
function framingOf({ status }: RelayAnswer, headers: readonly string[], { method, httpVersion }: IncomingMessage) {
  const hasNoBody = method === 'HEAD' || status === 204 || status === 304;
  if (hasNoBody || fieldValue(headers, 'content-length') !== undefined) return 'head';
  return httpVersion === '1.0' ? 'end of connection' : 'chunks';
}

/** Where the end of the connection is the end of the body, only a reset tells that it came too early. */
function resetWhenCut(body: Readable, response: ServerResponse): void {
  const reset = () => {
    if (!body.readableEnded) response.socket?.resetAndDestroy();
  };
  body.once('error', reset).once('close', reset);
}

/** Node takes `Trailer` for a mistake where there are no chunks to put trailers behind. */
const withoutTrailer = (headers: readonly string[]) =>
  fieldValue(headers, 'trailer') === undefined ? [...headers] : filterFields(headers, (field) => field !== 'trailer');

function addTrailers(answer: RelayAnswer, response: ServerResponse): void {
  try {
    response.addTrailers(answer.trailers());
  } catch {
    // a trailer that cannot be sent on: the body is whole all the same
  }
}

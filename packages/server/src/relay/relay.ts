/**
 * The raw relay: answers `/URI` as the upstream answers its own, for any method. Status, fields and body are copied; only
 * `Location` is brought back into the relay's URI space, and `Cache-Status`, `Via` and `X-Request-Id` are added.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RelayError } from '../errors.ts';
import { hasBody } from '../framing.ts';
import type { UpstreamBase } from '../upstream/base.ts';
import { Deadline } from '../upstream/deadline.ts';
import {
  type FlatHeaders,
  fieldValue,
  filterFields,
  isForTheRelay,
  passedRelays,
  RELAY_NAME,
  toClientHeaders,
} from './headers.ts';
import type { Origin, RelayAnswer, Reuse } from './origin.ts';
import { sendAnswer } from './send.ts';
import { watchUpload } from './upload.ts';
import type { Interim } from './upstreamAnswer.ts';

/** Under this prefix every URI of the upstream can be reached, those that the relay answers itself included. */
const RELAY_PREFIX = '/relay_anything';

interface RelayParts {
  readonly base: UpstreamBase;
  readonly origin: Origin;
  /** From the request's arrival, or from the end of its body, until the head of the response. */
  readonly timeoutMs: number;
  /** How long the body of an answer may make no progress, because of the upstream or of the client. */
  readonly idleTimeoutMs: number;
  /** Fields of the relay's own for an answer that has none of the kind, flat. */
  readonly fieldsOf: (response: ServerResponse) => FlatHeaders;
  /** An answer is sent that can be sent again as it is. */
  readonly onReusable: (request: IncomingMessage, response: ServerResponse, answer: RelayedAgain) => void;
}

/** What is stored, with the fields that it is sent with. */
export interface RelayedAgain extends Reuse {
  readonly fields: FlatHeaders;
  /** Whether `X-Request-Id` is the relay's: the upstream may have one of its own. */
  readonly hasRequestId: boolean;
}

/** Relays a request. Rejects with a RelayError as long as nothing has been sent to the client. */
export type Relay = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export function createRelay(parts: RelayParts): Relay {
  const { base, origin, timeoutMs, idleTimeoutMs, fieldsOf, onReusable } = parts;

  /** The fields for the client, those of the relay's own included. */
  function fieldsFor(answer: Omit<RelayAnswer, 'body'>, prefix: string, own: FlatHeaders): string[] {
    const headers = relocated(answer, base, prefix);
    headers.push('Cache-Status', `${RELAY_NAME}; ${answer.cacheStatus}`, 'Via', `${answer.httpVersion} ${RELAY_NAME}`);
    const isNew = (field: string) => fieldValue(headers, field) === undefined;
    headers.push(...filterFields(own, isNew));
    return headers;
  }

  return async function relay(request, response, requestId) {
    checkLoop(request);
    if (isForTheRelay(request)) return answerItself(request, response, requestId);
    const { prefix, target } = splitPrefix(request.url ?? '/');
    const isFromHttp10 = request.httpVersion === '1.0';
    const upload = hasBody(request) ? watchUpload(request) : undefined;
    const deadline = new Deadline(timeoutMs, upload?.mayGoOn);
    const leave = () => deadline.leave();
    response.on('close', leave);
    upload?.onSent(() => deadline.restart());
    try {
      let interims = 0;
      const onInterim = (interim: Interim) => {
        if (interim.statusCode === 100) upload?.consented();
        if (!isFromHttp10 && ++interims <= MOST_INTERIMS) sendInterim(interim, response);
      };
      const answer = await origin({ request, target, signal: deadline, onInterim });
      const own = ['X-Request-Id', requestId, ...fieldsOf(response)];
      const { reuse } = answer;
      sendAnswer(answer, fieldsFor(answer, prefix, own), { request, response, idleTimeoutMs });
      if (reuse) {
        const hasRequestId = fieldValue(reuse.whole.headers, 'x-request-id') === undefined;
        onReusable(request, response, { ...reuse, fields: fieldsFor(reuse.whole, prefix, own), hasRequestId });
      }
    } finally {
      deadline.lift();
      response.off('close', leave);
    }
  };
}

/** Of one call; more are dropped: they are hints, and a flood of them is none. */
const MOST_INTERIMS = 50;

/**
 * One relay may stand behind another; a request that has passed two comes round again (RFC 9110, section 7.6.3).
 * Throws `loop_detected`.
 */
export function checkLoop(request: IncomingMessage): void {
  if (passedRelays(request) > 1) throw new RelayError('loop_detected');
}

/** `Max-Forwards` is used up (RFC 9110, section 7.6.2). */
function answerItself({ method }: IncomingMessage, response: ServerResponse, requestId: string): void {
  if (method === 'TRACE') throw new RelayError('not_implemented');
  response.writeHead(204, { 'X-Request-Id': requestId }).end();
}

/** The upstream may say something before it answers, as often as it likes (RFC 9110, section 15.2). */
function sendInterim({ statusCode, rawHeaders }: Interim, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return;
  // answers before it on the connection are due first: Node would put the final head in front of what is queued here
  if (!response.socket) {
    response.once('socket', () => sendInterim({ statusCode, rawHeaders }, response));
    return;
  }
  try {
    response.writeInformation(statusCode, toClientHeaders(rawHeaders));
  } catch {
    // fields that cannot be sent on: what is only a hint is left out
  }
}

/** A target of the relay's as the prefix that it came under and the path and query behind it. */
export function splitPrefix(url: string): { prefix: string; target: string } {
  if (url !== RELAY_PREFIX && !url.startsWith(`${RELAY_PREFIX}/`) && !url.startsWith(`${RELAY_PREFIX}?`)) {
    return { prefix: '', target: url };
  }
  const rest = url.slice(RELAY_PREFIX.length);
  return { prefix: RELAY_PREFIX, target: rest.startsWith('/') ? rest : `/${rest}` };
}

/**
 * The fields with `Location` for the client: inside the relay's URI space as a path, under the prefix that the client used.
 * What leads out of the upstream's base path stays where it is, made absolute, since relative it would lead somewhere in
 * the relay.
 */
function relocated({ headers, path: from }: Omit<RelayAnswer, 'body'>, base: UpstreamBase, prefix: string): string[] {
  const toClient = (location: string) => {
    const path = base.toRelay(location, from);
    // a path that begins with two slashes would be read as the name of a host
    if (path !== undefined) return (path.startsWith('//') ? RELAY_PREFIX : prefix) + path;
    const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(location);
    return isAbsolute ? location : (base.resolve(location, from)?.href ?? location);
  };
  if (fieldValue(headers, 'location') === undefined) return [...headers];
  return headers.map((text, index) =>
    index % 2 === 1 && headers[index - 1]?.toLowerCase() === 'location' ? toClient(text) : text,
  );
}

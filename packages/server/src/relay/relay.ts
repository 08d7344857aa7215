/**
 * The raw relay: answers `/URI` as the upstream answers its own, for any method. Status, fields and body are copied; only
 * `Location` is brought back into the relay's URI space, and `Cache-Status`, `Via` and `X-Request-Id` are added.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { RelayError, toRelayError } from '../errors.ts';
import type { UpstreamBase } from '../upstream/base.ts';
import { startDeadline } from '../upstream/deadline.ts';
import type { Guard } from '../upstream/guard.ts';
import { type Forwarder, hasBody } from './forward.ts';
import { RELAY_NAME, toClientHeaders } from './headers.ts';

/** Under this prefix every URI of the upstream can be reached, those that the relay answers itself included. */
const RELAY_PREFIX = '/relay_anything';

interface RelayParts {
  readonly base: UpstreamBase;
  readonly forwarder: Forwarder;
  readonly guard: Guard;
  /** From the request's arrival until the head of the response. */
  readonly timeoutMs: number;
  /** How long a body may make no progress, because of the upstream or of the client. Default 30 s. */
  readonly idleTimeoutMs?: number;
  /** The head of an answer has come, or none will: `ok`, or the code of the error. */
  readonly onCall?: (outcome: string, durationMs: number) => void;
}

/** Relays a request. Rejects with a RelayError as long as nothing has been sent to the client. */
export type Relay = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

export function createRelay({
  base,
  forwarder,
  guard,
  timeoutMs,
  idleTimeoutMs = 30_000,
  onCall = () => {},
}: RelayParts): Relay {
  async function ask(request: IncomingMessage, path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const isUpload = hasBody(request);
    const startedAt = performance.now();
    const asking = guard.run(() => forwarder.forward(request, path, signal), {
      signal,
      isUpload,
      isRepeatable: isSafe(request) && !isUpload,
      judge: ({ statusCode = 0, headers }) => ({ status: statusCode, retryAfter: headers['retry-after'] }),
      // not read to its end, which may never come
      discard: (answer) => answer.destroy(),
    });
    const done = (outcome: string) => onCall(outcome, performance.now() - startedAt);
    try {
      const answer = await asking;
      done((answer.statusCode ?? 0) >= 500 ? 'upstream_error' : 'ok');
      return answer;
    } catch (error) {
      done(toRelayError(error).code);
      throw error;
    }
  }

  /**
   * A redirect that the client would follow back to the very same URI (the base URL with and without its slash are both
   * the relay's `/`) is followed here instead, once. Never with a body: it has been sent, and its framing alone would take
   * the next request on the connection for it.
   */
  async function askPastLoop(request: IncomingMessage, target: string, signal: AbortSignal) {
    const path = base.toUpstream(target);
    const answer = await ask(request, path, signal);
    const location = answer.headers.location;
    const mayFollow = isRedirect(answer) && isSafe(request) && !hasBody(request);
    if (!mayFollow || location === undefined || base.toRelay(location, path) !== target) return { answer, path };
    const next = base.resolve(location, path);
    const nextPath = next ? next.pathname + next.search : path;
    if (nextPath === path) return { answer, path };
    answer.destroy();
    return { answer: await ask(request, nextPath, signal), path: nextPath };
  }

  /** For a body that may take long: a place among the streams, so that the connections are not all taken by such. */
  async function admit(answer: IncomingMessage, request: IncomingMessage, signal: AbortSignal): Promise<() => void> {
    if (!isStream(answer, request)) return () => {};
    try {
      return await guard.admitStream(signal);
    } catch (error) {
      answer.destroy();
      throw error;
    }
  }

  function copy(answer: IncomingMessage, response: ServerResponse, headers: string[], ended: () => void): void {
    try {
      response.sendDate = false; // the upstream's own, or none
      response.writeHead(answer.statusCode ?? 0, answer.statusMessage, headers);
    } catch (cause) {
      answer.destroy();
      ended();
      const detail = 'The lunch-menu API gave an unusable answer: a head that cannot be sent on.';
      throw new RelayError('upstream_invalid_response', { detail, cause });
    }
    const idle = setTimeout(() => answer.destroy(), idleTimeoutMs);
    answer.on('data', () => idle.refresh());
    // cut short on either side: the other is destroyed, so that half a body is never taken for a whole one
    pipeline(answer, response, () => {
      clearTimeout(idle);
      ended();
    });
  }

  return async function relay(request, response, requestId) {
    if (hasGoneRound(request)) throw new RelayError('loop_detected');
    const { prefix, target } = splitPrefix(request.url ?? '/');
    const left = new AbortController();
    const leave = () => left.abort(new RelayError('client_left'));
    response.once('close', leave);
    const deadline = startDeadline(timeoutMs, left.signal);
    try {
      const { answer, path } = await askPastLoop(request, target, deadline.signal);
      const headers = toClientHeaders(answer.rawHeaders, relocated(answer, base, path, prefix));
      headers.push('Cache-Status', `${RELAY_NAME}; fwd=bypass`, 'Via', `${answer.httpVersion} ${RELAY_NAME}`);
      if (answer.headers['x-request-id'] === undefined) headers.push('X-Request-Id', requestId);
      copy(answer, response, headers, await admit(answer, request, deadline.signal));
    } finally {
      deadline.lift();
      response.off('close', leave);
    }
  };
}

/** One relay may stand behind another; a request that has passed two comes round again (RFC 9110, section 7.6.3). */
const hasGoneRound = ({ headers }: IncomingMessage) => (headers.via ?? '').split(`${RELAY_NAME}`).length > 2;

const LARGE_BYTES = 1024 * 1024;

/** More than a mebibyte, or without a length, and with a body at all (RFC 9112, section 6.3). */
function isStream({ statusCode, headers }: IncomingMessage, { method }: IncomingMessage): boolean {
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) return false;
  return !(Number(headers['content-length'] ?? Number.NaN) <= LARGE_BYTES);
}

const isSafe = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

function splitPrefix(url: string): { prefix: string; target: string } {
  if (url !== RELAY_PREFIX && !url.startsWith(`${RELAY_PREFIX}/`) && !url.startsWith(`${RELAY_PREFIX}?`)) {
    return { prefix: '', target: url };
  }
  const rest = url.slice(RELAY_PREFIX.length);
  return { prefix: RELAY_PREFIX, target: rest.startsWith('/') ? rest : `/${rest}` };
}

const isRedirect = ({ statusCode = 0 }: IncomingMessage) =>
  statusCode === 201 || (statusCode >= 300 && statusCode < 400);

/**
 * `Location` for the client: inside the relay's URI space as a path, under the prefix that the client used. What leads out
 * of the upstream's base path stays where it is, made absolute, since relative it would lead somewhere in the relay.
 */
function relocated(answer: IncomingMessage, base: UpstreamBase, from: string, prefix: string): Record<string, string> {
  const location = answer.headers.location;
  if (!isRedirect(answer) || location === undefined) return {};
  const path = base.toRelay(location, from);
  // a path that begins with two slashes would be read as the name of a host
  if (path !== undefined) return { location: (path.startsWith('//') ? RELAY_PREFIX : prefix) + path };
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(location);
  return isAbsolute ? {} : { location: base.resolve(location, from)?.href ?? location };
}

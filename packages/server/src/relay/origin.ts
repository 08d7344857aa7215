/**
 * The upstream as the raw relay sees it: a call in, an answer out, through the guard. A cache of relayed answers is
 * another `Origin` around this one.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { toRelayError } from '../errors.ts';
import { hasBody } from '../framing.ts';
import type { UpstreamBase } from '../upstream/base.ts';
import type { Guard, Verdict } from '../upstream/guard.ts';
import type { Forwarder, ForwardOptions } from './forward.ts';
import { type FlatHeaders, fieldValue, toClientHeaders, toTrailers } from './headers.ts';
import type { UpstreamAnswer } from './upstreamAnswer.ts';

export interface RelayCall extends ForwardOptions {
  readonly request: IncomingMessage;
  /** Nobody waits for the answer. Default: somebody does. */
  readonly isBackground?: boolean;
  /** Path and query in the relay's URI space, without the relay's prefix. */
  readonly target: string;
}

export interface RelayAnswer {
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: string;
  /** The end-to-end fields, flat, in order and number. `Location` is the upstream's. */
  readonly headers: readonly string[];
  /** All of it, or a stream to be read or destroyed: it ends when it is complete, and is destroyed when it is cut short. */
  readonly body: Buffer | Readable;
  /** Whether its own framing tells where it ends; otherwise an end that came too early looks like any other. */
  readonly isFramed: boolean;
  /** Known once the body has ended. */
  readonly trailers: () => Array<[name: string, value: string]>;
  /** When the request was sent that it answers (RFC 9111, section 4.2.3), in ms since the epoch. */
  readonly requestedAt: number;
  /** Path and query of the upstream that references in the answer are relative to. */
  readonly path: string;
  /** The parameters of `Cache-Status` (RFC 9211). */
  readonly cacheStatus: string;
  /** Of what is stored and fresh: what makes it the answer to other requests for the same target. */
  readonly reuse?: Reuse | undefined;
}

/** Moments are in ms since the epoch. */
export interface Reuse {
  /** The stored answer, whatever of it this request is answered. */
  readonly whole: Omit<RelayAnswer, 'body'> & { readonly body: Buffer };
  /** From when its age counts. */
  readonly bornAt: number;
  readonly freshUntil: number;
  /** Whether it is still what is stored. */
  readonly isStored: () => boolean;
  /** Whether it answers another request, one without conditions, ranges and authorization, for the same target. */
  readonly accepts: (request: IncomingMessage) => boolean;
}

/** Throws, at once or later, what the forwarder and the guard throw. */
export type Origin = (call: RelayCall) => Promise<RelayAnswer>;

interface OriginParts {
  readonly base: UpstreamBase;
  readonly forwarder: Forwarder;
  readonly guard: Guard;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** The head of an answer has come, or none will: `ok`, `upstream_error`, or the code of the error. */
  readonly onCall?: (outcome: string, durationMs: number) => void;
}

export function createOrigin({ base, forwarder, guard, clock, onCall = () => {} }: OriginParts): Origin {
  async function ask(
    asking: RelayCall,
    path = base.toUpstream(asking.target),
    isFollowed = false,
  ): Promise<RelayAnswer> {
    const { request, signal, isBackground = false } = asking;
    const isUpload = hasBody(request);
    const startedAt = performance.now();
    let requestedAt = 0;
    // it may have waited for its turn, which is no age of the answer's
    const call = () => {
      requestedAt = clock();
      return forwarder.forward(request, path, asking);
    };
    const isRepeatable = isSafe(request) && !isUpload;
    let answer: UpstreamAnswer;
    try {
      answer = await guard.run(call, { signal, isUpload, isBackground, isRepeatable, judge, discard });
    } catch (error) {
      onCall(toRelayError(error).code, performance.now() - startedAt);
      throw error;
    }
    onCall(outcomeOf(answer.status), performance.now() - startedAt);
    const next = isFollowed ? undefined : loopedTo(answer, path, asking);
    if (next !== undefined) {
      answer.discard();
      return ask(asking, next, true);
    }
    const body = answer.takeBody();
    if (!Buffer.isBuffer(body) && mayTakeLong(answer.rawHeaders)) await admit(body, asking);
    return toRelayAnswer(answer, request, { path, requestedAt, body });
  }

  /**
   * A redirect that the client would follow back to the very same URI (the base URL with and without its slash are both
   * the relay's `/`) is followed here instead, once: gives the path that it leads to. Never with a body: it has been sent,
   * and its framing alone would take the next request on the connection for it.
   */
  function loopedTo(
    { status, rawHeaders }: UpstreamAnswer,
    path: string,
    { request, target }: RelayCall,
  ): string | undefined {
    if (!isRedirect(status) || !isSafe(request) || hasBody(request)) return undefined;
    const location = fieldValue(rawHeaders, 'location');
    if (location === undefined || base.toRelay(location, path) !== target) return undefined;
    const next = base.resolve(location, path);
    return next && next.pathname + next.search !== path ? next.pathname + next.search : undefined;
  }

  /** For a body that may take long: a place among the streams, so that the connections are not all taken by such. */
  async function admit(body: Readable, { signal }: RelayCall): Promise<void> {
    try {
      const release = await guard.admitStream(signal);
      if (body.closed) release();
      else body.once('close', release);
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  const toRelayAnswer = (
    answer: UpstreamAnswer,
    request: IncomingMessage,
    { path, requestedAt, body }: Pick<RelayAnswer, 'path' | 'requestedAt' | 'body'>,
  ): RelayAnswer => ({
    path,
    requestedAt,
    body,
    status: answer.status,
    reason: answer.reason,
    httpVersion: answer.httpVersion,
    headers: dated(toClientHeaders(answer.rawHeaders), clock),
    isFramed: isFramed(answer, request),
    trailers: () => toTrailers(answer.rawTrailers),
    cacheStatus: 'fwd=bypass',
  });

  return (call) => ask(call);
}

const judge = ({ status, rawHeaders }: UpstreamAnswer): Verdict => ({
  status,
  retryAfter: fieldValue(rawHeaders, 'retry-after'),
});

const discard = (answer: UpstreamAnswer) => answer.discard();

/** With the time at which it came, where its server has no clock (RFC 9110, section 6.6.1). */
function dated(headers: string[], clock: () => number): string[] {
  if (fieldValue(headers, 'date') === undefined) headers.push('Date', new Date(clock()).toUTCString());
  return headers;
}

/** RFC 9112, section 6.3. A transfer coding is `chunked`: others are no answer (`upstreamAnswer.ts`). */
const isFramed = ({ status, rawHeaders }: UpstreamAnswer, { method }: IncomingMessage) =>
  method === 'HEAD' ||
  status === 204 ||
  status === 304 ||
  fieldValue(rawHeaders, 'content-length') !== undefined ||
  fieldValue(rawHeaders, 'transfer-encoding') !== undefined;

/** As the typed calls have it: 429 is how the upstream says that it is asked too often. */
function outcomeOf(status: number): string {
  if (status === 429) return 'upstream_rate_limited';
  return status >= 500 ? 'upstream_error' : 'ok';
}

const isRedirect = (status: number) => status >= 300 && status < 400;

const LARGE_BYTES = 1024 * 1024;

/** A body that has not come yet: more than a mebibyte, or without a length. */
const mayTakeLong = (rawHeaders: FlatHeaders) =>
  !(Number(fieldValue(rawHeaders, 'content-length') ?? Number.NaN) <= LARGE_BYTES);

const isSafe = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD';

/**
 * JSON documents of the upstream for the typed routes: through the guard, with one deadline for the whole call, a bounded
 * body, redirects by path only and only below the base path. Every fault comes out as an `upstream_…` RelayError.
 */
import { RelayError } from '../errors.ts';
import type { UpstreamBase } from './base.ts';
import { type Cancellation, Deadline, toAbortSignal } from './deadline.ts';
import type { Guard } from './guard.ts';
import { Agent, request } from './undici.ts';

/** A JSON document, or that there is none under the path. */
export type UpstreamAnswer =
  | {
      readonly found: true;
      readonly document: unknown;
      /** The upstream's `Date`, in ms since the epoch. */
      readonly date: number | null;
      /** Its `Cache-Control: max-age`, in ms. */
      readonly maxAgeMs: number | null;
    }
  | { readonly found: false };

interface JsonClientParts {
  readonly base: UpstreamBase;
  readonly guard: Guard;
  /** For the whole call while a client waits: waiting for a turn, retries and redirects included. */
  readonly timeoutMs: number;
  /** `outcome` is `ok`, `not_found`, or the code of the error. */
  readonly onCall?: (outcome: string, durationMs: number) => void;
  /** Further fields for a call, by name. Default: none. */
  readonly fields?: () => Readonly<Record<string, string>>;
}

export interface JsonClient {
  /** Asks for a path below the base. Where nobody waits the call may take longer. Throws `upstream_…` RelayErrors. */
  readonly getJson: (path: string, options?: { readonly isBackground?: boolean }) => Promise<UpstreamAnswer>;
  readonly close: () => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 1_000;
const BACKGROUND_PATIENCE = 3;
const MOST_BODY_BYTES = 1024 * 1024;
/** W4 redirects once, for its slash. */
const MOST_REDIRECTS = 3;
const HEADERS = { accept: 'application/json', 'user-agent': 'lunch-relay', 'accept-encoding': 'identity' };

/** Who waits for a call, and how long. */
interface Waiting {
  readonly signal: Cancellation;
  readonly isBackground: boolean;
}

/** A response, read whole. */
interface Whole {
  readonly status: number;
  readonly content: string;
  readonly field: (name: string) => string | undefined;
}

export function createJsonClient(parts: JsonClientParts): JsonClient {
  const { base, guard, timeoutMs, onCall = () => {}, fields = () => ({}) } = parts;
  const dispatcher = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, maxResponseSize: MOST_BODY_BYTES });

  async function fetchWhole(path: string, cancellation: Cancellation): Promise<Whole> {
    try {
      const sent = { ...HEADERS, ...fields() };
      const signal = toAbortSignal(cancellation);
      const { statusCode, headers, body } = await request(base.origin + path, { dispatcher, signal, headers: sent });
      // read in any case: the connection is free for the next call then
      return { status: statusCode, content: await body.text(), field: (name) => [headers[name] ?? []].flat()[0] };
    } catch (error) {
      throw toUpstreamError(error);
    }
  }

  async function call(path: string, waiting: Waiting, redirectsLeft: number): Promise<UpstreamAnswer> {
    const { signal } = waiting;
    const { status, content, field } = await guard.run(() => fetchWhole(path, signal), {
      ...waiting,
      isRepeatable: true,
      judge: (whole) => ({ status: whole.status, retryAfter: whole.field('retry-after') }),
    });
    const location = field('location');
    if (status >= 300 && status < 400 && location !== undefined) {
      const target = base.toRelay(location, path);
      if (target === undefined || redirectsLeft === 0) throw unusable('a redirect that leads elsewhere');
      // by path only: W9 redirects to http: even where it was asked by https:
      return call(new URL(location, base.origin + path).pathname, waiting, redirectsLeft - 1);
    }
    if (status === 404) return { found: false };
    if (status === 429 || status === 503) throw rateLimited(field('retry-after'));
    if (status !== 200) {
      throw new RelayError('upstream_error', { detail: `The lunch-menu API answered with status ${status}.` });
    }
    if (!/^application\/json\b/i.test(field('content-type') ?? '')) throw unusable('not JSON');
    const maxAgeMs = parseMaxAge(field('cache-control'));
    return { found: true, document: parseJson(content), date: parseDate(field('date')), maxAgeMs };
  }

  return {
    async getJson(path, { isBackground = false } = {}) {
      const startedAt = performance.now();
      const deadline = new Deadline(isBackground ? BACKGROUND_PATIENCE * timeoutMs : timeoutMs);
      const done = (outcome: string) => onCall(outcome, performance.now() - startedAt);
      try {
        const answer = await call(base.toUpstream(path), { signal: deadline, isBackground }, MOST_REDIRECTS);
        done(answer.found ? 'ok' : 'not_found');
        return answer;
      } catch (error) {
        const failure = toUpstreamError(error);
        done(failure.code);
        throw failure;
      } finally {
        deadline.lift();
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw unusable('broken JSON', cause);
  }
}

function parseDate(value: string | undefined): number | null {
  const at = Date.parse(value ?? '');
  return Number.isNaN(at) ? null : at;
}

function parseMaxAge(value: string | undefined): number | null {
  const seconds = /(?:^|[\s,])max-age=(\d{1,10})(?:$|[\s,])/i.exec(value ?? '')?.[1];
  return seconds === undefined ? null : Number(seconds) * 1000;
}

function unusable(what: string, cause?: unknown): RelayError {
  const detail = `The lunch-menu API gave an unusable answer: ${what}.`;
  return new RelayError('upstream_invalid_response', { detail, cause });
}

/** An ingress in front of the upstream says 429 or 503, mostly without `Retry-After`. */
function rateLimited(retryAfter: string | undefined): RelayError {
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  return new RelayError('upstream_rate_limited', { members: seconds === undefined ? {} : { retryAfter: seconds } });
}

const TIMEOUTS = ['TimeoutError', 'ConnectTimeoutError', 'HeadersTimeoutError', 'BodyTimeoutError'];

/** A failure of undici's or of the network, as one of the relay's errors. */
function toUpstreamError(error: unknown): RelayError {
  if (error instanceof RelayError) return error;
  // by name: other copies of undici have classes of their own
  const name = (error as Partial<Error> | undefined)?.name ?? '';
  if (TIMEOUTS.includes(name)) return new RelayError('upstream_timeout', { cause: error });
  if (name === 'ResponseExceededMaxSizeError') return unusable('too large', error);
  if (name === 'HTTPParserError') return unusable('not HTTP', error);
  return new RelayError('upstream_unreachable', { cause: error });
}

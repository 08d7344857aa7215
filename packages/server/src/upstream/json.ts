/**
 * JSON documents of the upstream for the typed routes: one deadline for the whole call, a bounded body, redirects by path
 * only and only below the base path. Every fault comes out as an `upstream_…` RelayError.
 */
import pLimit from 'p-limit';
import { Agent, request } from 'undici';
import { RelayError } from '../errors.ts';
import type { UpstreamBase } from './base.ts';

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

export type UpstreamOutcome = 'ok' | 'not_found' | 'failed';

interface JsonClientParts {
  readonly base: UpstreamBase;
  /** How many calls at the same time; more wait for their turn, within their deadline. */
  readonly concurrency: number;
  /** For the whole call, waiting and redirects included. */
  readonly timeoutMs: number;
  readonly onCall?: (outcome: UpstreamOutcome, durationMs: number) => void;
}

export interface JsonClient {
  /** Asks for a path below the base. Throws `upstream_…` RelayErrors. */
  readonly getJson: (path: string) => Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 1_000;
const MOST_BODY_BYTES = 1024 * 1024;
/** W4 redirects once, for its slash. */
const MOST_REDIRECTS = 3;
const HEADERS = { accept: 'application/json', 'user-agent': 'lunch-relay', 'accept-encoding': 'identity' };

export function createJsonClient({ base, concurrency, timeoutMs, onCall = () => {} }: JsonClientParts): JsonClient {
  const inTurn = pLimit(concurrency);
  const dispatcher = new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS }, maxResponseSize: MOST_BODY_BYTES });

  async function call(path: string, signal: AbortSignal, redirectsLeft: number): Promise<UpstreamAnswer> {
    const { statusCode, headers, body } = await request(base.origin + path, { dispatcher, signal, headers: HEADERS });
    const content = await body.text(); // read in any case: the connection is free for the next call then
    const field = (name: string) => [headers[name] ?? []].flat()[0];
    const location = field('location');
    if (statusCode >= 300 && statusCode < 400 && location !== undefined) {
      const target = base.toRelay(location, path);
      if (target === undefined || redirectsLeft === 0) throw unusable('a redirect that leads elsewhere');
      // by path only: W9 redirects to http: even where it was asked by https:
      return call(new URL(location, base.origin + path).pathname, signal, redirectsLeft - 1);
    }
    if (statusCode === 404) return { found: false };
    if (statusCode === 429 || statusCode === 503) throw rateLimited(field('retry-after'));
    if (statusCode !== 200)
      throw new RelayError('upstream_error', { detail: `The lunch-menu API answered with status ${statusCode}.` });
    if (!/^application\/json\b/i.test(field('content-type') ?? '')) throw unusable('not JSON');
    return {
      found: true,
      document: parseJson(content),
      date: parseDate(field('date')),
      maxAgeMs: parseMaxAge(field('cache-control')),
    };
  }

  return {
    async getJson(path) {
      const startedAt = performance.now();
      const done = (outcome: UpstreamOutcome) => onCall(outcome, performance.now() - startedAt);
      try {
        const deadline = AbortSignal.timeout(timeoutMs);
        // undici refuses at once what comes to its turn too late
        const answer = await inTurn(() => call(base.toUpstream(path), deadline, MOST_REDIRECTS));
        done(answer.found ? 'ok' : 'not_found');
        return answer;
      } catch (error) {
        done('failed');
        throw toUpstreamError(error);
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
  return new RelayError('upstream_invalid_response', {
    detail: `The lunch-menu API gave an unusable answer: ${what}.`,
    cause,
  });
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
  // by name: the errors of `fetch`'s signals and of other copies of undici are instances of other classes
  const name = (error as Partial<Error> | undefined)?.name ?? '';
  if (TIMEOUTS.includes(name)) return new RelayError('upstream_timeout', { cause: error });
  if (name === 'ResponseExceededMaxSizeError') return unusable('too large', error);
  if (name === 'HTTPParserError') return unusable('not HTTP', error);
  return new RelayError('upstream_unreachable', { cause: error });
}

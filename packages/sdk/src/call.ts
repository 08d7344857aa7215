/** What a method returns: a promise of the data, which can also tell how the answer came. */
import { toFormError } from './answers.ts';
import { isLunchError, LunchError, toResponseError } from './errors.ts';
import type { Fetch } from './transport.ts';

/** Where the relay had the answer from. Open: accept further values. */
export type CacheResult =
  /** From its cache. */
  | 'hit'
  /** From its cache, past its time: a newer one was not to be had at once. */
  | 'stale'
  /** From the lunch-menu API, for this call. */
  | 'miss'
  | (string & {});

export interface LunchResponse<Data> {
  readonly data: Data;
  readonly status: number;
  readonly headers: Headers;
  /** By `Cache-Status` (RFC 9211); undefined where the answer has none. */
  readonly cache: CacheResult | undefined;
  /** How long ago the relay got what it answers, in milliseconds, to the second; undefined where the answer does not say. */
  readonly ageMs: number | undefined;
}

export interface LunchCall<Data> extends Promise<Data> {
  /** The data with status, headers, cache result and age. Rejects as the call itself does. */
  withResponse(): Promise<LunchResponse<Data>>;
}

/** What every call is sent with; its body is read by `take`. */
export interface CallInit {
  readonly headers: Readonly<Record<string, string>>;
  readonly parseAs: 'stream';
  readonly fetch: Fetch;
}

/** What openapi-fetch gives. */
export interface Answer {
  readonly error?: unknown;
  readonly response: Response;
}

/** Takes the data out of an answer. Throws what one that is no success says: in the API's own words, if `isRelayed`. */
export async function take<Data>(
  asked: Promise<Answer>,
  read: (response: Response) => Data | Promise<Data>,
  isRelayed?: boolean,
): Promise<LunchResponse<Data>> {
  let response: Response | undefined;
  try {
    const answer = await asked;
    response = answer.response;
    // `error` may be undefined for a failure with an empty body: only the response says whether it is one
    if (response.ok) return toLunchResponse(await read(response), response);
    throw toResponseError(response, answer.error, isRelayed);
  } catch (cause) {
    throw response
      ? toFormError(response, cause)
      : isLunchError(cause)
        ? cause
        : new LunchError('invalid_request', 'This cannot be sent.', { cause });
  }
}

/** The promise of a call that is under way. */
export function toLunchCall<Data>(running: Promise<LunchResponse<Data>>): LunchCall<Data> {
  const data = running.then((answer) => answer.data);
  return Object.assign(data, {
    withResponse() {
      // whoever takes the answer is told of its failure there: it must not count as unhandled here
      data.catch(() => {});
      return running.then((answer) => answer);
    },
  });
}

function toLunchResponse<Data>(data: Data, { status, headers }: Response): LunchResponse<Data> {
  const age = headers.get('age') ?? '';
  return {
    data,
    status,
    headers,
    cache: cacheResultOf(headers.get('cache-status') ?? ''),
    ageMs: /^\d+$/.test(age) ? Number(age) * 1000 : undefined,
  };
}

/**
 * Only what the relay says of itself: caches on the way may have members of their own. Stale is what it says is so, and what is
 * past its time (`ttl` below 0: RFC 9211, section 2.4).
 */
function cacheResultOf(cacheStatus: string): CacheResult | undefined {
  const own = /\blunch-relay\s*;[^,]*/.exec(cacheStatus)?.[0];
  return own && (/\bhit\b/.test(own) ? (/=(stale|-)/.test(own) ? 'stale' : 'hit') : 'miss');
}

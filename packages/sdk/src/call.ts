/** What a method returns: a promise of the data, which can also tell how the answer came. */
import type { CallOptions } from './connection.ts';
import { isRecord, LunchError } from './errors.ts';

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

/** Starts the work at once; what it throws, the call rejects with. */
export function startCall<Data>({ signal }: CallOptions, work: () => Promise<LunchResponse<Data>>): LunchCall<Data> {
  const answered = (async () => work())().catch((error: unknown) => {
    // openapi-fetch takes a reason such as 0 or null for none
    if (signal?.aborted && !signal.reason) throw signal.reason;
    if (isRecord(error) && error['name'] === 'URIError')
      throw new LunchError('invalid_request', 'The text is not well-formed Unicode.', { cause: error });
    throw error;
  });
  const data = answered.then((answer) => answer.data);
  return Object.assign(data, {
    withResponse() {
      // whoever takes the answer is told of its failure there: it must not count as unhandled here
      data.catch(() => {});
      return answered.then((answer) => answer);
    },
  });
}

export function toLunchResponse<Data>(data: Data, { status, headers }: Response): LunchResponse<Data> {
  const age = headers.get('age');
  return {
    data,
    status,
    headers,
    cache: cacheResultOf(headers.get('cache-status') ?? ''),
    ageMs: age !== null && /^\d+$/.test(age) ? Number(age) * 1000 : undefined,
  };
}

/** Only what the relay says of itself: caches on the way may have members of their own. */
function cacheResultOf(cacheStatus: string): CacheResult | undefined {
  const own = /\blunch-relay\s*;([^,]*)/.exec(cacheStatus)?.[1];
  if (own === undefined) return undefined;
  if (!/\bhit\b/.test(own)) return 'miss';
  return own.includes('detail=stale') ? 'stale' : 'hit';
}

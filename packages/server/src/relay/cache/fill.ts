/**
 * The way to the upstream and into the store: asks with the conditions of what is stored, brings that up to date, and keeps
 * what may be kept. Where the upstream fails, what is stored stands in if it may.
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { RelayError, toRelayError } from '../../errors.ts';
import type { Cancellation } from '../../upstream/deadline.ts';
import { withFields } from '../detached.ts';
import { fieldValue } from '../headers.ts';
import type { Origin, RelayAnswer, RelayCall } from '../origin.ts';
import { answerFrom, type Told } from './answer.ts';
import { hasValidator, isSame, isSameByHead, partOf, toValidationHeaders } from './conditions.ts';
import { toCached } from './keys.ts';
import type { Load } from './loads.ts';
import {
  type CachedRequest,
  currentAge,
  freshnessLifetime,
  hasAuthorization,
  isFailure,
  isStorable,
  type PolicySettings,
  toStoredHeaders,
  toUpdatedHeaders,
  usableLifetime,
  variantOf,
  varyOf,
} from './policy.ts';
import type { Store, StoredResponse } from './store.ts';
import { tee } from './tee.ts';

/** What became of a call, for metrics. */
export type RelayCacheResult = 'hit' | 'stale' | 'revalidated' | 'miss' | 'collapsed' | 'bypass' | 'error';

/** A call, and what is known of what it asks for. */
export interface Asked {
  readonly call: RelayCall;
  readonly key: string;
  /** What is stored of the variant that is asked for. */
  readonly found: StoredResponse | undefined;
  /** Why it is forwarded (RFC 9211, section 2.2). */
  readonly reason: string;
  /** For how long `found` may stand in if the upstream fails, in ms. */
  readonly ifErrorMs: number;
}

export interface FillParts {
  readonly origin: Origin;
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly settings: PolicySettings;
  /** How long a body that only the cache reads may make no progress. */
  readonly idleTimeoutMs: number;
  /** How long others wait for the body of an answer that has begun. */
  readonly bodyPatienceMs: number;
  readonly onResult: (result: RelayCacheResult) => void;
}

export interface Fill {
  /** Asks the upstream, and tells `load`, if there is one, what comes of it. Throws what the origin throws. */
  readonly ask: (asked: Asked, signal: Cancellation, load?: Load) => Promise<RelayAnswer>;
  /** HEAD is forwarded as it is; what it says of the whole is said of the stored one, too (RFC 9111, section 4.3.5). */
  readonly head: (asked: Asked) => Promise<RelayAnswer>;
  /** What is stored in place of an answer that could not be had. Throws the error if it may not be used so. */
  readonly standIn: (asked: Asked, error: RelayError) => RelayAnswer;
  /** Lets go of what is stored under a key, and of what is on its way there; of all in this process without one. */
  readonly invalidate: (key?: string) => Promise<void>;
  /** To be asked for before a call whose answer may be stored. */
  readonly start: () => Order;
  /** Whether a newer response could not be had just now, and is not to be asked for again at once. */
  readonly isResting: (key: string) => boolean;
  /** The body, in the store or on its way there; undefined if it may not be stored. */
  readonly storing: (
    request: IncomingMessage,
    key: string,
    answer: RelayAnswer,
    started: Order,
    load?: Load,
  ) => RelayAnswer['body'] | undefined;
  readonly told: (response: StoredResponse) => Told;
}

/** When a call began among the calls and invalidations of this process. */
type Order = number;

const MOST_BODY_BYTES = 1024 * 1024;
/** How long a stored response stands in without asking again for a newer one that could not be had. */
const REST_AFTER_FAILURE_MS = 5_000;
/** How long a response that can be validated is worth keeping after its freshness. */
const VALIDATION_MS = 24 * 3_600_000;
/** A request of which nothing keeps an answer from being stored. */
const PLAIN_GET: CachedRequest = { method: 'GET', rawHeaders: [] };
/** Answers that say nothing of the whole. */
const SAY_NOTHING = new Set([206, 304, 401, 403, 407, 412, 416]);

export function createFill({
  origin,
  store,
  clock,
  settings,
  idleTimeoutMs,
  bodyPatienceMs,
  onResult,
}: FillParts): Fill {
  const resting = new LRUCache<string, number>({ max: 1_000 });
  const invalidated = new LRUCache<string, number>({ max: 1_000 });
  let allInvalidated: Order = 0;
  let order: Order = 0;
  const start = () => ++order;

  const told = (response: StoredResponse): Told => {
    const ageMs = currentAge(response, clock());
    return { ageMs, ttlMs: freshnessLifetime(response, settings) - ageMs };
  };
  const outcomeOf = (response: StoredResponse) => (told(response).ttlMs > 0 ? 'stored' : 'unstorable');

  /** An answer that is as good as none is an error where something may stand in. */
  const askOrigin = ({ call, ifErrorMs }: Asked, more: Partial<RelayCall>): Promise<RelayAnswer> => {
    const asking = origin({ ...call, ...more });
    return ifErrorMs > 0 ? asking.then(unlessFailed) : asking;
  };

  function unlessFailed(answer: RelayAnswer): RelayAnswer {
    if (!isFailure(answer.status)) return answer;
    discard(answer);
    throw new RelayError('upstream_error');
  }

  async function ask(asked: Asked, signal: Cancellation, load?: Load): Promise<RelayAnswer> {
    const { call, found } = asked;
    const validated = found && found.status !== 206 && hasValidator(found) ? found : undefined;
    const { rawHeaders } = call.request;
    // in the background nothing is asked for one client
    const isForAll = validated !== undefined || call.isBackground === true;
    const headers = isForAll ? toValidationHeaders(rawHeaders, validated) : rawHeaders;
    const started = start();
    let answer: RelayAnswer;
    try {
      answer = await askOrigin(asked, { request: withFields(call.request, headers), signal });
    } catch (error) {
      load?.fail(error);
      return standIn(asked, toRelayError(error));
    }
    if (!validated || answer.status !== 304) return take(asked, answer, started, load);
    discard(answer);
    if (isSame(validated, answer.headers)) return freshen(asked, validated, answer, started, load);
    return ask({ ...asked, found: undefined, ifErrorMs: 0 }, signal, load);
  }

  const updated = (stored: StoredResponse, answer: RelayAnswer): StoredResponse => ({
    ...stored,
    headers: toUpdatedHeaders(stored.headers, toStoredHeaders(answer.headers)),
    requestedAt: answer.requestedAt,
    respondedAt: clock(),
  });

  /** Section 4.3.4. */
  function freshen(
    { call, key, reason }: Asked,
    stored: StoredResponse,
    answer: RelayAnswer,
    started: Order,
    load: Load | undefined,
  ): RelayAnswer {
    const fresher = updated(stored, answer);
    const isKept = keep(key, toCached(call.request), fresher, started);
    load?.settle(isKept ? outcomeOf(fresher) : 'unstorable');
    onResult('revalidated');
    return answerFrom(call.request, fresher, told(fresher), `fwd=${reason}; fwd-status=304${isKept ? '; stored' : ''}`);
  }

  /** Hands an answer on, and stores it on the way if it may be stored. */
  function take(
    { call, key, found, reason }: Asked,
    answer: RelayAnswer,
    started: Order,
    load: Load | undefined,
  ): RelayAnswer {
    onResult('miss');
    const cacheStatus = `fwd=${reason}; fwd-status=${answer.status}`;
    const body = storing(call.request, key, answer, started, load);
    if (body) {
      load?.awaitBody(bodyPatienceMs);
      return { ...answer, body, cacheStatus: `${cacheStatus}; stored` };
    }
    load?.settle('unstorable');
    // there is something newer, which may not be kept
    const isSomebodys = hasAuthorization(toCached(call.request));
    if (found && !isSomebodys && answer.status < 500 && !SAY_NOTHING.has(answer.status)) void store.remove(key);
    return { ...answer, cacheStatus };
  }

  function storing(
    { method, rawHeaders }: IncomingMessage,
    key: string,
    answer: RelayAnswer,
    started: Order,
    load?: Load,
  ): RelayAnswer['body'] | undefined {
    if (method === 'HEAD') return undefined;
    const { status, reason, httpVersion, path, headers, body, isFramed, requestedAt } = answer;
    const moments = { requestedAt, respondedAt: clock() };
    const request: CachedRequest = { method: 'GET', rawHeaders };
    if (!isStorable(request, { status, headers, ...moments }, settings)) return undefined;
    const isTooLarge = Number(fieldValue(headers, 'content-length') ?? 0) > MOST_BODY_BYTES;
    const isWhole = isFramed && (status !== 206 || partOf(headers) !== undefined);
    const isLost = body instanceof Readable && body.destroyed;
    if (!isWhole || isTooLarge || isLost) return undefined;
    const variesWith = varyOf(headers);
    const head = {
      ...{ status, reason, httpVersion, path, variesWith, ...moments },
      headers: toStoredHeaders(headers),
      variant: variantOf(variesWith, request),
      range: status === 206 ? fieldValue(rawHeaders, 'range') : undefined,
    };
    const onSettled = (whole: Buffer | undefined) => {
      const stored = whole && { ...head, body: whole };
      const isKept = stored !== undefined && keep(key, request, stored, started);
      load?.settle(isKept ? outcomeOf(stored) : 'unstorable');
    };
    if (body instanceof Readable) {
      const goesOnAlone = usableLifetime(head, settings) > 0;
      return tee(body, { mostBytes: MOST_BODY_BYTES, idleTimeoutMs, goesOnAlone, onSettled });
    }
    onSettled(body);
    return body;
  }

  /** Stores what may be stored, and says whether it has. */
  function keep(key: string, request: CachedRequest, response: StoredResponse, started: Order): boolean {
    resting.delete(key);
    // asked for before something changed what it answers
    if (started < Math.max(allInvalidated, invalidated.get(key) ?? 0)) return false;
    if (!isStorable(request, response, settings)) {
      // it may be only this request's that may not: then others are still answered with what is there
      if (!isStorable(PLAIN_GET, response, settings)) void store.remove(key);
      return false;
    }
    const afterwardsMs = hasValidator(response) ? VALIDATION_MS : settings.staleIfErrorMs;
    const keepMs = Math.max(0, told(response).ttlMs) + afterwardsMs;
    return keepMs > 0 && store.put(key, response, keepMs);
  }

  function standIn({ call, key, found, ifErrorMs }: Asked, error: RelayError): RelayAnswer {
    const isUpstreams = error.code.startsWith('upstream_');
    if (found && isUpstreams) resting.set(key, clock() + REST_AFTER_FAILURE_MS);
    if (!found || !isUpstreams || ifErrorMs <= 0) {
      onResult('error');
      throw error;
    }
    onResult('stale');
    return answerFrom(call.request, found, told(found), 'hit', 'stale-if-error');
  }

  return {
    ask,
    standIn,
    storing,
    told,
    isResting: (key) => clock() < (resting.get(key) ?? Number.NEGATIVE_INFINITY),
    start,
    async invalidate(key) {
      order += 1;
      if (key === undefined) {
        allInvalidated = order;
        store.clear();
      } else {
        invalidated.set(key, order);
        await store.remove(key);
      }
    },
    async head(asked) {
      const { call, key, found, reason } = asked;
      const started = start();
      let answer: RelayAnswer;
      try {
        answer = await askOrigin(asked, {});
      } catch (error) {
        return standIn(asked, toRelayError(error));
      }
      onResult('miss');
      if (found && answer.status === 200) {
        const request: CachedRequest = { method: 'GET', rawHeaders: call.request.rawHeaders };
        if (found.status === 200 && isSameByHead(found, answer.headers))
          keep(key, request, updated(found, answer), started);
        else void store.remove(key);
      }
      return { ...answer, cacheStatus: `fwd=${reason}; fwd-status=${answer.status}` };
    },
  };
}

/** Not read to its end, which may never come. */
export function discard({ body }: RelayAnswer): void {
  if (body instanceof Readable) body.destroy();
}

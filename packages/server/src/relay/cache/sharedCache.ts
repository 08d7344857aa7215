/**
 * The shared cache of relayed answers: an origin around the origin. Decides for each call whether it is answered from what
 * is stored, asked for, or both; what may be stored and used again is `policy.ts`'s to say.
 */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import { RelayError, toRelayError } from '../../errors.ts';
import type { UpstreamBase } from '../../upstream/base.ts';
import { startDeadline } from '../../upstream/deadline.ts';
import { detach } from '../detached.ts';
import { hasBody } from '../forward.ts';
import { fieldValue } from '../headers.ts';
import type { Origin, RelayAnswer, RelayCall } from '../origin.ts';
import { answerFrom, holdsRange, type Told } from './answer.ts';
import { hasValidator, isConditional, isSame, partOf, toValidationHeaders } from './conditions.ts';
import { createLoad, type Load, type Outcome } from './loads.ts';
import {
  type CachedRequest,
  currentAge,
  explicitLifetime,
  freshnessLifetime,
  invalidates,
  isFailure,
  isStorable,
  type PolicySettings,
  requestDirectives,
  toStoredHeaders,
  toUpdatedHeaders,
  type Use,
  useOf,
  variantOf,
  varyOf,
} from './policy.ts';
import type { Store, StoredResponse } from './store.ts';
import { tee } from './tee.ts';

/** What the cache did with a call, for metrics. */
export type RelayCacheResult = 'hit' | 'stale' | 'revalidated' | 'miss' | 'collapsed' | 'bypass' | 'error';

interface SharedCacheParts {
  readonly origin: Origin;
  readonly base: UpstreamBase;
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly settings: PolicySettings;
  /** For a call that others wait for. */
  readonly timeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly onResult: (result: RelayCacheResult) => void;
}

const MOST_BODY_BYTES = 1024 * 1024;
/** How long requests for what could not be stored do not wait for one another. */
const UNSTORABLE_MS = 10_000;
/** How long a stored response stands in without asking again for a newer one that could not be had. */
const REST_AFTER_FAILURE_MS = 5_000;
/** How long a response that can be validated is worth keeping after its freshness. */
const VALIDATION_MS = 24 * 3_600_000;

/** A call, and what is known of what it asks for. */
interface Asked {
  readonly call: RelayCall;
  readonly key: string;
  /** What is stored of the variant that is asked for. */
  readonly found: StoredResponse | undefined;
  /** Why it is forwarded (RFC 9211, section 2.2). */
  readonly reason: string;
  /** For how long `found` may stand in if the upstream fails, in ms. */
  readonly ifErrorMs: number;
}

interface OnOutcome {
  readonly onOutcome?: (outcome: Outcome) => void;
}

type Moments = Pick<StoredResponse, 'requestedAt' | 'respondedAt'>;

export function createSharedCache(parts: SharedCacheParts): Origin {
  const { origin, base, store, clock, settings, timeoutMs, idleTimeoutMs, onResult } = parts;
  const loads = new Map<string, Load>();
  const unstorable = new LRUCache<string, true>({ max: 10_000, ttl: UNSTORABLE_MS });
  const resting = new LRUCache<string, number>({ max: 10_000 });

  const told = (response: StoredResponse): Told => {
    const age = currentAge(response, clock());
    return { ageMs: age, ttlMs: freshnessLifetime(response, settings) - age };
  };

  /** The newest stored response that the request may have, and how it may be used. */
  function match(key: string, resource: readonly StoredResponse[], call: RelayCall): Asked & { use: Use | undefined } {
    const request = toCached(call.request);
    const found = resource.find(
      (stored) =>
        variantOf(stored.variesWith, request) === stored.variant &&
        (stored.status !== 206 || holdsRange(request.rawHeaders, stored)),
    );
    if (!found) {
      const reason = resource.length === 0 ? 'uri-miss' : 'vary-miss';
      return { call, key, found, reason, ifErrorMs: 0, use: undefined };
    }
    const use = useOf(request, found, clock(), settings);
    const isResting = use.kind === 'validate' && use.ifErrorMs > 0 && clock() < (resting.get(key) ?? 0);
    return {
      call,
      key,
      found,
      reason: use.kind === 'validate' ? use.reason : 'stale',
      ifErrorMs: use.kind === 'validate' ? use.ifErrorMs : 0,
      use: isResting && use.reason === 'stale' ? { kind: 'stale-while-revalidate' } : use,
    };
  }

  async function get(call: RelayCall): Promise<RelayAnswer> {
    const key = keyOf(call, base);
    let asked = match(key, store.peek(key), call);
    if (asked.use === undefined || asked.use.kind === 'validate') asked = match(key, await store.fetch(key), call);
    const { found, use } = asked;
    if (found && use?.kind === 'fresh') {
      onResult('hit');
      return answerFrom(call.request, found, told(found), 'hit');
    }
    if (found && use?.kind === 'stale-while-revalidate') {
      if (!(clock() < (resting.get(key) ?? 0))) refresh(asked);
      onResult('stale');
      return answerFrom(call.request, found, told(found), 'hit');
    }
    if (settings.honoursRequests && requestDirectives(toCached(call.request)).has('only-if-cached'))
      throw new RelayError('not_cached');
    return call.request.method === 'HEAD' ? head(asked) : load(asked);
  }

  /** Asks for what is not there, together with whoever asks for the same at the same time. */
  async function load(asked: Asked): Promise<RelayAnswer> {
    const { call, key, found, reason } = asked;
    const { rawHeaders } = call.request;
    // what it asks for is not the whole, or for nobody else: what comes is handed on, and stored if it may be
    const isItsOwn =
      fieldValue(rawHeaders, 'authorization') !== undefined ||
      fieldValue(rawHeaders, 'range') !== undefined ||
      (isConditional(rawHeaders) && !(found && hasValidator(found)));
    const flight = `${key} ${collapseKey(key, call)}`;
    if (isItsOwn || unstorable.has(flight)) return ask(asked, call.signal);
    const underWay = loads.get(flight);
    if (!underWay) return lead(asked, flight);
    const outcome = await underWay.wait(call.signal);
    const again = match(key, store.peek(key), call);
    if (outcome === 'stored' && again.found && again.use?.kind === 'fresh') {
      onResult('collapsed');
      return answerFrom(call.request, again.found, told(again.found), `fwd=${reason}; collapsed`);
    }
    return ask(again, call.signal);
  }

  const collapseKey = (key: string, { request }: RelayCall) =>
    variantOf([...new Set(store.peek(key).flatMap(({ variesWith }) => variesWith))], toCached(request));

  /** Asks on behalf of all who come while it lasts: it goes on when this client leaves, as long as another waits. */
  async function lead(asked: Asked, flight: string): Promise<RelayAnswer> {
    const flown = createLoad(() => loads.delete(flight));
    loads.set(flight, flown);
    const deadline = startDeadline(timeoutMs, { after: flown.signal });
    const asking = ask(asked, deadline.signal, {
      onOutcome(outcome) {
        if (outcome === 'unstorable') unstorable.set(flight, true);
        flown.settle(outcome);
      },
    }).finally(deadline.lift);
    asking.catch(flown.fail);
    try {
      return await flown.hold(asking, asked.call.signal);
    } catch (error) {
      // the one who asked has left: what comes is for the others and for the store
      asking.then(
        ({ body }) => void (body instanceof Readable && body.destroy()),
        () => {},
      );
      throw error;
    }
  }

  /** Brings a stored response up to date while nobody waits. */
  function refresh(asked: Asked): void {
    const { call, key } = asked;
    const flight = `${key} ${collapseKey(key, call)}`;
    if (loads.has(flight)) return;
    const nobody = new AbortController();
    const background = { ...call, signal: nobody.signal, onInterim: () => {}, isBackground: true };
    lead({ ...asked, call: background }, flight).then(
      ({ body }) => void (body instanceof Readable && body.destroy()),
      () => {}, // counted where it was asked
    );
  }

  /** Asks the upstream, with the conditions of what is stored, and stores what may be stored. */
  async function ask(
    asked: Asked,
    signal: AbortSignal,
    { onOutcome = () => {} }: OnOutcome = {},
  ): Promise<RelayAnswer> {
    const { call, key, reason } = asked;
    const found = asked.found && hasValidator(asked.found) && asked.found.status !== 206 ? asked.found : undefined;
    const { rawHeaders } = call.request;
    const headers = found ? toValidationHeaders(rawHeaders, found) : rawHeaders;
    const requestedAt = clock();
    let answer: RelayAnswer;
    try {
      answer = await origin({ ...call, request: detach(call.request, headers), signal });
    } catch (error) {
      return standIn(asked, toRelayError(error));
    }
    const respondedAt = clock();
    if (isFailure(answer.status) && asked.found && asked.ifErrorMs > 0) {
      discard(answer);
      const stale = standIn(asked, undefined);
      onOutcome('unstorable');
      return stale;
    }
    if (found && answer.status === 304) {
      discard(answer);
      if (!isSame(found, answer.headers)) return ask({ ...asked, found: undefined }, signal, { onOutcome });
      const fresher = {
        ...found,
        headers: toUpdatedHeaders(found.headers, toStoredHeaders(answer.headers)),
        requestedAt,
        respondedAt,
      };
      keep(key, toCached(call.request), fresher);
      onOutcome(isFresh(fresher) ? 'stored' : 'unstorable');
      onResult('revalidated');
      return answerFrom(call.request, fresher, told(fresher), `fwd=${reason}; fwd-status=304; stored`);
    }
    return take(asked, answer, { requestedAt, respondedAt, onOutcome });
  }

  /** Hands an answer on, and stores it on the way if it may be stored. */
  function take({ call, key, reason }: Asked, answer: RelayAnswer, more: Moments & OnOutcome): RelayAnswer {
    onResult('miss');
    const told = `fwd=${reason}; fwd-status=${answer.status}`;
    const body = storing(call.request, key, answer, more);
    if (body) return { ...answer, body, cacheStatus: `${told}; stored` };
    more.onOutcome?.('unstorable');
    return { ...answer, cacheStatus: told };
  }

  /** The body, on its way into the store; undefined if it may not be stored. */
  function storing(
    { rawHeaders }: IncomingMessage,
    key: string,
    answer: RelayAnswer,
    { requestedAt, respondedAt, onOutcome = () => {} }: Moments & OnOutcome,
  ): Readable | undefined {
    const request: CachedRequest = { method: 'GET', rawHeaders };
    const { status, reason, httpVersion, path, headers, body, isFramed } = answer;
    const head = { status, headers: toStoredHeaders(headers), requestedAt, respondedAt };
    const isTooLarge = Number(fieldValue(headers, 'content-length') ?? 0) > MOST_BODY_BYTES;
    const isWhole = status !== 206 || partOf(headers) !== undefined;
    if (!isStorable(request, { ...head, headers }, settings) || !isFramed || !isWhole || isTooLarge) return undefined;
    if (!(body instanceof Readable) || body.destroyed) return undefined;
    const variesWith = varyOf(headers);
    const variant = variantOf(variesWith, request);
    const range = status === 206 ? fieldValue(rawHeaders, 'range') : undefined;
    return tee(body, {
      mostBytes: MOST_BODY_BYTES,
      idleTimeoutMs,
      goesOnAlone: freshnessLifetime({ ...head, headers }, settings) > 0,
      onSettled(whole) {
        const stored = whole && { ...head, reason, httpVersion, path, body: whole, variesWith, variant, range };
        if (stored) keep(key, request, stored);
        onOutcome(stored && isFresh(stored) ? 'stored' : 'unstorable');
      },
    });
  }

  const isFresh = (response: StoredResponse) => told(response).ttlMs > 0;

  function keep(key: string, request: CachedRequest, response: StoredResponse): void {
    resting.delete(key);
    if (!isStorable(request, response, settings)) {
      store.remove(key);
      return;
    }
    const lifetimeMs = Math.max(0, told(response).ttlMs);
    const afterwardsMs = hasValidator(response) ? VALIDATION_MS : settings.staleIfErrorMs;
    if (lifetimeMs + afterwardsMs > 0) store.put(key, response, lifetimeMs + afterwardsMs);
  }

  /** What is stored in place of an answer that could not be had, if it may be used so. */
  function standIn({ call, key, found, ifErrorMs }: Asked, error: RelayError | undefined): RelayAnswer {
    const isOurs = error?.code === 'client_left' || error?.code === 'internal_error' || error?.code === 'loop_detected';
    if (!found || ifErrorMs <= 0 || isOurs) {
      onResult('error');
      throw error ?? new RelayError('upstream_error');
    }
    resting.set(key, clock() + REST_AFTER_FAILURE_MS);
    onResult('stale');
    return answerFrom(call.request, found, told(found), 'hit', 'stale-if-error');
  }

  /** HEAD is forwarded as it is; what it says of the whole is said of the stored one, too (RFC 9111, section 4.3.5). */
  async function head({ call, key, found, reason }: Asked): Promise<RelayAnswer> {
    const requestedAt = clock();
    const answer = await origin(call);
    onResult('miss');
    if (found && answer.status === 200) {
      const isStill = ['etag', 'last-modified', 'content-length'].every((field) => {
        const newer = fieldValue(answer.headers, field);
        return newer === undefined || newer === fieldValue(found.headers, field);
      });
      const headers = toUpdatedHeaders(found.headers, toStoredHeaders(answer.headers));
      if (isStill) keep(key, toCached(call.request, 'GET'), { ...found, headers, requestedAt, respondedAt: clock() });
      else store.remove(key);
    }
    return { ...answer, cacheStatus: `fwd=${reason}; fwd-status=${answer.status}` };
  }

  /** Any other method: handed on; if it may have changed something, what is stored of that is let go (section 4.4). */
  async function pass(call: RelayCall): Promise<RelayAnswer> {
    const requestedAt = clock();
    const answer = await origin(call);
    onResult('bypass');
    const { method = '' } = call.request;
    const targetOf = (field: string) => {
      const reference = fieldValue(answer.headers, field);
      return reference === undefined ? undefined : base.toRelay(reference, answer.path)?.split('#')[0];
    };
    const described = targetOf('content-location');
    if (invalidates(method, answer.status)) {
      for (const target of [call.target, targetOf('location'), described])
        for (const key of target === undefined ? [] : keysOf(target, base)) store.remove(key);
    }
    // what POST answers may be what a GET of the same URI would (RFC 9110, section 9.3.3)
    const isOfUri = method === 'POST' && answer.status === 200 && described === call.target;
    const isForAll = isOfUri && explicitLifetime(answer.headers) !== undefined;
    const moments = { requestedAt, respondedAt: clock() };
    const body = isForAll ? storing(call.request, keyOf(call, base), answer, moments) : undefined;
    return { ...answer, ...(body && { body }), cacheStatus: 'fwd=method' };
  }

  return (call) => {
    const { method } = call.request;
    return (method === 'GET' || method === 'HEAD') && !hasBody(call.request) ? get(call) : pass(call);
  };
}

const toCached = ({ method = 'GET', rawHeaders }: IncomingMessage, as = method): CachedRequest => ({
  method: as,
  rawHeaders,
});

/** The upstream says more to who sends `Origin`, and does not say in Vary that it does. */
function keyOf({ request, target }: RelayCall, base: UpstreamBase): string {
  const [plain, withOrigin] = keysOf(target, base);
  return fieldValue(request.rawHeaders, 'origin') === undefined ? plain : withOrigin;
}

function keysOf(target: string, base: UpstreamBase): [plain: string, withOrigin: string] {
  const path = base.toUpstream(target).split('#')[0] ?? '';
  return [`- ${path}`, `o ${path}`];
}

/** Not read to its end, which may never come. */
function discard({ body }: RelayAnswer): void {
  if (body instanceof Readable) body.destroy();
}

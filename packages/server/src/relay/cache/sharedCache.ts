/**
 * The shared cache of relayed answers: an origin around the origin. Decides for each call whether what is stored answers
 * it, whether it waits for another's call, or asks itself; what may be stored and used again is `policy.ts`'s to say.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { LRUCache } from 'lru-cache';
import { RelayError, toRelayError } from '../../errors.ts';
import { hasBody } from '../../framing.ts';
import type { UpstreamBase } from '../../upstream/base.ts';
import { Deadline, NEVER } from '../../upstream/deadline.ts';
import { detach, toGet } from '../detached.ts';
import { fieldValue, passedRelays, toEndToEnd } from '../headers.ts';
import type { Origin, RelayAnswer, RelayCall, Reuse } from '../origin.ts';
import { answerFrom, wholeOf } from './answer.ts';
import { hasValidator, isConditional } from './conditions.ts';
import { type Asked, createFill, discard, type FillParts } from './fill.ts';
import { flightOf, keyOf, keysOf, selectFrom, toCached } from './keys.ts';
import { Load, type Outcome } from './loads.ts';
import { explicitLifetime, hasAuthorization, invalidates, requestDirectives, type Use, useOf } from './policy.ts';
import type { StoredResponse } from './store.ts';

interface SharedCacheParts extends FillParts {
  readonly base: UpstreamBase;
  /** For a call that others wait for. */
  readonly timeoutMs: number;
  /** Whether a call failed for the sake of who made it: whoever waited for it makes one of its own. */
  readonly isAnothers: (error: unknown) => boolean;
}

/** How long requests for what could not be stored do not wait for one another. */
const UNSTORABLE_MS = 10_000;

/** Calls that equal requests can wait for. More are under way only without the guard: the oldest is waited for no more. */
const MOST_LOADS = 4_096;

interface Matched extends Asked {
  readonly use: Use | undefined;
}

export interface SharedCache {
  readonly origin: Origin;
  /**
   * Lets go of what is stored for a path and query of the relay's, and of what is on its way there; of everything in this
   * process without one. Throws `invalid_path`.
   */
  readonly purge: (target?: string) => Promise<void>;
}

export function createSharedCache(parts: SharedCacheParts): SharedCache {
  const { origin, base, store, clock, settings, timeoutMs, onResult, isAnothers } = parts;
  const fill = createFill(parts);
  // no Map of loads: one that has grown old keeps those in its former tables until a full collection (decision 0043)
  const loads = new LRUCache<string, Load>({ max: MOST_LOADS });
  const unstorable = new LRUCache<string, true>({ max: 1_000, ttl: UNSTORABLE_MS });

  /** What is stored for a call, and how it may be used. */
  function match(call: RelayCall, key: string, resource: readonly StoredResponse[]): Matched {
    const request = toCached(call.request);
    const found = selectFrom(resource, request);
    if (!found) {
      const reason = resource.length === 0 ? 'uri-miss' : 'vary-miss';
      return { call, key, found, reason, ifErrorMs: 0, use: undefined };
    }
    const use = useOf(request, found, clock(), settings);
    if (use.kind !== 'validate') return { call, key, found, reason: 'stale', ifErrorMs: 0, use };
    const { reason, ifErrorMs } = use;
    const standsIn = reason === 'stale' && ifErrorMs > 0 && fill.isResting(key);
    return { call, key, found, reason, ifErrorMs, use: standsIn ? { kind: 'stale-while-revalidate' } : use };
  }

  /** Other relays are asked for what nothing here answers. Not asynchronous, as a miss that nobody shares need not be. */
  function get(call: RelayCall): Promise<RelayAnswer> {
    const key = keyOf(call, base);
    const matched = match(call, key, store.peek(key));
    if (!store.fetch || (matched.use !== undefined && matched.use.kind !== 'validate')) return answer(matched);
    return store.fetch(key).then((resource) => answer(match(call, key, resource)));
  }

  function answer(matched: Matched): Promise<RelayAnswer> {
    const { call, key, found, use } = matched;
    if (found && (use?.kind === 'fresh' || use?.kind === 'stale-while-revalidate')) {
      if (use.kind === 'stale-while-revalidate' && !fill.isResting(key)) refresh(matched);
      onResult(use.kind === 'fresh' ? 'hit' : 'stale');
      const stored = answerFrom(call.request, found, fill.told(found), 'hit');
      return Promise.resolve(use.kind === 'fresh' ? { ...stored, reuse: reuse(call, key, found) } : stored);
    }
    if (asksFor(call, 'only-if-cached')) throw new RelayError('not_cached');
    return call.request.method === 'HEAD' ? fill.head(matched) : load(matched);
  }

  /** By the fields as Node reads them, which is quick; in doubt it is not the same request. */
  function reuse({ request: { headers } }: RelayCall, key: string, found: StoredResponse): Reuse | undefined {
    const mayDirect = (asking: IncomingHttpHeaders) =>
      settings.honoursRequests && (asking['cache-control'] ?? asking.pragma) !== undefined;
    if (found.status === 206 || mayDirect(headers)) return undefined;
    const resource = store.peek(key);
    const told = fill.told(found);
    const now = clock();
    const sent = found.variesWith.map((name) => [name, headers[name]] as const);
    return {
      whole: wholeOf(found, told, 'hit'),
      bornAt: now - told.ageMs,
      freshUntil: now + told.ttlMs,
      isStored: () => store.peek(key) === resource,
      accepts: ({ headers: others }) =>
        (others.origin !== undefined) === (headers.origin !== undefined) &&
        !mayDirect(others) &&
        sent.every(([name, value]) => others[name] === value),
    };
  }

  const asksFor = ({ request }: RelayCall, directive: string) =>
    settings.honoursRequests && requestDirectives(toCached(request)).has(directive);

  /** What comes is not the whole, or not for others: it is handed on, and stored if it may be. */
  function isItsOwn({ call, found }: Asked): boolean {
    const { rawHeaders } = call.request;
    const has = (field: string) => fieldValue(rawHeaders, field) !== undefined;
    const isForeign = isConditional(rawHeaders) && !(found && hasValidator(found));
    // a relay that is its own upstream would wait for itself; `checkLoop` ends what comes round
    if (passedRelays(call.request) > 0) return true;
    return has('authorization') || has('range') || isForeign || asksFor(call, 'no-store');
  }

  /** Asks for what is not there, together with whoever asks for the same at the same time. */
  function load(asked: Asked): Promise<RelayAnswer> {
    const { call, key } = asked;
    const flight = flightOf(key, store.peek(key), toCached(call.request));
    if (isItsOwn(asked) || unstorable.has(flight)) return fill.ask(asked, call.signal);
    const underWay = loads.get(flight);
    return underWay ? join(asked, underWay) : lead(asked, flight);
  }

  async function join(asked: Asked, underWay: Load): Promise<RelayAnswer> {
    const { call, key, reason } = asked;
    let outcome: Outcome;
    try {
      outcome = await underWay.wait(call.signal);
    } catch (error) {
      if (isAnothers(error)) return load(asked);
      return fill.standIn(asked, toRelayError(error));
    }
    const again = match(call, key, store.peek(key));
    if (again.found && again.use?.kind === 'fresh') {
      onResult('collapsed');
      return answerFrom(call.request, again.found, fill.told(again.found), `fwd=${reason}; collapsed`);
    }
    // it varies with something: those who want the same of it wait for one another now
    return outcome === 'stored' && !again.found ? load(again) : fill.ask(again, call.signal);
  }

  /** Asks on behalf of all who come while it lasts: it goes on when this client leaves, as long as another waits. */
  function lead(asked: Asked, flight: string): Promise<RelayAnswer> {
    const flown = new Load(flight, new Deadline(timeoutMs), { settled, abandoned });
    const { deadline } = flown;
    loads.set(flight, flown);
    const asking = fill.ask(asked, deadline, flown);
    asking.then(
      () => deadline.lift(),
      (error: unknown) => {
        deadline.lift();
        flown.fail(error);
      },
    );
    return flown.waitForAnswer(asking, asked.call.signal, discard);
  }

  function settled(load: Load, outcome?: Outcome): void {
    forget(load);
    if (outcome === 'unstorable' && load.isShared) unstorable.set(load.flight, true);
  }

  function abandoned(load: Load): void {
    forget(load);
    load.deadline.leave();
  }

  const forget = (load: Load) => void (loads.get(load.flight) === load && loads.delete(load.flight));

  /** Brings a stored response up to date while nobody waits. */
  function refresh(asked: Asked): void {
    const { call, key } = asked;
    const flight = flightOf(key, store.peek(key), toCached(call.request));
    if (loads.has(flight) || hasAuthorization(toCached(call.request))) return;
    const quiet = { signal: NEVER, onInterim: () => {}, isBackground: true };
    // what HEAD is answered with could not take the place of what is stored
    const background = { ...call, ...quiet, request: toGet(call.request) };
    // what fails is counted where it was asked
    lead({ ...asked, call: background }, flight).then(discard, () => {});
  }

  /** What is asked for already may be older than the change: whoever comes now waits for none of it. */
  function invalidate(key?: string): Promise<void> {
    const isOfKey = (flight: string) => key === undefined || flight.startsWith(`${key} `);
    for (const flight of [...loads.keys()].filter(isOfKey)) loads.delete(flight);
    return fill.invalidate(key);
  }

  /** Any other method: handed on; if it may have changed something, what is stored of that is let go (section 4.4). */
  async function pass(call: RelayCall): Promise<RelayAnswer> {
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
        for (const key of target === undefined ? [] : keysOf(target, base)) void invalidate(key);
    }
    // what POST answers may be what a GET of the same URI would (RFC 9110, section 9.3.3)
    const isOfUri = method === 'POST' && answer.status === 200 && described === call.target;
    const isForAll = isOfUri && explicitLifetime(answer.headers) !== undefined;
    const body = isForAll ? fill.storing(call.request, keyOf(call, base), answer, fill.start()) : undefined;
    return { ...answer, ...(body && { body }), cacheStatus: 'fwd=method' };
  }

  return {
    origin(call) {
      const { method, rawHeaders } = call.request;
      if ((method !== 'GET' && method !== 'HEAD') || hasBody(call.request)) return pass(call);
      // by what the upstream is sent, which is not all that the client sends
      return get({ ...call, request: detach(call.request, toEndToEnd(rawHeaders)) });
    },
    async purge(target) {
      const keys = target === undefined ? [undefined] : keysOf(target, base);
      unstorable.clear();
      await Promise.all(keys.map(invalidate));
    },
  };
}

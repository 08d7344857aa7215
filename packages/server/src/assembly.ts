/**
 * The parts of a relay, made from its configuration and joined: what both halves stand on, the typed routes, the relayed
 * URIs, and the app in front of them. The one place where a setting meets the part that it is for.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp } from './app.ts';
import { createCache } from './cache/cache.ts';
import { createMemoryTier } from './cache/tiers.ts';
import { createClientLimit } from './clientLimit.ts';
import type { Config } from './config.ts';
import type { Log } from './operations/log.ts';
import { createMetrics } from './operations/metrics.ts';
import {
  type Answering,
  noteCacheResult,
  noteUpstreamCall,
  requestContext,
  traceOf,
} from './operations/requestContext.ts';
import { startSchedule } from './operations/schedule.ts';
import { tellHealth } from './operations/upstreamHealth.ts';
import { createPreparedAnswers, isPlain, type ReusableAnswer } from './prepared.ts';
import { createSharedCache } from './relay/cache/sharedCache.ts';
import { createStore } from './relay/cache/store.ts';
import { createForwarder } from './relay/forward.ts';
import { fieldValue } from './relay/headers.ts';
import { createOrigin } from './relay/origin.ts';
import { createRelay, splitPrefix } from './relay/relay.ts';
import { parseRequestTarget } from './relay/requestTarget.ts';
import { createUpgrade } from './relay/upgrade.ts';
import { nextWarmingAt } from './restaurants/calendar.ts';
import { createDocuments } from './restaurants/documents.ts';
import { createRestaurants } from './restaurants/restaurants.ts';
import { createStanding } from './restaurants/standing.ts';
import type { RoutesParts } from './routes.ts';
import { createUpstreamBase } from './upstream/base.ts';
import { createGuard } from './upstream/guard.ts';
import { createJsonClient } from './upstream/json.ts';
import { createRateBudget } from './upstream/rate.ts';

export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

/** Joins the parts; nothing listens yet. */
export async function assemble(config: Config, surroundings: Surroundings) {
  const common = await createCommon(config, surroundings);
  const typed = createTyped(config, surroundings, common);
  const relayed = createRelayed(config, surroundings, common);
  const { redis, tiers, prepared, metrics, guard, clientLimit, trust } = common;
  const { restaurants, routes } = typed;
  const { relay, upgrade } = relayed;
  const warming = config.UPSTREAM_WARMING
    ? startSchedule(nextWarmingAt, surroundings.clock, restaurants.warm)
    : undefined;
  return {
    ...{ upgrade, prepared, metrics, restaurants },
    app: createApp({ routes, relay, log: surroundings.log, trust }),
    detail: () => ({
      cache: Object.fromEntries(tiers.map((tier) => [tier.name, tier.state()])),
      breaker: guard.state(),
    }),
    /**
     * Lets go of what is stored for one relayed URI, or of all that any route has stored. Rejects with `invalid_path`, and
     * where Redis has not let go of it.
     */
    purge: async (uri?: string) => {
      if (uri !== undefined) {
        await relayed.purge(splitPrefix(parseRequestTarget(uri)).target);
        if (redis && redis.tier.state() !== 'up') throw new Error('Redis cannot be used, and may have it still');
        return;
      }
      // what is under way first, and what may have come out of Redis meanwhile last
      await relayed.purge();
      await typed.clear();
      await relayed.purge();
    },
    close: async () => {
      warming?.stop();
      clientLimit.stop();
      guard.close();
      relayed.close();
      await Promise.all([typed.close(), ...tiers.map((tier) => tier.close())]);
    },
  };
}

type Common = Awaited<ReturnType<typeof createCommon>>;

/** The client is loaded only where there is a Redis: it takes 5 MB of the heap, and 6 of memory. */
async function redisOf({ REDIS_URL: url }: Config, log: Log) {
  if (url === undefined) return undefined;
  const { createRedis } = await import('./cache/redis.ts');
  return createRedis({ url, log });
}

/** What both halves stand on: the way to the upstream and its limits, the tiers of the cache, the metrics. */
async function createCommon(config: Config, { clock, random, log }: Surroundings) {
  const now = () => performance.now();
  const redis = await redisOf(config, log);
  // one half for relayed answers, a quarter for the typed routes, a quarter for answers that are ready to be sent
  const quarterBytes = Math.floor(config.CACHE_MEMORY_BYTES / 4);
  const memory = createMemoryTier(quarterBytes);
  const tiers = redis ? [memory, redis.tier] : [memory];
  const prepared = createPreparedAnswers(quarterBytes, clock);
  const trust = config.TRUST_PROXY;
  const clientLimit = createClientLimit({
    limit: config.CLIENT_RATE_LIMIT,
    trust,
    evaluate: redis?.evaluate,
    log,
    onLimited: () => metrics.countClientLimited(),
  });
  const guard = createGuard({
    concurrency: config.UPSTREAM_CONCURRENCY,
    retries: config.UPSTREAM_RETRIES,
    breaker: config.UPSTREAM_BREAKER,
    rate: createRateBudget(config.UPSTREAM_CALLS_PER_MINUTE, now, redis?.evaluate),
    admit: clientLimit.admit,
    now,
    random,
    timeoutMs: config.UPSTREAM_TIMEOUT_MS,
  });
  const metrics = createMetrics({ tiers, breakerState: guard.state });
  return {
    ...{ redis, memory, tiers, prepared, trust, clientLimit, guard, metrics },
    base: createUpstreamBase(config.UPSTREAM_URL),
    relayedBytes: 2 * quarterBytes,
    onCall: (outcome: string, durationMs: number) => {
      if (outcome === CLIENT_LIMITED) return; // there was none
      metrics.countUpstreamCall(outcome, durationMs);
      noteUpstreamCall(durationMs);
    },
    keepPrepared: (request: IncomingMessage, response: ServerResponse, answer: ReusableAnswer) => {
      const { locals } = response as Answering;
      // what was told this client of its limit is not for the others
      if (locals.fields === undefined && isPlain(request)) prepared.keep(locals.url, answer);
    },
  };
}

const CLIENT_LIMITED = 'client_rate_limited';

/** The typed routes, from the documents of the upstream to what Express serves. */
function createTyped(config: Config, { clock, random, log }: Surroundings, common: Common) {
  const { base, redis, memory, clientLimit, guard, metrics, onCall, keepPrepared } = common;
  const timeoutMs = config.UPSTREAM_TIMEOUT_MS;
  const noteHealth = tellHealth(config.UPSTREAM_URL, log);
  const json = createJsonClient({
    ...{ base, guard, timeoutMs, fields: traceFields },
    onCall(outcome, durationMs) {
      onCall(outcome, durationMs);
      if (outcome !== CLIENT_LIMITED) noteHealth(outcome);
    },
  });
  const onResult = (result: string) => {
    metrics.countCacheResult(result);
    noteCacheResult(result);
  };
  const cache = createCache({
    ...{ memory, shared: redis?.tier, lease: redis?.lease, clock, random, onResult },
    maxWaitMs: timeoutMs,
    isAnothers: clientLimit.isAnothers,
  });
  const oddities = { droppedEntries: metrics.noteDroppedEntries, suspiciouslyEmpty: metrics.countSuspiciousEmpty };
  const documents = createDocuments({ getJson: json.getJson, cache, clock, oddities });
  const standing = createStanding(memory.changes, clock);
  const onKnown = () => onResult('hit');
  const restaurants = createRestaurants({ documents, clock, standing, onKnown, deadlineMs: timeoutMs });
  const onServed = metrics.observeOverdue;
  const routes: RoutesParts = {
    ...{ clock, standing, onServed },
    handlers: {
      listRestaurants: ({ region }) => restaurants.list(region),
      getRestaurant: ({ restaurant_id }) => restaurants.today(restaurant_id),
      listMenus: ({ restaurant, region }) => restaurants.menus({ identifiers: restaurant, region }),
      findDishes: ({ q, region }) => restaurants.dishes(q, region),
    },
    onReusable(request, response, { operationId, storedAt, ...answer }) {
      keepPrepared(request, response, {
        ...answer,
        ...{ route: operationId, status: 200, reason: 'OK', hasRequestId: true, sendsDate: true },
        bornAt: storedAt,
        accepts: () => true,
        onSent() {
          metrics.countCacheResult('hit');
          onServed(0);
        },
      });
    },
  };
  return { restaurants, routes, clear: () => cache.clear(), close: json.close };
}

/** The relayed URIs: forwarder, origin, its cache, and the relay itself; and connections that become WebSockets. */
function createRelayed(config: Config, { clock }: Surroundings, common: Common) {
  const { base, redis, clientLimit, guard, metrics, trust, onCall, keepPrepared } = common;
  const timeoutMs = config.UPSTREAM_TIMEOUT_MS;
  const idleTimeoutMs = config.BODY_IDLE_TIMEOUT_MS;
  const honoursRequests = config.RELAY_REQUEST_DIRECTIVES === 'honour';
  const forwarder = createForwarder(base, { trust, passesDirectives: honoursRequests });
  const cache = createSharedCache({
    ...{ base, clock, timeoutMs, idleTimeoutMs },
    origin: createOrigin({ base, forwarder, guard, clock, onCall }),
    store: createStore({ maxBytes: common.relayedBytes, shared: redis?.tier, clock }),
    settings: {
      honoursRequests,
      defaultTtlMs: config.RELAY_DEFAULT_TTL_MS,
      staleIfErrorMs: config.RELAY_STALE_IF_ERROR_MS,
    },
    bodyPatienceMs: timeoutMs / 4,
    isAnothers: clientLimit.isAnothers,
    onResult(result) {
      metrics.countRelayCacheResult(result);
      noteCacheResult(result);
    },
  });
  const relay = createRelay({
    ...{ base, origin: cache.origin, timeoutMs, idleTimeoutMs },
    fieldsOf: (response) => (response as Answering).locals.fields ?? [],
    onReusable(request, response, { whole, isStored, ...answer }) {
      keepPrepared(request, response, {
        ...answer,
        ...{ route: 'relay', status: whole.status, reason: whole.reason, body: whole.body, sendsDate: false },
        etag: whole.status === 200 ? fieldValue(whole.headers, 'etag') : undefined,
        isCurrent: (now) => now < answer.freshUntil && isStored(),
        onSent: () => metrics.countRelayCacheResult('hit'),
      });
    },
  });
  const upgrade = createUpgrade({ base, guard, trust, timeoutMs, idleTimeoutMs });
  return { relay, upgrade, purge: cache.purge, close: forwarder.close };
}

/** For a call on behalf of a request. */
function traceFields(): Record<string, string> {
  const answering = requestContext.getStore();
  if (answering === undefined) return {};
  const { traceparent, isContinued } = traceOf(answering);
  const { tracestate } = answering.req.headers;
  return { traceparent, ...(isContinued && typeof tracestate === 'string' && { tracestate }) };
}

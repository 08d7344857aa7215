/**
 * The whole relay, put together from its configuration: parts, listeners, and how it stops. The entry for whoever runs a
 * relay inside a process: `main.ts`, the demo, the tests.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { createApp } from './app.ts';
import { createCache } from './cache/cache.ts';
import { createRedis } from './cache/redis.ts';
import { createMemoryTier } from './cache/tiers.ts';
import { createClientLimit } from './clientLimit.ts';
import { type Config, parseConfig } from './config.ts';
import { createFront } from './front.ts';
import { createAccessLog } from './operations/accessLog.ts';
import { createAdmin, type Readiness } from './operations/admin.ts';
import { type Listener, listen } from './operations/listener.ts';
import { createLog, type Log } from './operations/log.ts';
import { createMetrics } from './operations/metrics.ts';
import { watchOverload } from './operations/overload.ts';
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
import { createRelay } from './relay/relay.ts';
import { createUpgrade } from './relay/upgrade.ts';
import { nextWarmingAt } from './restaurants/calendar.ts';
import { createDocuments } from './restaurants/documents.ts';
import { createRestaurants } from './restaurants/restaurants.ts';
import { createStanding } from './restaurants/standing.ts';
import type { Handlers } from './routes.ts';
import { createUpstreamBase } from './upstream/base.ts';
import { createGuard } from './upstream/guard.ts';
import { createJsonClient } from './upstream/json.ts';
import { createRateBudget } from './upstream/rate.ts';

export { dayOff, nextLunchDate, stockholmDate, stockholmHour, stockholmMoment } from './restaurants/calendar.ts';
export { type Config, parseConfig };

export interface RelayServer {
  /** Of the public listener. */
  readonly url: string;
  /** Of the admin listener; empty without one. */
  readonly adminUrl: string;
  /** Loads the restaurant list; the log says if the upstream gives none. Never rejects. */
  checkUpstream(): Promise<void>;
  /** What is told in `/readyz` beside whether it is. */
  readonly detail: () => object;
  /** Lets go of what is stored for one relayed URI, or of all that any route has stored. */
  readonly purge: (uri?: string) => Promise<void>;
  readonly registry: Registry;
  /**
   * Stops: is not ready from now on, takes requests for another `graceMs` (default: 0) so that balancers notice, finishes
   * what has begun within `SHUTDOWN_TIMEOUT_MS`, and lets go of everything.
   */
  readonly close: (options?: { readonly graceMs?: number }) => Promise<void>;
}

interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly log?: Log;
  /** Whether it has an admin listener of its own. Default: true. */
  readonly hasAdmin?: boolean;
}

/** The admin listener has nothing to finish but a scrape. */
const ADMIN_TIMEOUT_MS = 1_000;

/** Starts a relay. Rejects with a ListenError if it cannot listen, and leaves nothing open then. */
export async function startRelay(config: Config, surroundings: Surroundings = {}): Promise<RelayServer> {
  const { clock = Date.now, random = Math.random, log = createLog(config.LOG_LEVEL), hasAdmin = true } = surroundings;
  const { app, upgrade, prepared, metrics, tiers, purge, guard, restaurants, closeParts } = assemble(config, {
    clock,
    random,
    log,
  });
  const { registry } = metrics;
  const overload = watchOverload(config.SHED_LAG_MS);
  let status: Readiness = 'starting';
  let admin: Listener | undefined;
  let open: Listener | undefined;
  const detail = () => ({
    cache: Object.fromEntries(tiers.map((tier) => [tier.name, tier.state()])),
    breaker: guard.state(),
  });
  const close = async ({ graceMs = 0 } = {}) => {
    status = 'draining';
    open?.announceDrain();
    if (graceMs > 0) await sleep(graceMs);
    await open?.drain(config.SHUTDOWN_TIMEOUT_MS);
    overload.stop();
    await closeParts();
    // the last to go: until then it says that the relay is not ready
    await admin?.drain(ADMIN_TIMEOUT_MS);
  };
  try {
    const logRequest = createAccessLog(log, config.LOG_HITS_ONE_IN);
    const { isOverloaded } = overload;
    const front = createFront({ app, upgrade, prepared, logRequest, metrics, isOverloaded });
    const metricsParts = { metrics: () => registry.metrics(), metricsType: registry.contentType };
    const handleAdmin = createAdmin({ readiness: () => status, detail, purge, ...metricsParts });
    if (hasAdmin)
      admin = await listen(handleAdmin, { name: 'admin', host: config.ADMIN_HOST, port: config.ADMIN_PORT });
    open = await listen(front.handle, {
      name: 'public',
      host: config.HOST,
      port: config.PORT,
      refuse: front.refuse,
      bodyPatienceMs: config.BODY_IDLE_TIMEOUT_MS,
      ...(config.RELAY_UPGRADES && { upgrade: front.upgrade }),
    });
  } catch (error) {
    await close();
    throw error;
  }
  status = 'ready';
  return {
    url: open.url,
    adminUrl: admin?.url ?? '',
    detail,
    purge,
    registry,
    close,
    checkUpstream: () => restaurants.loadList().catch(() => {}), // whoever asks is told by the log
  };
}

/** For a call on behalf of a request. */
function traceFields(): Record<string, string> {
  const answering = requestContext.getStore();
  if (answering === undefined) return {};
  const { traceparent, isContinued } = traceOf(answering);
  const { tracestate } = answering.req.headers;
  return { traceparent, ...(isContinued && typeof tracestate === 'string' && { tracestate }) };
}

const fieldsOf = (response: ServerResponse) => (response as Answering).locals.fields ?? [];

/** The parts, joined; nothing listens yet. */
function assemble(config: Config, { clock, random, log }: Required<Omit<Surroundings, 'hasAdmin'>>) {
  const timeoutMs = config.UPSTREAM_TIMEOUT_MS;
  const base = createUpstreamBase(config.UPSTREAM_URL);
  const redis = config.REDIS_URL === undefined ? undefined : createRedis({ url: config.REDIS_URL, log });
  // one half for relayed answers, a quarter for the typed routes, a quarter for answers that are ready to be sent
  const quarterBytes = Math.floor(config.CACHE_MEMORY_BYTES / 4);
  const memory = createMemoryTier(quarterBytes);
  const prepared = createPreparedAnswers(quarterBytes, clock);
  const tiers = redis ? [memory, redis.tier] : [memory];
  const now = () => performance.now();
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
    timeoutMs,
  });
  const metrics = createMetrics({ tiers, breakerState: guard.state });
  const noteHealth = tellHealth(config.UPSTREAM_URL, log);
  const onCall = (outcome: string, durationMs: number) => {
    if (outcome === 'client_rate_limited') return; // there was none
    metrics.countUpstreamCall(outcome, durationMs);
    noteUpstreamCall(durationMs);
  };
  const onTypedCall = (outcome: string, durationMs: number) => {
    onCall(outcome, durationMs);
    if (outcome !== 'client_rate_limited') noteHealth(outcome);
  };
  const json = createJsonClient({ base, guard, timeoutMs, onCall: onTypedCall, fields: traceFields });
  const { isAnothers } = clientLimit;
  const onResult = (result: string) => {
    metrics.countCacheResult(result);
    noteCacheResult(result);
  };
  const cache = createCache({
    memory,
    shared: redis?.tier,
    lease: redis?.lease,
    clock,
    random,
    maxWaitMs: timeoutMs,
    isAnothers,
    onResult,
  });
  const oddities = { droppedEntries: metrics.noteDroppedEntries, suspiciouslyEmpty: metrics.countSuspiciousEmpty };
  const documents = createDocuments({ getJson: json.getJson, cache, clock, oddities });
  const standing = createStanding(memory.changes, clock);
  const restaurants = createRestaurants({
    documents,
    clock,
    standing,
    onKnown: () => onResult('hit'),
    deadlineMs: timeoutMs,
  });
  const handlers: Handlers = {
    listRestaurants: ({ region }) => restaurants.list(region),
    getRestaurant: ({ restaurant_id }) => restaurants.today(restaurant_id),
    listMenus: ({ restaurant, region }) => restaurants.menus({ identifiers: restaurant, region }),
    findDishes: ({ q, region }) => restaurants.dishes(q, region),
  };
  const honoursRequests = config.RELAY_REQUEST_DIRECTIVES === 'honour';
  const idleTimeoutMs = config.BODY_IDLE_TIMEOUT_MS;
  const forwarder = createForwarder(base, { trust, passesDirectives: honoursRequests });
  const store = createStore({ maxBytes: 2 * quarterBytes, shared: redis?.tier, clock });
  const relayCache = createSharedCache({
    origin: createOrigin({ base, forwarder, guard, onCall }),
    base,
    store,
    clock,
    settings: {
      honoursRequests,
      defaultTtlMs: config.RELAY_DEFAULT_TTL_MS,
      staleIfErrorMs: config.RELAY_STALE_IF_ERROR_MS,
    },
    timeoutMs,
    idleTimeoutMs,
    bodyPatienceMs: timeoutMs / 4,
    isAnothers,
    onResult(result) {
      metrics.countRelayCacheResult(result);
      noteCacheResult(result);
    },
  });
  const keepPrepared = (request: IncomingMessage, { locals }: Answering, answer: ReusableAnswer) => {
    // what was told this client of its limit is not for the others
    if (locals.fields === undefined && isPlain(request)) prepared.keep(locals.url, answer);
  };
  const relay = createRelay({
    ...{ base, origin: relayCache.origin, timeoutMs, idleTimeoutMs, fieldsOf },
    onReusable(request, response, { whole, isStored, ...answer }) {
      keepPrepared(request, response as Answering, {
        ...answer,
        ...{ route: 'relay', status: whole.status, reason: whole.reason, body: whole.body, sendsDate: false },
        etag: whole.status === 200 ? fieldValue(whole.headers, 'etag') : undefined,
        isCurrent: (now) => now < answer.freshUntil && isStored(),
        onSent: () => metrics.countRelayCacheResult('hit'),
      });
    },
  });
  const purge = async (uri?: string) => {
    relayCache.purge(uri);
    if (uri === undefined) await Promise.all(tiers.map((tier) => tier.clear()));
  };
  const upgrade = createUpgrade({ base, guard, trust, timeoutMs, idleTimeoutMs });
  const onServed = metrics.observeServedAge;
  const app = createApp({
    routes: {
      ...{ handlers, clock, standing, onServed },
      onReusable(request, response, { operationId, storedAt, ...answer }) {
        keepPrepared(request, response as Answering, {
          ...answer,
          ...{ route: operationId, status: 200, reason: 'OK', hasRequestId: true, sendsDate: true },
          bornAt: storedAt,
          accepts: () => true,
          onSent(ageMs) {
            metrics.countCacheResult('hit');
            onServed(ageMs);
          },
        });
      },
    },
    ...{ relay, log, trust },
  });
  const warming = config.UPSTREAM_WARMING ? startSchedule(nextWarmingAt, clock, restaurants.warm) : undefined;
  const closeParts = async () => {
    warming?.stop();
    clientLimit.stop();
    guard.close();
    forwarder.close();
    await Promise.all([json.close(), ...tiers.map((tier) => tier.close())]);
  };
  return { app, upgrade, prepared, metrics, tiers, purge, guard, restaurants, closeParts };
}

/**
 * The whole relay, put together from its configuration: parts, listeners, and how it stops. The entry for whoever runs a
 * relay inside a process: `main.ts`, the demo, the tests.
 */
import { createApp } from './app.ts';
import { createCache } from './cache/cache.ts';
import { createRedis } from './cache/redis.ts';
import { createMemoryTier } from './cache/tiers.ts';
import { type Config, parseConfig } from './config.ts';
import { createFront } from './front.ts';
import { createAdmin } from './operations/admin.ts';
import { type Listener, listen } from './operations/listener.ts';
import { createLog, type Log } from './operations/log.ts';
import { createMetrics } from './operations/metrics.ts';
import { startSchedule } from './operations/schedule.ts';
import { createSharedCache } from './relay/cache/sharedCache.ts';
import { createStore } from './relay/cache/store.ts';
import { createForwarder } from './relay/forward.ts';
import { createOrigin } from './relay/origin.ts';
import { createRelay } from './relay/relay.ts';
import { createUpgrade } from './relay/upgrade.ts';
import { nextWarmingAt } from './restaurants/calendar.ts';
import { createDocuments } from './restaurants/documents.ts';
import { createRestaurants } from './restaurants/restaurants.ts';
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
  /** Of the admin listener. */
  readonly adminUrl: string;
  /** Loads the restaurant list; the log says if the upstream gives none. Never rejects. */
  checkUpstream(): Promise<void>;
  /** Finishes what has begun, within `SHUTDOWN_TIMEOUT_MS`, and lets go of everything. */
  readonly close: () => Promise<void>;
}

interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** From 0 to 1. */
  readonly random?: () => number;
  readonly log?: Log;
}

/** Starts a relay. Rejects with a ListenError if it cannot listen, and leaves nothing open then. */
export async function startRelay(config: Config, surroundings: Surroundings = {}): Promise<RelayServer> {
  const { clock = Date.now, random = Math.random, log = createLog(config.LOG_LEVEL) } = surroundings;
  const { app, upgrade, metrics, tiers, purge, guard, restaurants, closeParts } = assemble(config, {
    clock,
    random,
    log,
  });
  let isReady = false;
  const listeners: Listener[] = [];
  const close = async () => {
    isReady = false;
    await Promise.all(listeners.map((listener) => listener.drain(config.SHUTDOWN_TIMEOUT_MS)));
    await closeParts();
  };
  try {
    const { registry } = metrics;
    const admin = createAdmin({ registry, isReady: () => isReady, tiers, purge, upstreamState: guard.state });
    const front = createFront({ app, upgrade, log, metrics });
    const publicOptions = {
      name: 'public',
      host: config.HOST,
      port: config.PORT,
      refuse: front.refuse,
      bodyPatienceMs: config.BODY_IDLE_TIMEOUT_MS,
    };
    listeners.push(await listen(admin, { name: 'admin', host: config.ADMIN_HOST, port: config.ADMIN_PORT }));
    listeners.push(
      await listen(front.handle, { ...publicOptions, ...(config.RELAY_UPGRADES && { upgrade: front.upgrade }) }),
    );
  } catch (error) {
    await close();
    throw error;
  }
  isReady = true;
  const [adminUrl = '', url = ''] = listeners.map((listener) => listener.url);
  log.info({ url, adminUrl, upstream: config.UPSTREAM_URL }, `Lunch Relay listens on ${url}`);
  return {
    url,
    adminUrl,
    close,
    checkUpstream: () => restaurants.loadList().catch(() => {}), // whoever asks is told by the log
  };
}

/** Tells the log when the upstream begins to fail and when it answers again, and nothing in between. */
function tellHealth(upstreamUrl: string, log: Log): (outcome: string) => void {
  let isFailing = false;
  return (outcome) => {
    const fails = outcome.startsWith('upstream_');
    if (fails === isFailing) return;
    isFailing = fails;
    if (fails) {
      log.warn(
        { reason: outcome },
        `The lunch-menu API at ${upstreamUrl} gives no answer: menus are errors until it does`,
      );
    } else log.info(`The lunch-menu API at ${upstreamUrl} answers again`);
  };
}

/** The parts, joined; nothing listens yet. */
function assemble(config: Config, { clock, random, log }: Required<Surroundings>) {
  const timeoutMs = config.UPSTREAM_TIMEOUT_MS;
  const base = createUpstreamBase(config.UPSTREAM_URL);
  const redis = config.REDIS_URL === undefined ? undefined : createRedis({ url: config.REDIS_URL, log });
  // one half for the typed routes, the other for relayed answers
  const memoryBytes = Math.floor(config.CACHE_MEMORY_BYTES / 2);
  const memory = createMemoryTier(memoryBytes);
  const tiers = redis ? [memory, redis.tier] : [memory];
  const now = () => performance.now();
  const guard = createGuard({
    concurrency: config.UPSTREAM_CONCURRENCY,
    retries: config.UPSTREAM_RETRIES,
    breaker: config.UPSTREAM_BREAKER,
    rate: createRateBudget(config.UPSTREAM_CALLS_PER_MINUTE, now, redis?.evaluate),
    now,
    random,
    timeoutMs,
  });
  const metrics = createMetrics({ tiers, breakerState: guard.state });
  const noteHealth = tellHealth(config.UPSTREAM_URL, log);
  const onCall = (outcome: string, durationMs: number) => {
    metrics.countUpstreamCall(outcome, durationMs);
    noteHealth(outcome);
  };
  const json = createJsonClient({ base, guard, timeoutMs, onCall });
  const cache = createCache({
    memory,
    shared: redis?.tier,
    lease: redis?.lease,
    clock,
    random,
    maxWaitMs: timeoutMs,
    onResult: metrics.countCacheResult,
  });
  const oddities = { droppedEntries: metrics.noteDroppedEntries, suspiciouslyEmpty: metrics.countSuspiciousEmpty };
  const documents = createDocuments({ getJson: json.getJson, cache, clock, oddities });
  const restaurants = createRestaurants({ documents, clock, deadlineMs: timeoutMs });
  const handlers: Handlers = {
    listRestaurants: ({ region }) => restaurants.list(region),
    getRestaurant: ({ restaurant_id }) => restaurants.today(restaurant_id),
    listMenus: ({ restaurant, region }) => restaurants.menus({ identifiers: restaurant, region }),
    findDishes: ({ q, region }) => restaurants.dishes(q, region),
  };
  const trust = config.TRUST_PROXY;
  const honoursRequests = config.RELAY_REQUEST_DIRECTIVES;
  const idleTimeoutMs = config.BODY_IDLE_TIMEOUT_MS;
  const forwarder = createForwarder(base, { trust, passesDirectives: honoursRequests });
  const store = createStore({ maxBytes: memoryBytes, shared: redis?.tier, clock });
  const relayCache = createSharedCache({
    origin: createOrigin({ base, forwarder, guard, onCall: metrics.countUpstreamCall }),
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
    onResult: metrics.countRelayCacheResult,
  });
  const relay = createRelay({ base, origin: relayCache.origin, timeoutMs, idleTimeoutMs });
  const purge = async (uri?: string) => {
    relayCache.purge(uri);
    if (uri === undefined) await Promise.all(tiers.map((tier) => tier.clear()));
  };
  const upgrade = createUpgrade({ base, guard, trust, timeoutMs, idleTimeoutMs });
  const app = createApp({ handlers, relay, clock, log, onServed: metrics.observeServedAge });
  const warming = config.UPSTREAM_WARMING ? startSchedule(nextWarmingAt, clock, restaurants.warm) : undefined;
  const closeParts = async () => {
    warming?.stop();
    guard.close();
    forwarder.close();
    await Promise.all([json.close(), ...tiers.map((tier) => tier.close())]);
  };
  return { app, upgrade, metrics, tiers, purge, guard, restaurants, closeParts };
}

/**
 * The whole relay, put together from its configuration: parts, listeners, and how it stops. The entry for whoever runs a
 * relay inside a process: `main.ts`, the demo, the tests.
 */
import { createApp } from './app.ts';
import { createCache } from './cache/cache.ts';
import { createMemoryTier, createRedisTier } from './cache/tiers.ts';
import { type Config, parseConfig } from './config.ts';
import { createFront } from './front.ts';
import { createAdmin } from './operations/admin.ts';
import { type Listener, listen } from './operations/listener.ts';
import { createLog, type Log } from './operations/log.ts';
import { createMetrics } from './operations/metrics.ts';
import { createForwarder } from './relay/forward.ts';
import { createRelay } from './relay/relay.ts';
import { createDocuments } from './restaurants/documents.ts';
import { createRestaurants } from './restaurants/restaurants.ts';
import type { Handlers } from './routes.ts';
import { createUpstreamBase } from './upstream/base.ts';
import { createJsonClient } from './upstream/json.ts';

export { dayOff, nextLunchDate, stockholmDate, stockholmHour, stockholmMoment } from './restaurants/calendar.ts';
export { type Config, parseConfig };

export interface RelayServer {
  /** Of the public listener. */
  readonly url: string;
  /** Of the admin listener. */
  readonly adminUrl: string;
  /** Loads the restaurant list, and says once in the log if the upstream gives none. Never rejects. */
  warm(): Promise<void>;
  /** Finishes what has begun, within `SHUTDOWN_TIMEOUT_MS`, and lets go of everything. */
  close(): Promise<void>;
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
  const tiers = [
    createMemoryTier(config.CACHE_MEMORY_BYTES),
    ...(config.REDIS_URL ? [createRedisTier({ url: config.REDIS_URL, log })] : []),
  ];
  const metrics = createMetrics(tiers);
  const base = createUpstreamBase(config.UPSTREAM_URL);
  const json = createJsonClient({
    base,
    concurrency: config.UPSTREAM_CONCURRENCY,
    timeoutMs: config.UPSTREAM_TIMEOUT_MS,
    onCall: metrics.countUpstreamCall,
  });
  const forwarder = createForwarder({ base, timeoutMs: config.UPSTREAM_TIMEOUT_MS });
  const cache = createCache({ tiers, clock, random, onResult: metrics.countCacheResult });
  const oddities = { droppedEntries: metrics.noteDroppedEntries, suspiciouslyEmpty: metrics.countSuspiciousEmpty };
  const documents = createDocuments({ getJson: json.getJson, cache, clock, oddities });
  const restaurants = createRestaurants({ documents, clock, deadlineMs: config.UPSTREAM_TIMEOUT_MS });
  const handlers: Handlers = {
    listRestaurants: ({ region }) => restaurants.list(region),
    getRestaurant: ({ restaurant_id }) => restaurants.today(restaurant_id),
    listMenus: ({ restaurant, region }) => restaurants.menus({ identifiers: restaurant, region }),
    findDishes: ({ q, region }) => restaurants.dishes(q, region),
  };
  const app = createApp({ handlers, relay: createRelay({ base, forwarder }), clock, log });
  let isReady = false;
  const listeners: Listener[] = [];
  const close = async () => {
    isReady = false;
    await Promise.all(listeners.map((listener) => listener.drain(config.SHUTDOWN_TIMEOUT_MS)));
    forwarder.close();
    await Promise.all([json.close(), ...tiers.map((tier) => tier.close())]);
  };
  try {
    const admin = createAdmin({ registry: metrics.registry, isReady: () => isReady, tiers });
    listeners.push(await listen(admin, { name: 'admin', host: config.ADMIN_HOST, port: config.ADMIN_PORT }));
    listeners.push(
      await listen(createFront({ app, log, metrics }), { name: 'public', host: config.HOST, port: config.PORT }),
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
    async warm() {
      const unreachable = await restaurants.loadList().catch((error: Error) => error);
      if (unreachable) {
        log.warn(
          { reason: unreachable.message },
          `The lunch-menu API at ${config.UPSTREAM_URL} gives no answer: menus are errors until it does`,
        );
      }
    },
  };
}

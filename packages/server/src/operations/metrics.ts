/** What Prometheus can read of the relay. Every label has few values, all known here or in the contract. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** A request was answered. `route` is an operation of the contract, `docs`, `relay` or `refused`. */
  readonly countRequest: (route: string, status: number, durationMs: number) => void;
  /** The cache was asked. */
  readonly countCacheResult: (result: string) => void;
  /** A restaurant list was loaded: so many of its entries were unreadable. */
  readonly noteDroppedEntries: (count: number) => void;
  /** A menu that had dishes earlier today came back empty. */
  readonly countSuspiciousEmpty: () => void;
  /** A typed call to the upstream ended. */
  readonly countUpstreamCall: (outcome: string, durationMs: number) => void;
}

const SECONDS = [0.001, 0.005, 0.025, 0.1, 0.3, 1, 3, 10];

/** `tiers` are asked for their state whenever the metrics are read. */
export function createMetrics(tiers: ReadonlyArray<{ readonly name: string; isReady(): boolean }>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'lunch_relay_request_duration_seconds',
    help: 'Time from the request until the last byte of the response',
    labelNames: ['route', 'status_class'],
    buckets: SECONDS,
    registers: [registry],
  });
  const cacheResults = new Counter({
    name: 'lunch_relay_cache_results_total',
    help: 'Look-ups of the typed routes in the cache: hit, stale, miss or error',
    labelNames: ['result'],
    registers: [registry],
  });
  const upstreamCalls = new Histogram({
    name: 'lunch_relay_upstream_call_duration_seconds',
    help: 'Time of one call of the typed routes to the lunch-menu API',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers: [registry],
  });
  const droppedEntries = new Gauge({
    name: 'lunch_relay_list_entries_dropped',
    help: 'Unreadable entries of the restaurant list that was loaded last',
    registers: [registry],
  });
  const suspiciousEmpties = new Counter({
    name: 'lunch_relay_suspicious_empty_menus_total',
    help: 'Menus that had dishes earlier the same day and came back empty; the copy from before was kept',
    registers: [registry],
  });
  new Gauge({
    name: 'lunch_relay_cache_tier_ready',
    help: '1 while the tier of the cache can be used',
    labelNames: ['tier'],
    registers: [registry],
    collect() {
      for (const tier of tiers) this.set({ tier: tier.name }, Number(tier.isReady()));
    },
  });
  return {
    registry,
    countRequest: (route, status, durationMs) =>
      requests.observe({ route, status_class: `${Math.floor(status / 100)}xx` }, durationMs / 1000),
    countCacheResult: (result) => cacheResults.inc({ result }),
    noteDroppedEntries: (count) => droppedEntries.set(count),
    countSuspiciousEmpty: () => suspiciousEmpties.inc(),
    countUpstreamCall: (outcome, durationMs) => upstreamCalls.observe({ outcome }, durationMs / 1000),
  };
}

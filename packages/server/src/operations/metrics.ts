/** What Prometheus can read of the relay. Every label has few values, all known here or in the contract. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  /** A request was answered. `route` is an operation of the contract, `docs`, `relay` or `refused`. */
  readonly countRequest: (route: string, status: number, durationMs: number) => void;
  /** The cache was asked. */
  readonly countCacheResult: (result: string) => void;
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
    countUpstreamCall: (outcome, durationMs) => upstreamCalls.observe({ outcome }, durationMs / 1000),
  };
}

/** What Prometheus can read of the relay. Every label has few values, all known here or in the contract. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { createTally } from './tally.ts';

export interface Metrics {
  readonly registry: Registry;
  /** A request was answered. `route` is an operation of the contract, `preflight`, `docs`, `relay` or `refused`. */
  readonly countRequest: (route: string, status: number, durationMs: number) => void;
  /** The cache was asked. */
  readonly countCacheResult: (result: string) => void;
  /** The cache of relayed answers was asked. */
  readonly countRelayCacheResult: (result: string) => void;
  /** A typed route answered with something so long past its freshness; 0: fresh. */
  readonly observeOverdue: (overdueMs: number) => void;
  /** A restaurant list was loaded: so many of its entries were unreadable. */
  readonly noteDroppedEntries: (count: number) => void;
  /** A menu that had dishes earlier today came back empty. */
  readonly countSuspiciousEmpty: () => void;
  /** A call to the upstream ended; of a relayed one, the head has come. */
  readonly countUpstreamCall: (outcome: string, durationMs: number) => void;
  /** A client was over its limit. */
  readonly countClientLimited: () => void;
  /** A request was refused because the process is too busy. */
  readonly countShed: () => void;
}

const SECONDS = [0.001, 0.005, 0.025, 0.1, 0.3, 1, 3, 10];

interface MetricsParts {
  /** Asked for their state whenever the metrics are read. */
  readonly tiers: ReadonlyArray<{ readonly name: string; state(): string }>;
  /** `closed`, `half-open` or `open`; asked likewise. */
  readonly breakerState: () => string;
}

const TIER_STATES = ['up', 'refusing', 'down'];
const BREAKER_STATES = ['closed', 'half-open', 'open'];

export function createMetrics({ tiers, breakerState }: MetricsParts): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // of several workers the latest: on the average one that is stuck would not show
  Object.assign(registry.getSingleMetric('nodejs_eventloop_lag_p99_seconds') ?? {}, { aggregator: 'max' });
  const requests = createTally({
    name: 'lunch_relay_request_duration_seconds',
    help: 'Time from the request until the last byte of the response',
    buckets: SECONDS,
    registry,
  });
  const requestsOf = oncePerKey((route: string) =>
    oncePerKey((statusClass: number) => requests.under({ route, status_class: `${statusClass}xx` })),
  );
  const cacheResults = countResults(registry, {
    name: 'lunch_relay_cache_results_total',
    help: 'Look-ups of the typed routes in the cache: hit, stale, miss or error; one for an answer that lay ready',
  });
  const relayCacheResults = countResults(registry, {
    name: 'lunch_relay_relayed_cache_results_total',
    help: 'Calls for relayed URIs: hit, stale, revalidated, miss, collapsed (waited for an equal one), bypass or error',
  });
  const upstreamCalls = createTally({
    name: 'lunch_relay_upstream_call_duration_seconds',
    help: 'Time of one call to the lunch-menu API: the whole of a typed one, of a relayed one until the head of the answer. upstream_suspended and upstream_overloaded: it was not made',
    buckets: SECONDS,
    registry,
  });
  const upstreamCallsOf = oncePerKey((outcome: string) => upstreamCalls.under({ outcome }));
  const droppedEntries = new Gauge({
    name: 'lunch_relay_list_entries_dropped',
    help: 'Unreadable entries of the restaurant list that was loaded last',
    aggregator: 'max',
    registers: [registry],
  });
  const suspiciousEmpties = new Counter({
    name: 'lunch_relay_suspicious_empty_menus_total',
    help: 'Menus that had dishes earlier the same day and came back empty; the copy from before was kept',
    registers: [registry],
  });
  const overdue = createTally({
    name: 'lunch_relay_served_overdue_seconds',
    help: 'How long past its freshness it was what the typed routes answered; 0: it was fresh',
    buckets: [1, 60, 600, 3_600, 7_200, 14_400, 43_200],
    registry,
  }).under({});
  gaugeStates(registry, tiers, breakerState);
  const clientLimited = new Counter({
    name: 'lunch_relay_client_limited_total',
    help: 'Requests that were refused because their client had started too many calls to the lunch-menu API',
    registers: [registry],
  });
  const shed = new Counter({
    name: 'lunch_relay_shed_requests_total',
    help: 'Requests that were refused because the event loop lagged',
    registers: [registry],
  });
  return {
    registry,
    countRequest: (route, status, durationMs) => requestsOf(route)(Math.floor(status / 100)).observe(durationMs / 1000),
    countCacheResult: cacheResults,
    countRelayCacheResult: relayCacheResults,
    observeOverdue: (overdueMs) => overdue.observe(overdueMs / 1000),
    noteDroppedEntries: (count) => droppedEntries.set(count),
    countSuspiciousEmpty: () => suspiciousEmpties.inc(),
    countUpstreamCall: (outcome, durationMs) => upstreamCallsOf(outcome).observe(durationMs / 1000),
    countClientLimited: () => clientLimited.inc(),
    countShed: () => shed.inc(),
  };
}

/** 1 for the state that something is in; of several workers: 1 if any is in it. */
function gaugeStates(
  registry: Registry,
  tiers: MetricsParts['tiers'],
  breakerState: MetricsParts['breakerState'],
): void {
  const common = { aggregator: 'max' as const, registers: [registry] };
  new Gauge({
    ...common,
    name: 'lunch_relay_cache_tier_state',
    help: '1 for the state that the tier of the cache is in: up, refusing (it reads and does not store) or down',
    labelNames: ['tier', 'state'],
    collect() {
      for (const tier of tiers)
        for (const state of TIER_STATES) this.set({ tier: tier.name, state }, Number(tier.state() === state));
    },
  });
  new Gauge({
    ...common,
    name: 'lunch_relay_upstream_breaker_state',
    help: '1 for the state that the breaker in front of the lunch-menu API is in: closed (calls go through), half-open or open',
    labelNames: ['state'],
    collect() {
      for (const state of BREAKER_STATES) this.set({ state }, Number(breakerState() === state));
    },
  });
}

/** What is made for a key when that is first seen: labels are looked up with every request. */
function oncePerKey<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** A counter by result that costs a hit next to nothing, like `tally.ts`. */
function countResults(registry: Registry, { name, help }: { name: string; help: string }): (result: string) => void {
  const counts = new Map<string, number>();
  new Counter({
    name,
    help,
    labelNames: ['result'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [result, count] of counts) this.inc({ result }, count);
    },
  });
  return (result) => void counts.set(result, (counts.get(result) ?? 0) + 1);
}

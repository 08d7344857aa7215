/**
 * The simulated upstream: the lunch-menu API as it really behaves, with faults on demand, on a port of its own.
 * Everything but the timers of latency and faults follows from the seed and the clock; nothing is shared between two
 * simulators. What each part does is told in its own file, from `ingress.ts` (in front) to `delivery.ts` (behind).
 */
import { createApi } from './api.ts';
import { BASE_PATH } from './call.ts';
import { createFaultTable, type Fault, type FaultOptions } from './faults.ts';
import { createIngress, type RateLimit } from './ingress.ts';
import { createJournal, type ReceivedRequest } from './journal.ts';
import { listen } from './listener.ts';
import { createQueue } from './queue.ts';
import { RESTAURANTS } from './restaurants.ts';
import { createService } from './service.ts';
import type { WireVersion } from './wire.ts';

export type { Fault, FaultOptions, RateLimit, ReceivedRequest, WireVersion };

export interface SimulatorOptions {
  /** Default: `W9`, the newest. */
  readonly wire?: WireVersion;
  /** Milliseconds since the epoch. Default: the system's clock. */
  readonly clock?: () => number;
  /**
   * How long the one worker is busy with each request, remembered or not, in milliseconds. Default: 0.
   * The sandbox and what the ingress rejects do not wait.
   */
  readonly latencyMs?: number;
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Decides the menus. Default: 1. */
  readonly seed?: number;
  /** Default: none. */
  readonly rateLimit?: RateLimit;
}

/** Paths are those below the base, exactly as sent and without the query: `/restaurant/nanna`, `''` for the base itself. */
export interface Simulator {
  /** The base URL, without a slash at its end: `http://127.0.0.1:9090/api`. */
  readonly url: string;
  readonly origin: string;
  setWire(wire: WireVersion): void;
  setLatency(latencyMs: number): void;
  /** Starts to count anew. */
  setRateLimit(limit: RateLimit | undefined): void;
  /** `*` is every path below the base for which there is no fault of its own. */
  setFault(path: string, fault: Fault, options?: FaultOptions): void;
  /**
   * The parsers of exactly these restaurants fail from now on: 200 with an empty menu. What was remembered of them, and of
   * those mended by the call, is forgotten. Throws a RangeError for an unknown identifier.
   */
  setParserFault(identifiers: readonly string[] | 'all' | 'none'): void;
  /** Ends all faults, those of parsers too. Requests that hang already go on hanging. */
  clearFaults(): void;
  /** Empties its memory, as a restart of the upstream would. */
  forget(): void;
  /** Default: all requests, also those outside the base and those that the rate limit rejected. */
  requestCount(path?: string): number;
  /** In the order of arrival, growing until `resetRequests`. After very many the oldest go: at least the last 10,000 are there. */
  readonly requests: readonly ReceivedRequest[];
  resetRequests(): void;
  openConnections(): number;
  readonly connectionsAccepted: number;
  /** Destroys every connection; resolves when nothing is left open. May be called again. */
  close(): Promise<void>;
}

/** Rejects with an Error whose message is fit for users when it cannot listen. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { clock = Date.now, seed = 1, host = '127.0.0.1', port = 0 } = options;
  let { wire = 'W9', latencyMs = 0 } = options;
  const api = createApi({ clock, seed, wire: () => wire });
  const ingress = createIngress(clock);
  ingress.setRateLimit(options.rateLimit);
  const faults = createFaultTable();
  const journal = createJournal();
  const queue = createQueue();
  const service = createService({
    api,
    clock,
    faults,
    ingress,
    latencyMs: () => latencyMs,
    queue,
    record: journal.record,
    seed,
  });
  const listener = await listen(service, { host, port });
  return {
    origin: listener.origin,
    url: `${listener.origin}${BASE_PATH}`,
    setWire(next) {
      wire = next;
    },
    setLatency(nextMs) {
      latencyMs = nextMs;
    },
    setRateLimit: ingress.setRateLimit,
    setFault: faults.set,
    setParserFault: (identifiers) => api.breakParsers(toKnownIdentifiers(identifiers)),
    clearFaults() {
      faults.clear();
      api.breakParsers(new Set());
    },
    forget: api.forget,
    requestCount: journal.count,
    get requests() {
      return journal.requests();
    },
    resetRequests: journal.reset,
    openConnections: listener.openConnections,
    get connectionsAccepted() {
      return listener.connectionsAccepted();
    },
    close: listener.close,
  };
}

function toKnownIdentifiers(identifiers: readonly string[] | 'all' | 'none'): ReadonlySet<string> {
  const known = new Set(RESTAURANTS.map(({ identifier }) => identifier));
  if (identifiers === 'all') return known;
  const chosen = new Set(identifiers === 'none' ? [] : identifiers);
  for (const identifier of chosen) {
    if (!known.has(identifier)) throw new RangeError(`there is no restaurant ${identifier}`);
  }
  return chosen;
}

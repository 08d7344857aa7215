/** A relay in front of a simulated upstream, both real and on free ports, with a clock that a test can set. */
import { type Simulator, type SimulatorOptions, startSimulator } from '@lunch-relay/upstream-sim';
import { parseConfig } from '../../src/config.ts';
import { createLog } from '../../src/operations/log.ts';
import { type RelayServer, startRelay } from '../../src/relay-server.ts';

/** A Monday, 11:00 in Stockholm. */
export const MONDAY_11 = Date.parse('2026-11-23T10:00:00Z');

/** Tests that are not about limits ask as often as they like, on however busy a machine, and count what they ask. */
const UNGUARDED = {
  UPSTREAM_CALLS_PER_MINUTE: '0',
  UPSTREAM_RETRIES: '0',
  UPSTREAM_BREAKER: '0',
  CLIENT_RATE_LIMIT: '0',
  SHED_LAG_MS: '0',
};

export interface TestRelay {
  readonly relay: RelayServer;
  readonly simulator: Simulator;
  /** Moves the clock that both go by. */
  setNow(now: number): void;
  /** The lines that the relay has logged. */
  readonly logged: ReadonlyArray<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

interface TestRelayOptions {
  readonly simulator?: SimulatorOptions;
  readonly settings?: Readonly<Record<string, string>>;
  readonly now?: number;
}

export async function startTestRelay({
  simulator: options = {},
  settings = {},
  now: start = MONDAY_11,
}: TestRelayOptions = {}): Promise<TestRelay> {
  let now = start;
  const clock = () => now;
  const simulator = await startSimulator({ clock, ...options });
  const logged: Array<Record<string, unknown>> = [];
  const log = createLog('trace', { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) });
  const config = parseConfig({
    UPSTREAM_URL: simulator.url,
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    LOG_HITS_ONE_IN: '1',
    ...UNGUARDED,
    ...settings,
  });
  const relay = await startRelay(config, { clock, log, random: () => 0.5 });
  return {
    relay,
    simulator,
    logged,
    setNow(next) {
      now = next;
    },
    async close() {
      await relay.close();
      await simulator.close();
    },
  };
}

export async function getJson<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

/** A relay in front of any upstream, unguarded, on the system's clock unless it is given another. */
export function startRelayTo(
  upstreamUrl: string,
  settings: Readonly<Record<string, string>> = {},
  outside: { readonly clock?: () => number; readonly random?: () => number } = {},
): Promise<RelayServer> {
  const listeners = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', SHUTDOWN_TIMEOUT_MS: '0' };
  const config = parseConfig({ ...listeners, ...UNGUARDED, ...settings, UPSTREAM_URL: upstreamUrl });
  return startRelay(config, { log: createLog('silent'), ...outside });
}

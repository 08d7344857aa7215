/**
 * One simulator for a test file, with a clock that the tests set: started before, cleared between, closed after.
 */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type Simulator, type SimulatorOptions, startSimulator } from '../src/simulator.ts';

/** A Monday without any holiday near, noon in Stockholm. */
export const MONDAY_NOON = Date.parse('2026-11-23T11:00:00Z');

export interface Running {
  /** The simulator's moment, milliseconds since the epoch; noon again before each test. */
  now: number;
  readonly simulator: Simulator;
  /** The URL of a path below the base. */
  at(path: string): string;
}

export function useSimulator(options: SimulatorOptions = {}): Running {
  let simulator: Simulator | undefined;
  const running: Running = {
    now: MONDAY_NOON,
    get simulator() {
      if (!simulator) throw new Error('the simulator runs only inside tests');
      return simulator;
    },
    at: (path) => `${running.simulator.url}${path}`,
  };
  beforeAll(async () => {
    simulator = await startSimulator({ clock: () => running.now, ...options });
  });
  beforeEach(() => {
    running.now = MONDAY_NOON;
    running.simulator.setWire(options.wire ?? 'W9');
    running.simulator.setLatency(options.latencyMs ?? 0);
    running.simulator.setRateLimit(options.rateLimit);
    running.simulator.clearFaults();
    running.simulator.forget();
    running.simulator.resetRequests();
  });
  afterAll(() => running.simulator.close());
  return running;
}

/** The relay in front of the simulated lunch-menu API, at a time at which there is lunch. */
import { parseConfig, type RelayServer, startRelay } from '@lunch-relay/server';
import { type Simulator, startSimulator } from '@lunch-relay/upstream-sim';
import { demoClock } from './demoClock.ts';

export interface DemoRelay {
  readonly relay: RelayServer;
  readonly simulator: Simulator;
  /** What to tell where it is not the time of this machine. */
  readonly said: string | undefined;
}

/** Both run for as long as `use` does. `settings` of the relay, as variables; default: a free port, little log. */
export async function withDemoRelay(
  settings: Readonly<Record<string, string>>,
  use: (demo: DemoRelay) => Promise<void>,
): Promise<void> {
  const { offsetMs, said } = demoClock(Date.now());
  const clock = () => Date.now() + offsetMs;
  const simulator = await startSimulator({ clock, latencyMs: 50 });
  try {
    const all = { PORT: '0', ADMIN_PORT: '0', LOG_LEVEL: 'warn', ...settings, UPSTREAM_URL: simulator.url };
    const relay = await startRelay(parseConfig(all), { clock });
    try {
      await use({ relay, simulator, said });
    } finally {
      await relay.close();
    }
  } finally {
    await simulator.close();
  }
}

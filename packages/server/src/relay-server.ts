/**
 * The whole relay, from its configuration: the parts, the listeners, and how it stops. The entry for whoever runs a relay
 * inside a process: `main.ts`, the demo, the tests.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { assemble, type Surroundings } from './assembly.ts';
import { type Config, parseConfig } from './config.ts';
import { createFront } from './front.ts';
import { createAccessLog } from './operations/accessLog.ts';
import { ADMIN_DRAIN_MS, createAdmin, type Readiness } from './operations/admin.ts';
import { type Listener, listen } from './operations/listener.ts';
import { createLog } from './operations/log.ts';
import { watchOverload } from './operations/overload.ts';

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

/** What a relay runs in, where it is not the machine's own clock, chance and log. */
interface RelayOptions extends Partial<Surroundings> {
  /** Whether it has an admin listener of its own. Default: true. */
  readonly hasAdmin?: boolean;
}

/** Starts a relay. Rejects with a ListenError if it cannot listen, and leaves nothing open then. */
export async function startRelay(config: Config, options: RelayOptions = {}): Promise<RelayServer> {
  const { clock = Date.now, random = Math.random, log = createLog(config.LOG_LEVEL), hasAdmin = true } = options;
  const parts = await assemble(config, { clock, random, log });
  const { detail, purge, metrics, restaurants } = parts;
  const { registry } = metrics;
  const overload = watchOverload(config.SHED_LAG_MS);
  let status: Readiness = 'starting';
  let admin: Listener | undefined;
  let open: Listener | undefined;
  const close = async ({ graceMs = 0 } = {}) => {
    status = 'draining';
    open?.announceDrain();
    if (graceMs > 0) await sleep(graceMs);
    await open?.drain(config.SHUTDOWN_TIMEOUT_MS);
    overload.stop();
    await parts.close();
    // the last to go: until then it says that the relay is not ready
    await admin?.drain(ADMIN_DRAIN_MS);
  };
  try {
    if (hasAdmin) {
      const metricsParts = { metrics: () => registry.metrics(), metricsType: registry.contentType };
      const handleAdmin = createAdmin({ readiness: () => status, detail, purge, ...metricsParts });
      admin = await listen(handleAdmin, { name: 'admin', host: config.ADMIN_HOST, port: config.ADMIN_PORT });
    }
    const logRequest = createAccessLog(log, config.LOG_HITS_ONE_IN);
    const front = createFront({ ...parts, logRequest, isOverloaded: overload.isOverloaded });
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
    ...{ url: open.url, adminUrl: admin?.url ?? '', detail, purge, registry, close },
    checkUpstream: () => restaurants.loadList().catch(() => {}), // whoever asks is told by the log
  };
}

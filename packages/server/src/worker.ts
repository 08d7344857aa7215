/** A worker: a relay without an admin listener, that does what its primary says. */
import type { Config } from './config.ts';
import { type FromWorker, isMessage, type ToWorker } from './operations/messages.ts';
import type { RelayServer } from './relay-server.ts';

interface WorkerParts {
  readonly relay: RelayServer;
  /** The process, as far as it is connected with its primary. */
  readonly channel: Pick<NodeJS.Process, 'on' | 'send'>;
  /** May be called more than once. */
  readonly stop: (graceMs: number) => void;
}

export function startWorker({ relay, channel, stop }: WorkerParts): void {
  const say = (message: FromWorker) => channel.send?.(message);
  const answer = (id: number, value: object) => say({ kind: 'answer', id, value });
  channel.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    const order = message as ToWorker;
    if (order.kind === 'drain') stop(order.graceMs);
    else if (order.kind === 'detail') answer(order.id, relay.detail());
    else if (order.kind === 'metrics') void relay.registry.getMetricsAsJSON().then((all) => answer(order.id, all));
    else {
      const fail = (error: Error) => answer(order.id, { refusal: error.message });
      void relay.purge(order.uri).then(() => answer(order.id, {}), fail);
    }
  });
  say({ kind: 'listening', url: relay.url });
  void relay.checkUpstream();
}

/**
 * The configuration of one of so many workers: calls at the same time are divided, and without Redis, where all share one
 * budget, calls in a minute; each may make at least one.
 */
export function shareOf(config: Config, workers: number): Config {
  const share = (calls: number) => (calls === 0 ? 0 : Math.max(1, Math.floor(calls / workers)));
  return Object.freeze({
    ...config,
    UPSTREAM_CONCURRENCY: share(config.UPSTREAM_CONCURRENCY),
    ...(config.REDIS_URL === undefined && { UPSTREAM_CALLS_PER_MINUTE: share(config.UPSTREAM_CALLS_PER_MINUTE) }),
  });
}

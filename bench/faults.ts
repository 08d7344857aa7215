/** What is thrown at the relay during a soak, one after the other and again from the start: each begins and is mended. */
import type { Fault } from '@lunch-relay/upstream-sim';
import type { TestRedis } from '../packages/server/test/support/redis.ts';
import type { RelayProcess } from './relay.ts';
import { type SlowClients, startLeavers, startSlowHeads, startSlowReaders } from './slowClients.ts';
import type { Upstream } from './upstream.ts';

export interface Trouble {
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
}

export interface Troubled {
  readonly relay: RelayProcess;
  readonly upstream: Upstream;
  readonly redis: TestRedis | undefined;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'the upstream answers 503': { kind: 'status', status: 503 },
  'the upstream resets connections': { kind: 'reset-before-headers' },
  'the upstream cuts bodies': { kind: 'truncate' },
  'the upstream hangs': { kind: 'hang' },
  'the upstream is slow': { kind: 'delay', delayMs: 1_000 },
  'the upstream answers HTML': { kind: 'html-200' },
};

const BIG = '/relay_anything/_sim/bytes?size=20000000&reader=';

export function troublesOf({ relay, upstream, redis }: Troubled): Trouble[] {
  const port = Number(new URL(relay.url).port);
  const ofUpstream = Object.entries(FAULTS).map(
    ([name, fault]): Trouble => ({
      name,
      begin: () => upstream.setFault('*', fault),
      end: upstream.clearFaults,
    }),
  );
  return [
    ...ofUpstream,
    ...(redis ? ofRedis(redis) : []),
    clients('heads come slowly', () => startSlowHeads(port, 100)),
    clients('answers are read slowly', () => startSlowReaders(port, 20, BIG)),
    clients('clients leave', () => startLeavers(port, 500, '/relay_anything/_sim/echo?leaver=')),
    {
      name: 'the cache is emptied',
      async begin() {
        await fetch(`${relay.adminUrl}/cache`, { method: 'DELETE' });
      },
      end: () => Promise.resolve(),
    },
  ];
}

function ofRedis(redis: TestRedis): Trouble[] {
  return [
    {
      name: 'Redis hangs',
      begin: () => Promise.resolve(redis.hang()),
      end: () => Promise.resolve(redis.wake()),
    },
    { name: 'Redis is killed', begin: () => redis.kill(), end: () => redis.restart() },
  ];
}

function clients(name: string, start: () => SlowClients): Trouble {
  let running: SlowClients | undefined;
  return {
    name,
    begin() {
      running = start();
      return Promise.resolve();
    },
    end() {
      running?.stop();
      return Promise.resolve();
    },
  };
}

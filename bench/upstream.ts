/** The simulated lunch-menu API in a process of its own, and what can be done to it from here. */
import type { Fault, FaultOptions } from '@lunch-relay/upstream-sim';
import { AT_LUNCH_TIME } from './lunchTime.ts';
import { forkServer, type ServerProcess } from './processes.ts';
import type { Command, Control } from './servers/upstream.ts';

export interface Upstream extends ServerProcess {
  /** The base URL for the relay. */
  readonly baseUrl: string;
  readonly setFault: (path: string, fault: Fault, options?: FaultOptions) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
  readonly setLatency: (latencyMs: number) => Promise<void>;
  readonly requestCount: (path?: string) => Promise<number>;
  readonly openConnections: () => Promise<number>;
}

export async function startUpstream(task: { readonly latencyMs?: number } = {}): Promise<Upstream> {
  const { child, ...server } = await forkServer('upstream', task, AT_LUNCH_TIME);
  const waiting = new Map<number, (value: unknown) => void>();
  let last = 0;
  child.on('message', ({ id, value }: { id: number; value: unknown }) => waiting.get(id)?.(value));

  async function control(name: Control, ...values: readonly unknown[]): Promise<unknown> {
    const id = ++last;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(id, resolve);
    child.send({ id, control: name, values } satisfies Command);
    const value = await promise;
    waiting.delete(id);
    return value;
  }

  return {
    ...server,
    baseUrl: `${server.url}/api`,
    setFault: async (...values) => void (await control('setFault', ...values)),
    clearFaults: async () => void (await control('clearFaults')),
    setLatency: async (latencyMs) => void (await control('setLatency', latencyMs)),
    requestCount: async (...path) => Number(await control('requestCount', ...path)),
    openConnections: async () => Number(await control('openConnections')),
  };
}

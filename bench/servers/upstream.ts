/**
 * The simulated lunch-menu API in a process of its own, with its controls over the channel: calls of the simulator's
 * methods by name, each answered with what it gives.
 */
import { startSimulator } from '@lunch-relay/upstream-sim';
import { endWithParent, taskOf } from './listening.ts';

/** The controls that work from afar: those that give nothing or a number. */
export type Control = 'setFault' | 'clearFaults' | 'setLatency' | 'requestCount' | 'openConnections';

export interface Command {
  readonly id: number;
  readonly control: Control;
  readonly values: readonly unknown[];
}

const simulator = await startSimulator(taskOf<{ latencyMs?: number }>());
process.on('message', ({ id, control, values }: Command) => {
  const controls = simulator as unknown as Record<Control, (...values: readonly unknown[]) => unknown>;
  process.send?.({ id, value: controls[control](...values) });
});
process.send?.({ port: Number(new URL(simulator.url).port) });
endWithParent();

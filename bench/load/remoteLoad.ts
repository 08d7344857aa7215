/** A process for the open loop, from outside. One plan at a time. */
import { once } from 'node:events';
import { forkModule, stopChild } from '../processes.ts';
import type { OpenLoopPlan, OpenLoopResult } from './openLoop.ts';

export interface RemoteLoad {
  readonly run: (plan: OpenLoopPlan) => Promise<OpenLoopResult>;
  readonly stop: () => Promise<void>;
}

export function startRemoteLoad(): RemoteLoad {
  const child = forkModule('load/openLoopProcess.ts', {});
  const ended = once(child, 'exit').then(() => {
    throw new Error('the load generator ended');
  });
  ended.catch(() => {}); // it does when it is told to
  return {
    async run(plan) {
      const result = once(child, 'message') as Promise<[OpenLoopResult]>;
      child.send(plan);
      const [given] = await Promise.race([result, ended]);
      return given;
    },
    stop: () => stopChild(child),
  };
}

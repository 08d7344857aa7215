/**
 * Load of the closed kind: each connection sends its next request when the last is answered. Shows how much a server can
 * do at most; its latencies are those of a server that is busy all the time (`openLoop.ts` has the other kind).
 */
import { programOf } from '../processes.ts';
import { runAutocannon } from './autocannon.ts';
import type { LoadPlan, LoadResult } from './plan.ts';
import { runWrk } from './wrk.ts';

export const GENERATORS = ['wrk', 'autocannon'] as const;
export type GeneratorName = (typeof GENERATORS)[number];

export interface Generator {
  readonly name: GeneratorName;
  readonly run: (plan: LoadPlan) => Promise<LoadResult>;
}

/** wrk where it is installed: it takes a fraction of the processor that autocannon takes from the server. */
export function chooseGenerator(wanted?: GeneratorName): Generator {
  const wrk = programOf('wrk');
  const name = wanted ?? (wrk ? 'wrk' : 'autocannon');
  if (name === 'autocannon') return { name, run: runAutocannon };
  if (!wrk) throw new Error('wrk is not installed: apt-get install wrk, or --generator autocannon');
  return { name, run: (plan) => runWrk(wrk, plan) };
}

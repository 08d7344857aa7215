/** Whether the process is too busy to take more: by how late its event loop is. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Overload {
  readonly isOverloaded: () => boolean;
  readonly stop: () => void;
}

/** Time between two looks, and what the delays of one look are taken over. */
const LOOK_EVERY_MS = 250;
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

/**
 * `limitMs` 0: never. It is the mean over a look that counts, so that one pause (a large collection of garbage) turns
 * nobody away; it ends with the first look that is below.
 */
export function watchOverload(limitMs: number): Overload {
  if (limitMs === 0) return { isOverloaded: () => false, stop: () => {} };
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let isOverloaded = false;
  const look = () => {
    // without a sample (NaN) it was not late
    isOverloaded = delay.mean / NANOSECONDS - RESOLUTION_MS >= limitMs;
    delay.reset();
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    isOverloaded: () => isOverloaded,
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}

/** Whether the process is too busy to take more: by how late its event loop is. */

export interface Overload {
  readonly isOverloaded: () => boolean;
  readonly stop: () => void;
}

const LOOK_EVERY_MS = 100;

/**
 * `limitMs` 0: never. Two looks in a row have to come too late, so that one pause (a large collection of garbage, a machine
 * that was suspended), however long, turns nobody away; it ends with the first look that does not. (Node's own
 * `monitorEventLoopDelay` loses the first delay after each reset, and so all of them in a loop that is late each time.)
 */
export function watchOverload(limitMs: number): Overload {
  if (limitMs === 0) return { isOverloaded: () => false, stop: () => {} };
  let wasLate = false;
  let isOverloaded = false;
  let lookedAt = performance.now();
  const look = () => {
    const isLate = performance.now() - lookedAt - LOOK_EVERY_MS >= limitMs;
    isOverloaded = isLate && wasLate;
    wasLate = isLate;
    lookedAt = performance.now();
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    isOverloaded: () => isOverloaded,
    stop: () => clearInterval(timer),
  };
}

/** Work that is done again and again at moments that a function tells. */

export interface Schedule {
  stop(): void;
}

/** setTimeout takes no longer delay: a longer wait is taken up again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `nextAfter` gives the next moment after one; both are in ms since the epoch. `work` must not reject. */
export function startSchedule(
  nextAfter: (now: number) => number,
  clock: () => number,
  work: () => Promise<void>,
): Schedule {
  let timer: NodeJS.Timeout;
  const wait = (until: number) => {
    const left = Math.max(0, until - clock());
    timer = setTimeout(
      () => (left > LONGEST_TIMER_MS ? wait(until) : ring()),
      Math.min(left, LONGEST_TIMER_MS),
    ).unref();
  };
  const ring = () => {
    wait(nextAfter(clock()));
    void work();
  };
  wait(nextAfter(clock()));
  return { stop: () => clearTimeout(timer) };
}

/** What `within` gives in place of a result that did not come in time. */
export const TOO_LATE = Symbol('too late');

/** Waits for a promise, but no longer than a budget. What comes later is dropped, its failure too. */
export async function within<T>(budgetMs: number, promise: Promise<T>): Promise<T | typeof TOO_LATE> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof TOO_LATE>((resolve) => {
    // a busy process fires its timers before it reads what has long come: one more round of reading first, so that its own
    // lateness is not taken for another's
    timer = setTimeout(() => setImmediate(() => setImmediate(resolve, TOO_LATE)), budgetMs);
  });
  try {
    // what loses is listened to all the same: a failure that comes later ends no process
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

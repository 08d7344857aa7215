/** What `within` gives in place of a result that did not come in time. */
export const TOO_LATE = Symbol('too late');

/** Waits for a promise, but no longer than a budget. What comes later is dropped, its failure too. */
export async function within<T>(budgetMs: number, promise: Promise<T>): Promise<T | typeof TOO_LATE> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof TOO_LATE>((resolve) => {
    timer = setTimeout(resolve, budgetMs, TOO_LATE);
  });
  promise.catch(() => {}); // nobody listens any more once the deadline has won
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

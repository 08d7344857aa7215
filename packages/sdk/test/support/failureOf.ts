import { LunchError } from '@lunch-relay/sdk';

/** The LunchError that a call rejects with; fails if there is none. */
export async function failureOf(call: Promise<unknown>): Promise<LunchError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof LunchError) return outcome;
  throw new Error('no LunchError was thrown', { cause: outcome });
}

/** Tells the log when the upstream begins to fail and when it answers again, and nothing in between. */
import type { Log } from './log.ts';

/** The relay's own limits, and a breaker that is open already: they tell nothing of the upstream. */
const OWN_REFUSALS = ['upstream_overloaded', 'upstream_suspended'];

/** To be told the outcome of every call: `ok`, or a code. */
export function tellHealth(upstreamUrl: string, log: Log): (outcome: string) => void {
  let isFailing = false;
  return (outcome) => {
    if (OWN_REFUSALS.includes(outcome)) return;
    const fails = outcome.startsWith('upstream_');
    if (fails === isFailing) return;
    isFailing = fails;
    if (fails) {
      log.warn(
        { reason: outcome },
        `The lunch-menu API at ${upstreamUrl} gives no answer: menus are errors until it does`,
      );
    } else log.info(`The lunch-menu API at ${upstreamUrl} answers again`);
  };
}

/**
 * When it is measured: at eleven on a Wednesday, whatever day it is. On weekends nearly all restaurants are closed, and
 * what they answer is shorter and sooner searched than what people ask for.
 */
const LUNCH_TIME = Date.parse('2026-11-25T11:00+01:00');

// no file: it would have to be TypeScript, and what Node.js strips types with takes 16 MB of the memory that is measured
const clock = `const { now } = Date; Date.now = () => now() - ${Date.now() - LUNCH_TIME};`;

/** Options of Node.js, with which `Date.now` is so far back. The same for all servers of a run. */
export const AT_LUNCH_TIME: readonly string[] = ['--import', `data:text/javascript,${encodeURIComponent(clock)}`];

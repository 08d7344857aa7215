/**
 * Calls per minute as a token bucket that starts full: GCRA, the form of it that keeps one number, the moment at which the
 * bucket would be full again. The number lies in Redis where there is one, so that all relays share one budget, and in the
 * process where Redis gives no answer.
 */

export interface RateBudget {
  /** Takes a token and gives 0, or takes none and gives the milliseconds until there is one. */
  take(): number | Promise<number>;
}

/** Runs a Lua script in Redis; undefined if there is no answer. */
export type Evaluate = (script: string, keys: readonly string[], values: readonly string[]) => Promise<unknown>;

const MINUTE = 60_000;

/** KEYS: the number. ARGV: calls per minute. By Redis' own clock, since those of the relays may differ. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval = ${MINUTE} / tonumber(ARGV[1])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = math.ceil(full + interval - now - ${MINUTE})
if wait > 0 then return wait end
redis.call('SET', KEYS[1], full + interval, 'PX', ${MINUTE})
return 0`;

/** `callsPerMinute` 0: no bound. `now` is in milliseconds and never goes back. */
export function createRateBudget(callsPerMinute: number, now: () => number, evaluate?: Evaluate): RateBudget {
  const interval = MINUTE / callsPerMinute;
  let fullAt = Number.NEGATIVE_INFINITY;

  function takeHere(): number {
    const full = Math.max(fullAt, now());
    const wait = Math.ceil(full + interval - now() - MINUTE);
    if (wait > 0) return wait;
    fullAt = full + interval;
    return 0;
  }

  async function takeThere(run: Evaluate): Promise<number> {
    const answer = await run(TAKE, ['upstream-rate'], [String(callsPerMinute)]);
    return typeof answer === 'number' ? answer : takeHere();
  }

  return {
    take() {
      if (callsPerMinute === 0) return 0;
      return evaluate ? takeThere(evaluate) : takeHere();
    },
  };
}

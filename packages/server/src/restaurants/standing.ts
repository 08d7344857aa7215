/**
 * How long what was made of menus stands: until any of them changes, until it is no longer fresh, and until the full
 * minute, at which what is said of a day may change (05:00 and midnight in Stockholm are full minutes, whatever the season).
 */

const MINUTE_MS = 60_000;

export interface Standing {
  /**
   * To be asked for before something is made. What it gives says, of something that is fresh until a moment (ms since the
   * epoch), whether at a later one the same would be made again.
   */
  readonly begin: () => (freshUntil: number) => (now: number) => boolean;
}

/** `changes` grows whenever something changes that is made use of. */
export function createStanding(changes: () => number, clock: () => number): Standing {
  return {
    begin() {
      const [changesBefore, from] = [changes(), clock()];
      return (freshUntil) => {
        const until = Math.min(freshUntil, from - (from % MINUTE_MS) + MINUTE_MS);
        return (now) => now >= from && now < until && changes() === changesBefore;
      };
    },
  };
}

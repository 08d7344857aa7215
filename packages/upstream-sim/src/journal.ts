/**
 * What the simulator received, for assertions. Counts are exact; the list is bounded, so that a load test of hours does
 * not fill the memory.
 */

/** One request as it came in, whatever became of it: rejected and never answered ones are here too. */
export interface ReceivedRequest {
  readonly method: string;
  /** The request target as it was sent, base path and query included. */
  readonly url: string;
  /** The path below the base, without the query, as faults and counts name it; undefined outside the base. */
  readonly path: string | undefined;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
}

export interface Journal {
  readonly record: (request: ReceivedRequest) => void;
  /** Default: all. */
  readonly count: (path?: string) => number;
  /** The latest, in the order of arrival: at least 10,000 where so many came. Grows until the next reset. */
  readonly requests: () => readonly ReceivedRequest[];
  readonly reset: () => void;
}

const KEPT = 10_000;

export function createJournal(): Journal {
  let requests: ReceivedRequest[] = [];
  let total = 0;
  const countByPath = new Map<string | undefined, number>();
  return {
    record(request) {
      total += 1;
      countByPath.set(request.path, (countByPath.get(request.path) ?? 0) + 1);
      requests.push(request);
      // dropping half at a time costs nothing per request
      if (requests.length > 2 * KEPT) requests.splice(0, KEPT);
    },
    count: (path) => (path === undefined ? total : (countByPath.get(path) ?? 0)),
    requests: () => requests,
    reset() {
      requests = [];
      total = 0;
      countByPath.clear();
    },
  };
}

/**
 * How often a property is tried. In tests as often as it says itself, from its seed, so that they say the same every time; by
 * `pnpm fuzz` as often as FUZZ_RUNS says, from another seed each time, and for FUZZ_SECONDS at most.
 */
import { expect } from '@jest/globals';
import fc, { type RunDetails } from 'fast-check';

interface Usual {
  readonly numRuns: number;
  readonly seed: number;
}

const { FUZZ_RUNS, FUZZ_SECONDS = '30' } = process.env;

export function runs(usual: Usual) {
  if (FUZZ_RUNS === undefined) return usual;
  return { numRuns: Number(FUZZ_RUNS), interruptAfterTimeLimit: Number(FUZZ_SECONDS) * 1_000, reporter: report };
}

/** Says how often it was, since the time may have been too short; throws what fast-check would. */
function report<T>(details: RunDetails<T>): void {
  process.stderr.write(`${details.numRuns} runs: ${expect.getState().currentTestName}\n`);
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
}

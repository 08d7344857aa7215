/**
 * One load per key and cluster: whoever holds a key's lease loads, the others look for the result until it is there or the
 * lease is free. A lease is short and renewed while its holder works, so that a holder that crashes costs the others one
 * lease time, and never a hang. Losing a lease costs one more load and nothing else.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** `granted` until `release`; `held` by another; `unavailable`: there is nobody to ask. */
export type LeaseAnswer =
  | { readonly state: 'granted'; release(): Promise<void> }
  | { readonly state: 'held' | 'unavailable' };

export interface LeasePort {
  /** Never rejects, and answers soon. */
  acquire(key: string): Promise<LeaseAnswer>;
}

interface LeasedWork<T> {
  /** The result of somebody else, if it is there. */
  readonly look: () => Promise<T | undefined>;
  /** Makes the result; `settled` is when others can find it. */
  readonly work: () => Promise<{ value: T; settled: Promise<unknown> | undefined }>;
}

const LOOK_EVERY_MS = 50;
/** Far beyond a load's deadline: whatever holds the lease then is no load of ours. */
const LONGEST_WAIT_MS = 30_000;

export async function withLease<T>(
  port: LeasePort | undefined,
  key: string,
  { look, work }: LeasedWork<T>,
): Promise<T> {
  const startedAt = performance.now();
  while (port && performance.now() - startedAt < LONGEST_WAIT_MS) {
    const answer = await port.acquire(key);
    if (answer.state === 'unavailable') break;
    if (answer.state === 'granted') return workUnder(answer, { look, work });
    await sleep(LOOK_EVERY_MS);
    const found = await look();
    if (found !== undefined) return found;
  }
  return (await work()).value;
}

async function workUnder<T>(lease: { release(): Promise<void> }, { look, work }: LeasedWork<T>): Promise<T> {
  let settled: Promise<unknown> | undefined;
  try {
    // it may have been stored between the last look and the grant
    const found = await look();
    if (found !== undefined) return found;
    const made = await work();
    settled = made.settled;
    return made.value;
  } finally {
    // others look before they ask for the lease: not before there is something to see
    void (settled ?? Promise.resolve()).then(() => lease.release());
  }
}

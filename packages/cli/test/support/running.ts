/** `lunch` for a test file, and a relay of its own for it to ask: started before, closed after. */
import { afterAll, beforeAll } from '@jest/globals';
import { MONDAY_11, startTestRelay, type TestRelay } from '../../../server/test/support/relay.ts';
import { createUser } from './lunch.ts';

const DAY_MS = 24 * 3_600_000;

export function useLunch(options: Parameters<typeof startTestRelay>[0] = {}) {
  let test: TestRelay | undefined;
  const started = (): TestRelay => {
    if (!test) throw new Error('the relay runs only inside tests');
    return test;
  };
  const user = createUser(() => started().relay.url);
  beforeAll(async () => {
    test = await startTestRelay(options);
  });
  afterAll(async () => {
    user.leave();
    await started().close();
  });
  return {
    ...user,
    get test(): TestRelay {
      return started();
    },
    /** So many days later, of which no menu is kept anywhere yet; `now` is at eleven. Ends with all faults. */
    onDay: async (days: number, work: (now: number) => Promise<void>): Promise<void> => {
      const now = MONDAY_11 + days * DAY_MS;
      started().setNow(now);
      try {
        await work(now);
      } finally {
        started().simulator.clearFaults();
        started().setNow(MONDAY_11);
      }
    },
  };
}

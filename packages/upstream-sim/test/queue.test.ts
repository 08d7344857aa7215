import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ask, errorCode } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();

describe('the one worker', () => {
  it('works on one request at a time, in the order in which they came', async () => {
    running.simulator.setLatency(30);
    const finished: string[] = [];
    const startedAt = performance.now();
    const fetchMenu = async (identifier: string) => {
      await ask(running.at(`/restaurant/${identifier}`));
      finished.push(identifier);
    };
    const first = fetchMenu('nanna');
    await sleep(10);
    await Promise.all([first, fetchMenu('omni'), sleep(10).then(() => fetchMenu('elma'))]);
    expect(finished).toEqual(['nanna', 'omni', 'elma']);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(89);
  });

  it('is busy with a remembered answer as long as with a new one', async () => {
    await ask(running.at('/restaurant/nanna'));
    running.simulator.setLatency(40);
    const startedAt = performance.now();
    await ask(running.at('/restaurant/nanna'));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39);
  });

  it('drops clients that leave while they wait, and one that leaves while it is served', async () => {
    running.simulator.setLatency(100);
    const impatient = AbortSignal.timeout(20);
    const startedAt = performance.now();
    const left = ['nanna', 'omni', 'elma'].map((identifier) =>
      errorCode(ask(running.at(`/restaurant/${identifier}`), { signal: impatient })),
    );
    await sleep(5);
    expect(await ask(running.at('/restaurant/jons'))).toMatchObject({ status: 200 });
    expect(await Promise.all(left)).toEqual(['ABORT_ERR', 'ABORT_ERR', 'ABORT_ERR']);
    // one latency after the others left, not three
    expect(performance.now() - startedAt).toBeLessThan(300);
  });

  it('makes every other request wait while a slow site delays one', async () => {
    running.simulator.setFault('/restaurant/nanna', { kind: 'delay', delayMs: 60 });
    const startedAt = performance.now();
    const slow = ask(running.at('/restaurant/nanna'));
    await sleep(10);
    await ask(running.at('/restaurant/omni'));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59);
    expect((await slow).status).toBe(200);
  });
});

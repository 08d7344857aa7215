import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { startSchedule } from '../../src/operations/schedule.ts';
import { nextWarmingAt } from '../../src/restaurants/calendar.ts';
import { MONDAY_11, startTestRelay } from '../support/relay.ts';
import { until } from '../support/until.ts';

describe('the times for warming', () => {
  it.each([
    ['2026-11-23T00:00:00Z', '2026-11-23T04:05:00.000Z'], // Monday 05:05
    ['2026-11-23T04:05:00Z', '2026-11-23T09:30:00.000Z'], // Monday 10:30
    ['2026-11-23T09:30:00Z', '2026-11-24T04:05:00.000Z'],
    ['2026-11-27T12:00:00Z', '2026-11-30T04:05:00.000Z'], // over the weekend
    ['2026-04-02T12:00:00Z', '2026-04-07T03:05:00.000Z'], // over Easter, in summer time
  ])('after %s is %s', (now, next) => {
    expect(new Date(nextWarmingAt(Date.parse(now))).toISOString()).toBe(next);
  });
});

describe('a schedule', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('does its work at each moment until it is stopped, however far they are', () => {
    jest.useFakeTimers({ now: 0 });
    const month = 30 * 24 * 3_600_000;
    const moments: number[] = [];
    const schedule = startSchedule(
      (now) => now + month,
      Date.now,
      () => Promise.resolve(void moments.push(Date.now())),
    );
    jest.advanceTimersByTime(3 * month);
    expect(moments).toEqual([month, 2 * month, 3 * month]);
    schedule.stop();
    jest.advanceTimersByTime(3 * month);
    expect(moments).toHaveLength(3);
  });
});

describe('warming', () => {
  it('loads list and menus before anybody asks', async () => {
    // 10:29:59.9: the relay's clock stands, the timer runs
    const test = await startTestRelay({ now: MONDAY_11 - 30 * 60_000 - 100, settings: { UPSTREAM_WARMING: '1' } });
    await until(() => test.simulator.requestCount() >= 19);
    expect(new Set(test.simulator.requests.map(({ url }) => url)).size).toBe(19);
    await test.close();
  });
});

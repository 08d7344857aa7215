import { describe, expect, it } from '@jest/globals';
import { growthOf, type Sample } from '../growth.ts';
import { parseMetrics } from '../metricsPage.ts';

const MIB = 1024 ** 2;

const samplesOf = (rssMib: (minute: number) => number): Sample[] =>
  Array.from({ length: 180 }, (_, index) => ({
    atS: index * 5,
    rssBytes: rssMib(index / 12) * MIB,
    heapUsedBytes: 50 * MIB,
    openFiles: 40,
    activeHandles: 5,
    activeResources: 5,
    eventLoopLagP99Ms: 12,
  }));

/** From -1 to 1, without chance. */
const noise = (minute: number) => Math.sin(minute * 1_234.5);

describe('growth', () => {
  it('is found where memory leaks under its noise', () => {
    const leaking = samplesOf((minute) => 150 + 3 * minute + 10 * noise(minute));
    const growth = growthOf(leaking, 'rssBytes');
    expect(growth.grows).toBe('yes');
    expect(growth.perHour / MIB).toBeCloseTo(180, -1);
    expect(growth.overall / MIB).toBeCloseTo(33.75, -1);
  });

  it('is none where memory grows only while the relay warms up', () => {
    const warming = samplesOf((minute) => 100 + 80 * Math.min(1, minute / 3) + 10 * noise(minute));
    expect(growthOf(warming, 'rssBytes').grows).toBe('no');
  });

  it('is none where something is broken for the first time, and costs memory once', () => {
    const grown = samplesOf((minute) => (minute < 6 ? 150 + 10 * minute : 210) + 5 * noise(minute));
    expect(growthOf(grown, 'rssBytes', 6 * 60).grows).toBe('no');
  });

  it('is not known after a short time', () => {
    expect(growthOf(samplesOf((minute) => 150 + 90 * minute).slice(0, 40), 'rssBytes').grows).toBe('unknown');
  });

  it('is none where something only comes and goes, or stays', () => {
    expect(
      growthOf(
        samplesOf((minute) => 150 + 40 * noise(minute)),
        'rssBytes',
      ).grows,
    ).toBe('no');
    expect(
      growthOf(
        samplesOf(() => 150),
        'openFiles',
      ),
    ).toMatchObject({ overall: 0, trend: 0, grows: 'no' });
  });
});

describe('metrics', () => {
  it('are read, those with labels as their sum', () => {
    const text = '# HELP a of something\n# TYPE a gauge\na{type="x y"} 2\na{type="z"} 3.5\nb 1e-3\nb_total NaN\n';
    expect(parseMetrics(text)).toEqual(
      new Map([
        ['a', 5.5],
        ['b', 0.001],
        ['b_total', Number.NaN],
      ]),
    );
  });
});

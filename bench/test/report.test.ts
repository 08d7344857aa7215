import { describe, expect, it } from '@jest/globals';
import { toStanding } from '../comparison.ts';
import { barChart, lineChart } from '../report/svg.ts';
import { table } from '../report/table.ts';

const round = (requestsPerSecond: number, rssBytes: number) => ({
  requests: requestsPerSecond,
  requestsPerSecond,
  p50Ms: 1,
  p99Ms: 2,
  maxMs: 3,
  failures: 0,
  cpuUsPerRequest: 10,
  rssBytes,
});

describe('a standing', () => {
  it('has the median of each figure by itself, and ratios of rounds', () => {
    const standing = toStanding(
      'relay',
      [round(10, 5), round(30, 6), round(20, 40)],
      [round(20, 1), round(40, 1), round(40, 1)],
    );
    expect(standing.median).toMatchObject({ requestsPerSecond: 20, rssBytes: 6, p99Ms: 2 });
    expect(standing.requestsPerSecond).toEqual({ median: 20, least: 10, most: 30 });
    expect(standing.ratio).toEqual({ median: 0.5, least: 0.5, most: 0.75 });
  });
});

describe('a table', () => {
  it('has columns of one width', () => {
    expect(
      table(
        ['', 'per second'],
        [
          ['relay', '10'],
          ['nginx', '2000'],
        ],
      ),
    ).toBe('|       | per second |\n| ----- | ---------: |\n| relay |         10 |\n| nginx |       2000 |\n');
  });
});

describe('plots', () => {
  const series = [
    {
      name: 'p99 <ms>',
      points: [
        { x: 0, y: 0.5 },
        { x: 1_000, y: 250 },
      ],
    },
  ];

  it.each([false, true])('draw every point inside the picture (logarithmic: %s)', (isLogarithmic) => {
    const svg = lineChart({ title: 'Latency', x: 'requests/s', y: 'ms', series, isLogarithmic });
    const [, path = ''] = /d="(M[^"]+)" fill="none"/.exec(svg) ?? [];
    const numbers = path.match(/-?[\d.]+/g)?.map(Number) ?? [];
    expect(numbers).toHaveLength(4);
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(720);
    expect(svg).not.toContain('NaN');
    expect(svg).toContain('p99 &#60;ms&#62;');
  });

  it('draw bars in proportion', () => {
    const svg = barChart({
      title: 'Throughput',
      unit: 'requests/s',
      bars: [
        { name: 'a', value: 100 },
        { name: 'b', value: 50 },
      ],
    });
    const [first = 0, second = 0] = [...svg.matchAll(/width="([\d.]+)" height="18"/g)].map(([, width]) =>
      Number(width),
    );
    expect(second / first).toBeCloseTo(0.5);
  });
});

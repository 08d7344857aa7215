/** The comparison for readers: a table for each scenario, and a plot of all scenarios with the same number of connections. */
import type { Comparison, ComparisonResult, Standing } from '../comparison.ts';
import { machineLine } from '../results.ts';
import type { Spread } from '../statistics.ts';
import { barChart } from './svg.ts';
import { table } from './table.ts';

export function comparisonPage(result: ComparisonResult): string {
  const { machine, generator, seconds, rounds, comparisons, versions, leftOut, startedAt } = result;
  const others = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const lacking = leftOut.map(({ name, reason }) => `Left out: ${name}, ${reason}.`);
  return `# Comparison

${startedAt.slice(0, 10)}. ${machineLine(machine)}. Load by ${[generator, ...others].join('; ')}. Medians of ${rounds} interleaved rounds of ${seconds} s; in brackets least and most.
${lacking.length > 0 ? `\n${lacking.join(' ')}\n` : ''}
${comparisons.map(section).join('\n')}`;
}

function section({ scenario, what, connections, bodyBytes, comparedWith, standings }: Comparison): string {
  const header = [
    '',
    'requests/s',
    `to ${comparedWith}`,
    'p50 ms',
    'p99 ms',
    'max ms',
    'CPU µs/request',
    'RSS MiB',
    'failed',
  ];
  return `## ${scenario}, ${connections} ${connections === 1 ? 'connection' : 'connections'}

${what}; body of ${bodyBytes} bytes.

${table(header, standings.map(row))}`;
}

const row = ({ name, median, requestsPerSecond, ratio, rounds }: Standing): string[] => [
  name,
  spread(requestsPerSecond, 0),
  spread(ratio, 2),
  median.p50Ms.toFixed(2),
  median.p99Ms.toFixed(2),
  median.maxMs.toFixed(1),
  median.cpuUsPerRequest.toFixed(1),
  (median.rssBytes / 1024 ** 2).toFixed(0),
  String(rounds.reduce((sum, { failures }) => sum + failures, 0)),
];

const spread = ({ median, least, most }: Spread, digits: number) =>
  `${median.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;

/** A file for each comparison. */
export function comparisonPlots({ comparisons }: ComparisonResult): Record<string, string> {
  return Object.fromEntries(
    comparisons.map(({ scenario, connections, what, standings }) => [
      `${scenario}-${connections}.svg`,
      barChart({
        title: `${what}, ${connections} connections`,
        unit: 'requests/s',
        bars: standings.map(({ name, requestsPerSecond }) => ({
          name,
          value: requestsPerSecond.median,
          isOurs: name.startsWith('relay'),
        })),
      }),
    ]),
  );
}

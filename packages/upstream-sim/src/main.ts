/**
 * The simulator as a program: flags in, a server until SIGINT or SIGTERM. The only file that touches `process`.
 * Exit codes: 0 after a signal, 1 for a flag that cannot be understood and for a port that cannot be had.
 */
import { parseArgs } from 'node:util';
import { type SimulatorOptions, startSimulator, type WireVersion } from './simulator.ts';

const USAGE = `The simulated lunch-menu API.

  --port N             the port; 0 is any free one (default 9090)
  --host ADDRESS       (default 127.0.0.1)
  --wire W4|W6|W9      the version of the API (default W9)
  --latency-ms N       how long the one worker is busy with each request (default 0)
  --rate-limit N       accepted requests per minute (default: no limit)
  --reject-with CODE   429 or 503, for what is over the limit (default 503)
  --seed N             decides the menus (default 1)
  --help
`;

const FLAGS = {
  port: { type: 'string', default: '9090' },
  host: { type: 'string', default: '127.0.0.1' },
  wire: { type: 'string', default: 'W9' },
  'latency-ms': { type: 'string', default: '0' },
  'rate-limit': { type: 'string' },
  'reject-with': { type: 'string', default: '503' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
} as const;

/** Undefined: help was asked for. Throws an Error with one line for the first flag that cannot be understood. */
function parseOptions(args: string[]): SimulatorOptions | undefined {
  const { values } = parseArgs({ args, options: FLAGS });
  if (values.help) return undefined;
  const rateLimit = values['rate-limit'];
  const rejectWith = oneOf('--reject-with', values['reject-with'], ['429', '503']) === '429' ? 429 : 503;
  return {
    port: wholeNumber('--port', values.port, 65_535),
    host: values.host,
    wire: oneOf<WireVersion>('--wire', values.wire, ['W4', 'W6', 'W9']),
    latencyMs: wholeNumber('--latency-ms', values['latency-ms'], 600_000),
    seed: wholeNumber('--seed', values.seed, Number.MAX_SAFE_INTEGER),
    ...(rateLimit !== undefined && {
      rateLimit: { requestsPerMinute: wholeNumber('--rate-limit', rateLimit, 1e9), rejectWith },
    }),
  };
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > most)
    throw new Error(`${flag} must be a whole number from 0 to ${most}, not "${text}"`);
  return value;
}

function oneOf<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const value = allowed.find((candidate) => candidate === text);
  if (value === undefined) throw new Error(`${flag} must be one of ${allowed.join(', ')}, not "${text}"`);
  return value;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (!options) {
    process.stdout.write(USAGE);
    return;
  }
  const simulator = await startSimulator(options);
  process.stdout.write(`${simulator.url}\n`);
  // a second signal during the close changes nothing: it takes no time
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void simulator.close());
}

try {
  await main();
} catch (error) {
  // node:util explains unknown flags in several sentences: the first one is enough
  const [line = ''] = String(error instanceof Error ? error.message : error).split(/\n|(?<=\.) /);
  process.stderr.write(`upstream-sim: ${line}\n`);
  process.exitCode = 1;
}

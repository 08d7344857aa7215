/**
 * The relay as it runs in production: the built program, its defaults, its log in a file that is really written, metrics
 * on. Only ports, upstream and the time of day are the suite's, and what a measurement says it changes.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRelayImage } from './image.ts';
import { AT_LUNCH_TIME } from './lunchTime.ts';
import { type ServerProcess, startChild, stopChild } from './processes.ts';

export interface RelayProcess extends ServerProcess {
  readonly adminUrl: string;
  /** Whether it is still there. */
  readonly isRunning: () => boolean;
  /** What it has logged so far, on standard output and on standard error. */
  readonly log: () => string;
}

export type Settings = Readonly<Record<string, string>>;

const BUILT = ['packages/server/dist/main.js'];
const SOURCE = ['--conditions=@lunch-relay/source', 'packages/server/src/main.ts'];

/** No request waits, and none is refused, for the sake of the upstream. */
export const GUARD_OFF: Settings = {
  UPSTREAM_CONCURRENCY: '0',
  UPSTREAM_CALLS_PER_MINUTE: '0',
  UPSTREAM_BREAKER: '0',
  CLIENT_RATE_LIMIT: '0',
};

interface RelayOptions {
  readonly upstreamUrl: string;
  readonly settings?: Settings;
  /** For tests, which run before anything is built. */
  readonly isFromSource?: boolean;
  /** For Node.js itself. */
  readonly nodeOptions?: readonly string[];
}

const START_PATIENCE_MS = 30_000;

export async function startRelayProcess({
  upstreamUrl,
  settings,
  isFromSource,
  nodeOptions = [],
}: RelayOptions): Promise<RelayProcess> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-bench-'));
  const file = path.join(folder, 'log');
  const image = readRelayImage();
  const output = openSync(file, 'a');
  const env = {
    PATH: process.env['PATH'],
    ...image.environment,
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    SHUTDOWN_GRACE_MS: '0',
    UPSTREAM_URL: upstreamUrl,
    ...settings,
  };
  const stdio = ['ignore' as const, output, output];
  const options = [...image.nodeOptions, ...AT_LUNCH_TIME, ...nodeOptions];
  const program = isFromSource ? SOURCE : BUILT;
  const child = await startChild(process.execPath, [...options, ...program], { env, stdio });
  closeSync(output);
  const log = () => readFileSync(file, 'utf8');
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    await stopChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + START_PATIENCE_MS; Date.now() < until && isRunning(); await sleep(25)) {
    const listening = listeningIn(log());
    if (listening) return { ...listening, pid: child.pid ?? 0, log, isRunning, stop };
  }
  const said = log();
  await stop();
  throw new Error(`the relay did not start:\n${said}`);
}

function listeningIn(log: string): { url: string; adminUrl: string } | undefined {
  const line = log
    .split('\n')
    .find((text) => text.startsWith('{') && text.endsWith('}') && text.includes('"adminUrl"'));
  return line === undefined ? undefined : (JSON.parse(line) as { url: string; adminUrl: string });
}

/**
 * Environment, configuration, processes, signals, exit status. The only file that touches `process`.
 * Alone, or as the primary of `WORKERS` workers, or as one of them.
 */
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { effectiveSettings, helpText } from './configText.ts';
import { ListenError } from './operations/listener.ts';
import { createLog, jsonDestination, type Log, prettyDestination } from './operations/log.ts';
import { startPrimary } from './primary.ts';
import { shareOf, startWorker } from './worker.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

async function main(): Promise<void> {
  // started on an older Node (a failed install leaves the system's), the types cannot even be stripped in all places
  if (major < 24 || (major === 24 && minor < 18))
    throw new ConfigError([`Node ${process.versions.node} is too old: 24.18 or newer is needed`]);
  const [word, ...more] = process.argv.slice(2);
  if (word === '--help') {
    process.stdout.write(helpText());
    return;
  }
  if (word !== undefined && (word !== '--check-config' || more.length > 0)) {
    throw new ConfigError([
      `${more[0] ?? word}: only --help and --check-config are known; settings are environment variables, such as PORT=9000`,
    ]);
  }
  const config = parseConfig(process.env, (path) => readFileSync(path, 'utf8'));
  if (word === '--check-config') process.stdout.write(effectiveSettings(process.env));
  else await run(config);
}

async function run(config: Config): Promise<void> {
  process.on('SIGTERM', quit); // before anything is waited for
  const { LOG_LEVEL, LOG_FORMAT } = config;
  const log =
    LOG_FORMAT === 'pretty' ? createLog(LOG_LEVEL, await prettyDestination(process.stdout.isTTY)) : jsonLog(LOG_LEVEL);
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error that nobody has caught: the process ends');
    process.exit(1);
  });
  const workers = config.WORKERS === 'auto' ? os.availableParallelism() : config.WORKERS;
  if (cluster.isWorker) await runWorker(config, workers, log);
  else if (workers > 1) serve(await startPrimary({ config, workers, log, cluster }), config, log);
  else {
    const { startRelay } = await loadRelay();
    const relay = await startRelay(config, { log });
    serve(relay, config, log);
    void relay.checkUpstream();
  }
}

/** What serves clients, which the primary of several workers does not have in memory: it has an admin listener alone. */
const loadRelay = () => import('./relay-server.ts');

/** Loses nothing that was logged before the process ends, unless it is killed. */
function jsonLog(level: string): Log {
  const destination = jsonDestination();
  process.on('exit', () => destination.flushSync());
  return createLog(level, destination);
}

async function runWorker(config: Config, workers: number, log: Log): Promise<void> {
  const own = log.child({ worker: cluster.worker?.id, pid: process.pid });
  process.on('SIGINT', () => {}); // Ctrl-C goes to all processes of a terminal: the primary says what to do
  const { startRelay } = await loadRelay();
  const relay = await startRelay(shareOf(config, workers), { log: own, hasAdmin: false });
  let isStopping = false;
  const stop = (graceMs: number) => {
    if (isStopping) return;
    isStopping = true;
    void relay.close({ graceMs }).then(() => process.exit(0));
  };
  startWorker({ relay, channel: process, stop });
  process.off('SIGTERM', quit).on('SIGTERM', () => stop(config.SHUTDOWN_GRACE_MS));
}

interface Serving {
  readonly url: string;
  readonly adminUrl: string;
  readonly close: (options: { readonly graceMs: number }) => Promise<void>;
  /** Of what does not end by itself when the process exits. */
  readonly kill?: () => void;
}

/** Stops on signals, and says that it can be asked. */
function serve({ url, adminUrl, close, kill }: Serving, config: Config, log: Log): void {
  let isStopping = false;
  const stop = (graceMs: number) => {
    if (isStopping) {
      kill?.();
      process.exit(1); // asked again: at once
    }
    isStopping = true;
    log.info({ graceMs }, 'Lunch Relay stops');
    void close({ graceMs }).then(() => process.exit(0));
  };
  process.off('SIGTERM', quit).on('SIGTERM', () => stop(config.SHUTDOWN_GRACE_MS));
  // a person waits, and no balancer
  process.on('SIGINT', () => stop(0));
  log.info({ url, adminUrl, upstream: config.UPSTREAM_URL }, `Lunch Relay listens on ${url}`);
}

/**
 * Told to stop before it serves anybody: there is nothing to finish. As the first process of a container it would not hear
 * the signal at all otherwise.
 */
function quit(): void {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
  process.exit(0);
}

main().catch((error: unknown) => {
  // what the user can mend is told in plain words, anything else with its stack
  const isExpected = error instanceof ConfigError || error instanceof ListenError;
  const text = isExpected ? error.message : ((error as Error).stack ?? String(error));
  // of workers the primary tells, once
  if (cluster.isWorker) process.send?.({ kind: 'failed', text }, () => process.exit(1));
  else {
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
});

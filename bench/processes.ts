/**
 * Servers in processes of their own, and how they end: with `stop`, or at the latest with this process. Hides ports, and
 * how a server says that it listens.
 */
import { type ChildProcess, fork, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  readonly pid: number;
  /** `http://127.0.0.1:1234`, without a slash at its end. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const running = new Set<ChildProcess>();

// whatever ends this process, nothing of it is left serving
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

/** Starts a program that ends with this process. Rejects if it cannot be started at all. */
export async function startChild(
  command: string,
  words: readonly string[],
  options: SpawnOptions,
): Promise<ChildProcess> {
  const child = spawn(command, words, options);
  await once(child, 'spawn');
  keep(child);
  return child;
}

function keep(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

const STOP_PATIENCE_MS = 5_000;

/** SIGTERM, and SIGKILL for what does not listen. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const cut = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  await exited;
  clearTimeout(cut);
}

/** A file of `servers/`, which tells its port over the channel and takes `task` as JSON. */
export async function forkServer(
  name: string,
  task: object,
  nodeOptions: readonly string[] = [],
): Promise<ServerProcess & { readonly child: ChildProcess }> {
  const child = forkModule(`servers/${name}.ts`, task, nodeOptions);
  const [message] = (await Promise.race([once(child, 'message'), endOf(child, name)])) as [{ port: number }];
  return {
    child,
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${message.port}`,
    stop: () => stopChild(child),
  };
}

/** A module of this folder as a process with a channel, run from its source. */
export function forkModule(file: string, task: object, nodeOptions: readonly string[] = []): ChildProcess {
  const child = fork(path.join(import.meta.dirname, file), [JSON.stringify(task)], {
    execArgv: ['--conditions=@lunch-relay/source', ...nodeOptions],
    serialization: 'advanced',
  });
  keep(child);
  return child;
}

async function endOf(child: ChildProcess, name: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`${name} ended with ${code} before it listened`);
}

/** Nothing else of the suite takes it; another program might, and then the server says so and ends. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const UP_PATIENCE_MS = 15_000;

/** Resolves once anything is answered under the URL; rejects when the process ends, or after 15 s. */
export async function answers(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + UP_PATIENCE_MS;
  while (Date.now() < until && child.exitCode === null) {
    const isUp = await fetch(url).then(
      async (response) => (await response.arrayBuffer()) !== undefined,
      () => false,
    );
    if (isUp) return;
    await sleep(50);
  }
  throw new Error(`nothing answers under ${url}`);
}

/** Where a program is, on the PATH or in the folders for what only root starts; undefined if it is not installed. */
export function programOf(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

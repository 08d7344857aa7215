/**
 * A real Redis for a test, on a free port, that can be killed, hung and brought back.
 * Taken from `$REDIS_SERVER`, from the PATH, or out of Debian packages that are only unpacked: no root and no Docker needed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

export interface TestRedis {
  readonly url: string;
  /** SIGSTOP: connections stay open and nothing answers. */
  hang(): void;
  /** SIGCONT. */
  wake(): void;
  kill(): Promise<void>;
  /** After `kill`, on the same port, empty. */
  restart(): Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const server = findServer();
  const port = await freePort();
  let child = await launch(server, port);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    hang: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    kill,
    async restart() {
      child = await launch(server, port);
    },
    stop: kill,
  };
}

async function launch(server: string, port: number): Promise<ChildProcess> {
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--daemonize',
    'no',
  ];
  const libraries = path.join(
    path.dirname(server),
    '../lib',
    process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu',
  );
  const environment = { ...process.env, LD_LIBRARY_PATH: [libraries, process.env['LD_LIBRARY_PATH'] ?? ''].join(':') };
  // by the name that makes the one binary of Debian's package a server
  const child = spawn(server, options, { argv0: 'redis-server', env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended at once:\n${said}`)));
  });
  await ready;
  return child;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const PACKAGES = ['redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
const CACHE = path.resolve('node_modules/.cache/redis');

function findServer(): string {
  const given = process.env['REDIS_SERVER'];
  if (given && !existsSync(given)) throw new Error(`REDIS_SERVER names ${given}, which does not exist.`);
  if (given) return given;
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    if (existsSync(path.join(folder, 'redis-server'))) return path.join(folder, 'redis-server');
  }
  const unpacked = path.join(CACHE, 'usr/bin/redis-check-rdb');
  if (!existsSync(unpacked)) unpack();
  return unpacked;
}

function unpack(): void {
  mkdirSync(path.dirname(CACHE), { recursive: true });
  const folder = mkdtempSync(`${CACHE}-`);
  try {
    download(folder);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
      execFileSync('dpkg', ['-x', file, '.'], { cwd: folder, stdio: 'pipe' });
    }
    try {
      renameSync(folder, CACHE);
    } catch (error) {
      // another test file may have been quicker
      if (!existsSync(CACHE)) throw error;
    }
  } catch (cause) {
    throw new Error(
      'These tests need a Redis server: install one (apt-get install redis-server), or name one in REDIS_SERVER.',
      { cause },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function download(folder: string): void {
  const apt = (words: string[]) => execFileSync('apt-get', words, { cwd: folder, stdio: 'pipe' });
  try {
    apt(['download', ...PACKAGES]);
  } catch {
    // no package lists on this machine yet: lists of our own need no root
    mkdirSync(path.join(folder, 'lists/partial'), { recursive: true });
    const own = ['-o', `Dir::State::Lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`];
    apt([...own, 'update']);
    apt([...own, 'download', ...PACKAGES]);
  }
}

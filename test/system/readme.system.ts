/**
 * The commands of README.md as a newcomer runs them: literally, in a fresh clone, with an empty home, and nothing of this
 * repository on the PATH. Only the ports are free ones, so that nothing else on the machine is in the way.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COMMANDS, type Run } from '../support/readmeCommands.ts';

const RUN = Object.entries(COMMANDS).filter((entry): entry is [string, Run] => typeof entry[1] !== 'string');

let folder: string;
let clone: string;
let service: string;
let environment: Record<string, string>;
/** The ports that the README names, and those that are taken in their place. */
const ports = new Map<string, string>();
const serving: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-readme-'));
  clone = path.join(folder, 'lunch-relay');
  service = path.join(folder, 'service');
  const home = path.join(folder, 'home');
  for (const place of [home, service]) mkdirSync(place);
  execFileSync('git', ['clone', '-q', '.', clone], { stdio: 'pipe' });
  for (const port of ['8080', '8081', '9090']) ports.set(port, await freePort());
  environment = {
    ...surroundings(),
    HOME: home,
    PATH: [path.join(home, 'npm/bin'), ...pathWithoutRepository()].join(path.delimiter),
    // what a user without root has to have set anyway
    npm_config_prefix: path.join(home, 'npm'),
    PORT: withFreePorts('8080'),
    ADMIN_PORT: withFreePorts('8081'),
    UPSTREAM_URL: withFreePorts('http://127.0.0.1:9090/api'),
    LUNCH_RELAY_URL: withFreePorts('http://localhost:8080'),
  };
}, 30_000);
afterAll(async () => {
  for (const child of serving) await interrupt(child);
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('README.md', () => {
  it.each(RUN)(
    '%s',
    async (command, { prints = /^/, exitCodes = [0], ready, changesNothing, in: where }) => {
      const { child, said } = start(command, where === undefined ? clone : service);
      if (ready !== undefined) {
        await written(child, said, pattern(ready));
        // the demo would be in the way of what is started next
        if (command.includes('demo')) await interrupt(child);
        else serving.push(child);
        return;
      }
      const [exitCode] = (await once(child, 'close')) as [number | null];
      expect({ command, ...said, isExpected: exitCodes.includes(exitCode ?? -1) }).toEqual({
        command,
        stdout: expect.stringMatching(pattern(prints)) as unknown,
        stderr: expect.anything() as unknown,
        isExpected: true,
      });
      if (changesNothing) expect(execFileSync('git', ['status', '--porcelain'], { cwd: clone }).toString()).toBe('');
    },
    240_000,
  );

  it('the program "From code", in the service that has installed the SDK', async () => {
    const [, program = ''] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(path.join(clone, 'README.md'), 'utf8')) ?? [];
    writeFileSync(path.join(service, 'service.mjs'), withFreePorts(program));
    const { child, said } = start('node service.mjs', service);
    await once(child, 'close');
    expect(said).toEqual({ stdout: expect.stringMatching(/^(?:served|closed|unknown) \[/) as unknown, stderr: '' });
  }, 30_000);
});

interface Said {
  stdout: string;
  stderr: string;
}

function start(command: string, cwd: string): { child: ChildProcess; said: Said } {
  const line = withFreePorts(command).replace('/path/to', path.join(clone, 'release'));
  // in a group of its own, as a shell has it: Ctrl-C goes to all of it
  const env = command.startsWith('lunch ') ? withNewNode(environment) : environment;
  const child = spawn('sh', ['-c', line], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (piece) => {
      said[stream] += String(piece);
    });
  }
  return { child, said };
}

/** Rejects when the program has ended without writing it. */
async function written(child: ChildProcess, said: Said, text: RegExp): Promise<void> {
  let hasEnded = false;
  child.once('close', () => {
    hasEnded = true;
  });
  while (!text.test(said.stdout)) {
    if (hasEnded) throw new Error(`It has ended with ${child.exitCode}:\n${said.stdout}${said.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Ctrl-C; its output is closed when the last of its processes has ended. */
async function interrupt(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await ended;
}

function withFreePorts(text: string): string {
  return text.replace(/\b(?:8080|8081|9090)\b/g, (port) => ports.get(port) ?? port);
}

const pattern = ({ source, flags }: RegExp) => new RegExp(withFreePorts(source), flags);

async function freePort(): Promise<string> {
  const server = net.createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return String(port);
}

/** Without what pnpm has put there to run this test. */
function pathWithoutRepository(): string[] {
  return (process.env['PATH'] ?? '').split(path.delimiter).filter((entry) => !entry.includes('node_modules'));
}

/** The README asks for a newer Node.js to have `lunch` on the PATH than for all the rest. */
function withNewNode({ PATH, ...others }: Record<string, string>): Record<string, string> {
  return { ...others, PATH: [path.dirname(process.execPath), PATH].join(path.delimiter) };
}

/** How this machine reaches the registry, and that it is CI. */
function surroundings(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && /^(?:CI|LANG|LC_.*|TERM|.*_CERTS?|.*_proxy|npm_config_registry)$/i.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}

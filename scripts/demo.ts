/**
 * `pnpm demo`: the simulated upstream, the relay in front of it, and `lunch` asking for a few restaurants.
 * Keeps serving until Ctrl-C; `--once` stops after printing; `--port N` instead of a free one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type DemoRelay, withDemoRelay } from './demoRelay.ts';
import { UNPROXIED } from './surroundings.ts';

let isStopping = false;

const SHOWN = [['list'], ['nanna', 'jons', 'elma'], ['jorpes']];

async function main(): Promise<void> {
  // `demo --once | head`: whoever reads has enough
  process.stdout.on('error', () => process.exit(0));
  const stopping = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => {
    isStopping = true;
  });
  const { once: isOnce, port } = parseArgs({
    options: { once: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } },
  }).values;
  // simulated menus must not become what lunch has kept of today, nor those of what is tried next
  const home = mkdtempSync(path.join(os.tmpdir(), 'lunch-demo-'));
  process.on('exit', () => rmSync(home, { recursive: true, force: true }));
  await withDemoRelay({ PORT: port }, async (demo) => {
    if (demo.said !== undefined) console.log(demo.said);
    const showing = show(demo, home).then(() => {
      if (!isOnce && !isStopping) console.log(whatToTry(demo.relay.url, home));
    });
    await Promise.race([isOnce ? showing : showing.then(() => stopping), stopping]);
  });
}

async function show({ relay, simulator }: DemoRelay, home: string): Promise<void> {
  for (const words of SHOWN) {
    if (isStopping) return;
    console.log(`\n$ ${['lunch', ...words].join(' ')}`);
    await lunch([...words, '--relay', relay.url], home);
  }
  if (isStopping) return;
  console.log(`
The relay listens on ${relay.url} and asks a simulated lunch-menu API at ${simulator.url}.
It has asked it ${simulator.requestCount()} times for all of the above.`);
}

/** The real program, in a process of its own. */
async function lunch(words: readonly string[], home: string): Promise<void> {
  const source = ['--conditions=@lunch-relay/source', 'packages/cli/src/main.ts'];
  const env = { ...process.env, ...UNPROXIED, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  const child = spawn(process.execPath, [...source, ...words], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0 && !isStopping) process.exitCode = 1;
}

const whatToTry = (url: string, home: string) => `
Try next:
  XDG_CACHE_HOME=${home} npx -y pnpm@12 lunch svarta --relay ${url}
  curl ${url}/restaurant/nanna
  curl ${url}/relay_anything/restaurant/nanna
  ${url}/docs in a browser

Ctrl-C stops both.`;

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

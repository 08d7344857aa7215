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
import { parseConfig, type RelayServer, startRelay } from '@lunch-relay/server';
import { type Simulator, startSimulator } from '@lunch-relay/upstream-sim';
import { demoClock } from './demoClock.ts';

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
  const config = { PORT: port, ADMIN_PORT: '0', LOG_LEVEL: 'warn' };
  parseConfig(config); // before anything is started
  const { offsetMs, said } = demoClock(Date.now());
  if (said !== undefined) console.log(said);
  const clock = () => Date.now() + offsetMs;
  const simulator = await startSimulator({ clock, latencyMs: 50 });
  try {
    const relay = await startRelay(parseConfig({ ...config, UPSTREAM_URL: simulator.url }), { clock });
    try {
      const showing = show(relay, simulator).then(() => {
        if (!isOnce && !isStopping) console.log(whatToTry(relay.url));
      });
      await Promise.race([isOnce ? showing : showing.then(() => stopping), stopping]);
    } finally {
      await relay.close();
    }
  } finally {
    await simulator.close();
  }
}

async function show(relay: RelayServer, simulator: Simulator): Promise<void> {
  // simulated menus must not become what lunch has kept of today
  const home = mkdtempSync(path.join(os.tmpdir(), 'lunch-demo-'));
  try {
    for (const words of SHOWN) {
      if (isStopping) return;
      console.log(`\n$ ${['lunch', ...words].join(' ')}`);
      await lunch([...words, '--relay', relay.url], home);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  if (isStopping) return;
  console.log(`
The relay listens on ${relay.url} and asks a simulated lunch-menu API at ${simulator.url}.
It has asked it ${simulator.requestCount()} times for all of the above.`);
}

/** The real program, in a process of its own. */
async function lunch(words: readonly string[], home: string): Promise<void> {
  const source = ['--conditions=@lunch-relay/source', 'packages/cli/src/main.ts'];
  const env = { ...process.env, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  const child = spawn(process.execPath, [...source, ...words], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (exitCode !== 0 && !isStopping) process.exitCode = 1;
}

const whatToTry = (url: string) => `
Try next:
  npx -y pnpm@12 lunch svarta --relay ${url}
  curl ${url}/restaurant/nanna
  curl ${url}/relay_anything/restaurant/nanna
  ${url}/docs in a browser

Ctrl-C stops both.`;

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

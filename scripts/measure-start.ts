/** `pnpm measure:start`: how much longer than `node -e 0` the bundled `lunch` takes, against a relay on this machine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createUser } from '../packages/cli/test/support/lunch.ts';
import { startTestRelay } from '../packages/server/test/support/relay.ts';

const RUNS = 25;
const PROGRAM = 'packages/cli/bundle/lunch.cjs';
const MEASURED = [
  ['-e', '0'],
  [PROGRAM, '--version'],
  [PROGRAM, '--help'],
  [PROGRAM, 'nanna'],
  [PROGRAM, 'find', 'lax'],
  [PROGRAM, '__complete', 'nan'],
];

const test = await startTestRelay({ now: Date.now() });
const user = createUser(() => test.relay.url);
const { XDG_CONFIG_HOME, XDG_CACHE_HOME } = user;
const env = { ...process.env, LUNCH_RELAY_URL: test.relay.url, XDG_CONFIG_HOME, XDG_CACHE_HOME };

async function run(words: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, words, { env, stdio: 'ignore' }), 'close');
  return performance.now() - startedAt;
}

const times = MEASURED.map((): number[] => []);
// in turns, so that whatever else the machine does is shared out
for (let count = 0; count < RUNS; count++) {
  for (const [index, words] of MEASURED.entries()) times[index]?.push(await run(words));
}
const medians = times.map((all) => all.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0);
const [base = 0] = medians;
for (const [index, words] of MEASURED.entries()) {
  const median = medians[index] ?? 0;
  const what = words[0] === PROGRAM ? `lunch ${words.slice(1).join(' ')}` : `node ${words.join(' ')}`;
  console.log(
    `${what.padEnd(22)} ${median.toFixed(0).padStart(4)} ms  +${(median - base).toFixed(0)} ms  ×${(median / base).toFixed(2)}`,
  );
}
user.leave();
await test.close();

/**
 * The tarballs as a user meets them: installed together in a clean project, and asked for lunch, through a relay in front
 * of the simulated lunch-menu API. Rejects with what was not as it should be.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { withDemoRelay } from './demoRelay.ts';
import { PLAIN, UNPROXIED } from './surroundings.ts';

/** Not the synchronous one: relay and simulator run in this very process. */
const runFile = promisify(execFile);

const SERVICE = `
import { createLunchClient, isLunchError } from '@lunch-relay/sdk';
const lunch = createLunchClient({ baseUrl: process.argv[2] });
const { today } = await lunch.getRestaurant('nanna');
const kind = await lunch.getRestaurant('nana').catch((error) => isLunchError(error, 'not_found') && error.kind);
console.log(today.identifier, today.status, kind);
`;

interface Tarballs {
  readonly files: readonly string[];
  /** That `lunch --version` has to tell. */
  readonly cliVersion: string;
}

/** In this environment, but for what would get in the way. `tell` gets a line for each thing that was seen to work. */
export async function rehearse(
  { files, cliVersion }: Tarballs,
  environment: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-release-'));
  // the user's settings and what lunch has kept of today are not to be read, nor written
  const env = { ...environment, ...PLAIN, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder };
  const run = async (program: string, ...words: string[]) =>
    (await runFile(program, words, { cwd: folder, env: { ...env, ...UNPROXIED } })).stdout;
  try {
    writeFileSync(path.join(folder, 'package.json'), '{"name":"service","private":true,"type":"module"}');
    writeFileSync(path.join(folder, 'service.js'), SERVICE);
    // a proxy may be the only way to the registry
    await runFile('npm', ['install', '--no-audit', '--no-fund', ...files], { cwd: folder, env });
    tell('installed in a clean project');
    const lunch = path.join(folder, 'node_modules/.bin/lunch');
    const version = await run(lunch, '--version');
    if (version !== `${cliVersion}\n`) throw new Error(`lunch --version says ${version.trim()}, not ${cliVersion}.`);
    tell(`lunch --version: ${cliVersion}`);
    await withDemoRelay({ HOST: '127.0.0.1' }, async ({ relay: { url } }) => {
      const card = await run(lunch, 'nanna', '--relay', url);
      expectText('lunch nanna', card, /^Restaurang Nanna Svartz · Solna\nServes \d+ dishes/);
      tell(`lunch nanna --relay ${url}: ${card.split('\n')[1]}`);
      const said = await run(process.execPath, 'service.js', url);
      expectText('a program with the SDK', said, /^nanna served not_found\n$/);
      tell('a program with the SDK: the same menu, and a typed error');
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectText(what: string, text: string, wanted: RegExp): void {
  if (!wanted.test(text)) throw new Error(`${what} says ${JSON.stringify(text)}, which is not ${wanted}.`);
}

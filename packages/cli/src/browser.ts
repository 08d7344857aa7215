/** Opens a URL in the user's browser, and does not wait for it. */
import { existsSync } from 'node:fs';
import { CommandError, ExitCode } from './exitCodes.ts';
import type { Io } from './io.ts';

/** How long a program that fails may take to do so. */
const FAILS_WITHIN_MS = 1_500;

/** Throws CommandError (1) where there is no such program, or it fails at once. `url` must be http: or https:. */
export async function openInBrowser(url: string, io: Io): Promise<void> {
  let failure = '';
  for (const [program = '', ...words] of browsersOf(io)) {
    const withUrl = words.map((word) => word.replaceAll('%s', () => url));
    const isSaid = words.some((word) => word.includes('%s'));
    const reason = await start(program, isSaid ? withUrl : [...words, url], io);
    if (reason === undefined) return;
    failure = `the browser (${program}) could not be started: ${reason}. BROWSER names another.`;
  }
  throw new CommandError(failure, ExitCode.fault);
}

/** Gives why it has failed, if it has. */
async function start(program: string, words: readonly string[], io: Io): Promise<string | undefined> {
  // takes 5 ms to load, and all commands are one file
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    // without a shell: nothing in the URL is a command
    const child = spawn(program, words, { detached: true, stdio: 'ignore', env: { ...io.environment } });
    const settle = (reason?: string) => {
      clearTimeout(timer);
      resolve(reason);
    };
    const timer = setTimeout(settle, FAILS_WITHIN_MS);
    child.on('error', (error) => settle(error.message));
    child.on('exit', (code, signal) => settle(code === 0 ? undefined : `it ended with ${code ?? signal}`));
    child.unref();
  });
}

/**
 * Programs with their first arguments, to be tried in turn: LUNCH_BROWSER, which is one; those of BROWSER, a list as other
 * programs read it; or what the system has.
 */
function browsersOf({ environment, platform }: Io): string[][] {
  const { LUNCH_BROWSER: own = '', BROWSER: list = '' } = environment;
  // a path may hold what else would end it
  const partsOf = (text: string, separator: string) =>
    (existsSync(text) ? [text] : text.split(separator)).filter((part) => part !== '');
  const commands = own ? [own] : partsOf(list, platform === 'win32' ? ';' : ':');
  const named = commands.map((command) => partsOf(command, ' ')).filter((words) => words.length > 0);
  if (named.length > 0) return named;
  if (platform === 'darwin') return [['open']];
  if (platform === 'win32') return [['rundll32', 'url.dll,FileProtocolHandler']];
  return [[environment['WSL_DISTRO_NAME'] ? 'wslview' : 'xdg-open']];
}

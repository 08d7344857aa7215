/** Opens a URL in the user's browser, and does not wait for it. */
import { CommandError, ExitCode } from './exitCodes.ts';
import type { Io } from './io.ts';

/** How long a program that fails may take to do so. */
const FAILS_WITHIN_MS = 1_500;

/** Throws CommandError (1) where there is no such program, or it fails at once. `url` must be http: or https:. */
export async function openInBrowser(url: string, io: Io): Promise<void> {
  // takes 5 ms to load, and all commands are one file
  const { spawn } = await import('node:child_process');
  const [program = '', ...words] = browserOf(io);
  const failure = await new Promise<string | undefined>((resolve) => {
    // without a shell: nothing in the URL is a command
    const child = spawn(program, [...words, url], { detached: true, stdio: 'ignore', env: { ...io.environment } });
    const settle = (reason?: string) => {
      clearTimeout(timer);
      resolve(reason);
    };
    const timer = setTimeout(settle, FAILS_WITHIN_MS);
    child.on('error', (error) => settle(error.message));
    child.on('exit', (code, signal) => settle(code === 0 ? undefined : `it ended with ${code ?? signal}`));
    child.unref();
  });
  if (failure === undefined) return;
  throw new CommandError(
    `the browser (${program}) could not be started: ${failure}. BROWSER names another.`,
    ExitCode.fault,
  );
}

/** A program and its first arguments: LUNCH_BROWSER, BROWSER, or what the system has for it. */
function browserOf({ environment, platform }: Io): string[] {
  const named = (environment['LUNCH_BROWSER'] || environment['BROWSER'] || '').split(' ').filter(Boolean);
  if (named.length > 0) return named;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return [environment['WSL_DISTRO_NAME'] ? 'wslview' : 'xdg-open'];
}

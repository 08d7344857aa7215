/** `lunch` as a function: (arguments, environment, terminal or pipe) to (standard output, standard error, exit status). */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { MONDAY_11 } from '../../../server/test/support/relay.ts';
import { run } from '../../src/program.ts';

class Screen extends Writable {
  text = '';
  readonly isTTY: boolean;
  readonly columns: number;
  constructor(isTTY: boolean, columns: number) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

interface Circumstances {
  readonly environment?: Readonly<Record<string, string>>;
  readonly isTTY?: boolean;
  /** Of standard error alone, as with `2>file`. Default: what `isTTY` is. */
  readonly isErrorTTY?: boolean;
  readonly columns?: number;
  readonly now?: number;
  readonly random?: number;
}

/** A home of its own, and a relay to ask unless the environment names another; undefined: none is configured. */
export function createUser(relayUrl: () => string | undefined) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'lunch-cli-'));
  const folders = { XDG_CONFIG_HOME: path.join(home, 'config'), XDG_CACHE_HOME: path.join(home, 'cache') };

  async function lunch(words: string | readonly string[], circumstances: Circumstances = {}) {
    const { environment = {}, isTTY = false, columns = 80, now = MONDAY_11, random = 0 } = circumstances;
    const { isErrorTTY = isTTY } = circumstances;
    const [stdout, stderr] = [new Screen(isTTY, columns), new Screen(isErrorTTY, columns)];
    const url = relayUrl();
    const exitCode = await run(typeof words === 'string' ? words.split(' ').filter(Boolean) : words, {
      stdin: new PassThrough(),
      stdout,
      stderr,
      environment: { ...folders, ...(url !== undefined && { LUNCH_RELAY_URL: url }), ...environment },
      platform: 'linux',
      homeDirectory: home,
      clock: () => now,
      random: () => random,
      whenInterrupted: () => () => {},
    });
    return { stdout: stdout.text, stderr: stderr.text, exitCode };
  }
  return { ...folders, home, lunch, leave: () => rmSync(home, { recursive: true, force: true }) };
}

/** Every command as (arguments, environment, terminal or pipe) to (standard output, standard error, exit status). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isOldNode, OLDEST_NODE, VERSION } from '../src/version.ts';
import { useLunch } from './support/running.ts';

const { lunch, onDay } = useLunch();

describe('lunch list, lunch random, lunch', () => {
  it('lists all restaurants, or those of a region', async () => {
    const { stdout, stderr, exitCode } = await lunch('list');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(18);
    expect(lines).toContain('nanna       Restaurang Nanna Svartz  Solna');
    expect(lines).toContain('jorpes      Café Erik Jorpes         Solna    (no online menu)');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect((await lunch('list --region ki')).stdout.split('\n').filter(Boolean)).toHaveLength(12);
    expect((await lunch('')).stdout).toBe(stdout);
    expect((await lunch('list --region mars')).exitCode).toBe(2);
    expect((await lunch('random --region mars')).exitCode).toBe(2);
    expect(await lunch('random mars')).toEqual({
      stdout: '',
      stderr: 'lunch: there is no region "mars", only Uppsala and Solna\n',
      exitCode: 3,
    });
  });

  it('picks one that serves dishes, by chance', async () => {
    const first = await lunch('random', { random: 0 });
    const last = await lunch('random', { random: 0.999 });
    expect(first.stdout).toMatch(/\nServes \d/);
    expect(last.stdout).not.toBe(first.stdout);
    expect((await lunch('random bmc', { random: 0.5 })).stdout).toMatch(/ · Uppsala\n/);
  });

  it('says that none serves on a Saturday', () =>
    onDay(5, async (now) => {
      expect(await lunch('random', { now })).toEqual({
        stdout: '',
        stderr: 'lunch: no restaurant is known to serve dishes today\n',
        exitCode: 4,
      });
    }));
});

describe('mistakes of usage', () => {
  it.each([
    ...['nowhere', 'http://relay.example?', 'http://relay.example/#', 'http://relay.example?q'].map((url) => [
      `nanna --relay ${url}`,
      `lunch: relay must be an http: or https: URL without "?" and "#", not "${url}" (--relay)\n`,
    ]),
    ['nanna --timeout soon', 'lunch: timeout must be seconds, from 0.001 to 3600, not "soon" (--timeout)\n'],
    ['--nope', "lunch: unknown option '--nope'\n(lunch --help shows what can be written)\n"],
    ['nanna --relay', "lunch: option '--relay <url>' argument missing\n(lunch --help shows what can be written)\n"],
    ['random ki --region uppsala', 'lunch: random takes one region: as a word, or with --region\n'],
    ['completion tcsh', 'lunch: no completion for "tcsh", only for bash, zsh and fish\n'],
    ['help exit-code', 'lunch: there is no help on "exit-code". Did you mean exit-codes?\n'],
  ])('%s', async (words, stderr) => {
    expect(await lunch(words)).toEqual({ stdout: '', stderr, exitCode: 2 });
  });

  it('takes --json or --plain, not both', async () => {
    expect((await lunch('nanna --json --plain')).exitCode).toBe(2);
  });

  it('takes --relay anywhere', async () => {
    for (const words of ['find xyzzy --relay http://127.0.0.1:1', '--relay http://127.0.0.1:1 find xyzzy'])
      expect((await lunch(words, { environment: { XDG_CACHE_HOME: '/nowhere' } })).exitCode).toBe(5);
  });
});

describe('help', () => {
  it.each([
    '--help',
    'find --help',
    'open --help',
    'fav --help',
    'config --help',
    'help exit-codes',
    'help environment',
    'help output',
  ])('lunch %s', async (words) => {
    const { stdout, stderr, exitCode } = await lunch(words);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatchSnapshot();
  });

  it('is the same as lunch help <command>', async () => {
    expect((await lunch('help find')).stdout).toBe((await lunch('find --help')).stdout);
  });

  it('knows its version, and the oldest Node.js that it runs on', async () => {
    const { version, engines } = JSON.parse(readFileSync('packages/cli/package.json', 'utf8')) as {
      version: string;
      engines: { node: string };
    };
    expect(VERSION).toBe(version);
    expect(`>=${OLDEST_NODE}`).toBe(engines.node);
    expect(['20.20.2', '21.7.3', '22.18.9'].map(isOldNode)).toEqual([true, true, true]);
    expect(['22.19.0', '22.100.0', '24.0.0'].map(isOldNode)).toEqual([false, false, false]);
    expect(await lunch('--version')).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
  });
});

/** Every use of `lunch` as (words, environment, terminal or pipe) to (standard output, standard error, exit status). */
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MONDAY_11, startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { run } from '../src/program.ts';

let test: TestRelay;
beforeAll(async () => {
  test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '300' } });
});
afterAll(() => test.close());

class Screen extends Writable {
  text = '';
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

async function lunch(
  words: string,
  { environment = {}, isTTY = false }: { environment?: Record<string, string>; isTTY?: boolean } = {},
) {
  const [stdout, stderr] = [new Screen(isTTY), new Screen(isTTY)];
  const io = {
    stdout,
    stderr,
    environment: { LUNCH_RELAY_URL: test.relay.url, ...environment },
    clock: () => MONDAY_11,
  };
  const exitCode = await run(words.split(' ').filter(Boolean), io);
  return { stdout: stdout.text, stderr: stderr.text, exitCode };
}

const ESCAPE = '\u001b';

describe('lunch <restaurant>', () => {
  it('shows dishes, place and links', async () => {
    const { stdout, stderr, exitCode } = await lunch('nanna');
    const [heading = '', ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toBe('Restaurang Nanna Svartz · Solna · Monday 23 November');
    expect(lines.filter((line) => line.startsWith('  • ')).length).toBeGreaterThan(0);
    expect(lines.slice(-2)).toEqual([
      '  Map     https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278#map=19/59.34867/18.0278',
      '  Website https://ki.hors.se/17/3/restaurang-nanna-svartz/',
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('shows several, each once', async () => {
    const { stdout, exitCode } = await lunch('nanna jons nanna');
    expect(stdout.match(/Restaurang Nanna Svartz ·/g)).toHaveLength(1);
    expect(stdout.match(/Jöns Jacob ·/g)).toHaveLength(1);
    expect(exitCode).toBe(0);
  });

  it('says where a menu can be read that is not online', async () => {
    const { stdout, exitCode } = await lunch('jorpes');
    expect(stdout).toContain('  No online menu — see https://ki.hors.se/17/4/cafe-erik-jorpes/\n');
    expect(exitCode).toBe(0);
  });

  it('suggests what may have been meant', async () => {
    expect(await lunch('nana')).toEqual({
      stdout: '',
      stderr: 'lunch: there is no restaurant "nana". Did you mean nanna?\n',
      exitCode: 3,
    });
    expect(await lunch('xyzzy')).toEqual({
      stdout: '',
      stderr: 'lunch: there is no restaurant "xyzzy". "lunch" lists all.\n',
      exitCode: 3,
    });
  });

  it('shows the others when one is unknown', async () => {
    const { stdout, stderr, exitCode } = await lunch('nana jons');
    expect(stdout).toContain('Jöns Jacob · Solna');
    expect(stderr).toBe('lunch: there is no restaurant "nana". Did you mean nanna?\n');
    expect(exitCode).toBe(0);
  });

  it('tells of a fault of the upstream in a line', async () => {
    test.setNow(MONDAY_11 + 24 * 3_600_000);
    test.simulator.setFault('/restaurant/omni', { kind: 'hang' });
    expect(await lunch('omni')).toEqual({
      stdout: '',
      stderr: 'lunch: omni: The lunch-menu API did not answer in time. Try again in a while.\n',
      exitCode: 5,
    });
    test.simulator.clearFaults();
    test.setNow(MONDAY_11);
  });

  it('has colours on a terminal only, and none with NO_COLOR', async () => {
    expect((await lunch('nanna', { isTTY: true })).stdout).toContain(ESCAPE);
    expect((await lunch('nanna')).stdout).not.toContain(ESCAPE);
    expect((await lunch('nanna', { isTTY: true, environment: { NO_COLOR: '1' } })).stdout).not.toContain(ESCAPE);
    expect((await lunch('nanna', { isTTY: true, environment: { TERM: 'dumb' } })).stdout).not.toContain(ESCAPE);
    expect((await lunch('nanna', { environment: { FORCE_COLOR: '1' } })).stdout).toContain(ESCAPE);
  });
});

describe('lunch find <words>', () => {
  it('shows who serves the dish and where', async () => {
    const { stdout: card } = await lunch('nanna');
    const dish = /^ {2}• (?:[^:\n]+: )?(.+)$/m.exec(card)?.[1] ?? '';
    const { stdout, stderr, exitCode } = await lunch(`find ${dish.toUpperCase().split(',')[0]}`);
    expect(stdout).toContain('Restaurang Nanna Svartz · Solna\n');
    expect(stdout).toContain(dish.split(',')[0]);
    expect(stdout).toContain('  Map     https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('says that nobody serves it', async () => {
    expect(await lunch('find xyzzy')).toEqual({
      stdout: '',
      stderr: 'lunch: no dish with "xyzzy" in the 9 menus of today\n',
      exitCode: 4,
    });
  });

  it('says whose menu is not known', async () => {
    test.setNow(MONDAY_11 + 48 * 3_600_000);
    test.simulator.setFault('/restaurant/omni', { kind: 'status', status: 500 });
    const { stderr, exitCode } = await lunch('find xyzzy');
    expect({ stderr, exitCode }).toEqual({
      stderr:
        'lunch: menus not to be had just now: Restaurang Omni\nlunch: no dish with "xyzzy" in the 8 menus of today\n',
      exitCode: 4,
    });
    test.simulator.clearFaults();
    test.setNow(MONDAY_11);
  });

  it('says that the API gives nothing, which is not that nobody serves it', async () => {
    test.setNow(MONDAY_11 + 72 * 3_600_000);
    test.simulator.setFault('*', { kind: 'status', status: 500 });
    expect(await lunch('find lax')).toEqual({
      stdout: '',
      stderr: 'lunch: the lunch-menu API gives no menus just now. Try again in a while.\n',
      exitCode: 5,
    });
    test.simulator.clearFaults();
    test.setNow(MONDAY_11);
  });

  it.each(['find !!', `find ${'x'.repeat(101)}`])('refuses %s as a mistake of usage', async (words) => {
    expect(await lunch(words)).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^lunch: find needs words/) as unknown,
      exitCode: 2,
    });
  });

  it('takes --relay anywhere', async () => {
    for (const words of ['find xyzzy --relay http://127.0.0.1:1', '--relay http://127.0.0.1:1 find xyzzy'])
      expect((await lunch(words)).exitCode).toBe(5);
  });

  it('needs a word', async () => {
    expect(await lunch('find')).toMatchObject({
      stdout: '',
      stderr: expect.stringContaining("missing required argument 'words'") as unknown,
      exitCode: 2,
    });
  });
});

describe('lunch', () => {
  it('lists all restaurants', async () => {
    const { stdout, stderr, exitCode } = await lunch('');
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(18);
    expect(lines).toContain('nanna       Restaurang Nanna Svartz  Solna');
    expect(lines).toContain('jorpes      Café Erik Jorpes         Solna  (no online menu)');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('says what to do where no relay answers', async () => {
    const { stdout, stderr, exitCode } = await lunch('nanna --relay http://127.0.0.1:1');
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^lunch: no relay answers at http:\/\/127\.0\.0\.1:1 \(.+\)\. Start one with "npx -y pnpm@12 start", or say where one is with --relay or LUNCH_RELAY_URL\.\n$/,
    );
    expect(exitCode).toBe(5);
  });

  it.each([
    [
      'nanna --relay nowhere',
      'lunch: the relay must be an http: or https: URL, not "nowhere" (--relay, LUNCH_RELAY_URL)\n',
    ],
    ['--nope', "error: unknown option '--nope'\n(lunch --help shows what can be written)\n"],
    ['nanna --relay', "error: option '--relay <url>' argument missing\n(lunch --help shows what can be written)\n"],
  ])('%s is a mistake of usage', async (words, stderr) => {
    expect(await lunch(words)).toEqual({ stdout: '', stderr, exitCode: 2 });
  });

  it('does not repeat a password', async () => {
    const { stderr } = await lunch('nanna --relay http://user:secret@127.0.0.1:1');
    expect(stderr).toContain('no relay answers at http://127.0.0.1:1 ');
    expect((await lunch('nanna --relay ftp://user:secret@x')).stderr).not.toContain('secret');
  });

  it('shows examples first in its help', async () => {
    const { stdout, exitCode } = await lunch('--help');
    expect(stdout).toMatch(/^Examples:\n {2}\$ lunch nanna /);
    expect(stdout).toContain('LUNCH_RELAY_URL');
    expect(exitCode).toBe(0);
  });
});

/** Every command as (arguments, environment, terminal or pipe) to (standard output, standard error, exit status). */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MONDAY_11, startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { VERSION } from '../src/version.ts';
import { createUser } from './support/lunch.ts';

let test: TestRelay;
const user = createUser(() => test.relay.url);
const { lunch } = user;
beforeAll(async () => {
  test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '1500' } });
});
afterAll(async () => {
  user.leave();
  await test.close();
});

const ESCAPE = '\u001b';
const DAY = 24 * 3_600_000;

/** On a day of its own, so that no menu of it is kept anywhere yet. */
async function onDay(days: number, work: () => Promise<void>): Promise<void> {
  test.setNow(MONDAY_11 + days * DAY);
  try {
    await work();
  } finally {
    test.simulator.clearFaults();
    test.setNow(MONDAY_11);
  }
}

describe('lunch <restaurant…|region…>', () => {
  it('shows dishes, place and links', async () => {
    const { stdout, stderr, exitCode } = await lunch('nanna');
    const [heading = '', status, ...lines] = stdout.trimEnd().split('\n');
    expect(heading).toBe('Restaurang Nanna Svartz · Solna');
    expect(status).toMatch(/^Serves \d dishes · Monday 23 November · fetched 11:00$/);
    expect(lines.filter((line) => line.startsWith('  • ')).length).toBeGreaterThan(0);
    expect(lines.slice(-2)).toEqual([
      '  Map     https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278#map=19/59.34867/18.0278',
      '  Website https://ki.hors.se/17/3/restaurang-nanna-svartz/',
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('shows several in the order of the words, each once', async () => {
    const { stdout, exitCode } = await lunch('nanna jons nanna');
    expect(stdout.match(/^\S.* · Solna$/gm)).toEqual(['Restaurang Nanna Svartz · Solna', 'Jöns Jacob · Solna']);
    expect(exitCode).toBe(0);
  });

  it.each([['jons'], ['Jöns'], ['JÖNS JACOB'], ['jöns', 'jacob'], ['jon'], ['jacob']])(
    'knows Jöns Jacob by %j',
    async (...words) => {
      expect((await lunch(words)).stdout).toMatch(/^Jöns Jacob · Solna\n/);
    },
  );

  it.each([[['café erik']], [['CAFE', 'ERIK']], [['Café Erik Jorpes']]])(
    'knows Café Erik Jorpes by %j',
    async (words) => {
      expect((await lunch(words)).stdout).toMatch(/^Café Erik Jorpes · Solna\nNo online menu/);
    },
  );

  it('shows where a menu can be read that is not online', async () => {
    expect((await lunch('jorpes')).stdout).toContain('  Menu    https://ki.hors.se/17/4/cafe-erik-jorpes/\n');
  });

  it.each(['uppsala', 'bmc', 'Uppsala', 'upps'])('knows the region by %s', async (word) => {
    const { stdout, exitCode } = await lunch(word);
    expect(stdout.match(/^\S.* · Uppsala$/gm)).toHaveLength(5);
    expect(stdout).toMatch(/\nNo online menu: Hotel von Kraemer \(kraemer\)\n$/);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['nana', 'there is no restaurant or region "nana". Did you mean nanna?', 3],
    ['solnaa', 'there is no restaurant or region "solnaa". Did you mean solna?', 3],
    ['lst', 'there is no restaurant or region "lst". Did you mean the command "lunch list"?', 3],
    ['xyzzy', 'there is no restaurant or region "xyzzy". "lunch list" shows all.', 3],
    ['jo', '"jo" may be any of: jons, jorpes. Write more of it.', 2],
    ['café', '"café" may be any of: biomedicum, delta, jorpes. Write more of it.', 2],
  ])('%s names nothing, and is never guessed', async (words, message, exitCode) => {
    expect(await lunch(words)).toEqual({ stdout: '', stderr: `lunch: ${message}\n`, exitCode });
  });

  it('shows the others when one is unknown', async () => {
    const { stdout, stderr, exitCode } = await lunch('nana jons');
    expect(stdout).toMatch(/^Jöns Jacob · Solna/);
    expect(stderr).toBe('lunch: there is no restaurant or region "nana". Did you mean nanna?\n');
    expect(exitCode).toBe(0);
  });

  it('tells of a fault of the upstream, and shows the rest', () =>
    onDay(1, async () => {
      test.simulator.setFault('/restaurant/omni', { kind: 'hang' });
      const stderr = 'lunch: omni: The lunch-menu API did not answer in time.';
      const now = MONDAY_11 + DAY;
      expect(await lunch('omni', { now })).toEqual({
        stdout: '',
        stderr: `${stderr} Try again in a while.\n`,
        exitCode: 5,
      });
      const both = await lunch('omni nanna', { now });
      expect(both.stdout).toMatch(/^Restaurang Nanna Svartz/);
      expect(both).toMatchObject({ stderr: `${stderr}\n`, exitCode: 0 });
    }));

  it('marks a menu that is past its time, on standard error too', () =>
    onDay(2, async () => {
      await lunch('svarta', { now: MONDAY_11 + 2 * DAY });
      const now = MONDAY_11 + 2 * DAY + 4 * 3_600_000;
      test.setNow(now);
      test.simulator.setFault('*', { kind: 'status', status: 500 });
      const { stdout, stderr, exitCode } = await lunch('svarta', { now });
      expect(stdout).toContain('fetched 11:00, may be out of date');
      expect(stderr).toMatch(
        /^lunch: .*: this is from 11:00 today and past its time; a newer menu is not there yet\n$/,
      );
      expect(exitCode).toBe(0);
    }));

  it('prints a dish a line with --plain', async () => {
    const { stdout, stderr } = await lunch('nanna jorpes --plain');
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(rows.every((row) => row.length === 10)).toBe(true);
    expect(rows[0]?.slice(0, 5)).toEqual(['nanna', 'Restaurang Nanna Svartz', 'Solna', '2026-11-23', 'served']);
    expect(rows.at(-1)?.slice(0, 8)).toEqual([
      'jorpes',
      'Café Erik Jorpes',
      'Solna',
      '2026-11-23',
      'no_online_menu',
      '',
      '',
      '',
    ]);
    expect(stderr).toBe('');
  });
});

describe('the look', () => {
  it('has colours on a terminal only, and as the user wants', async () => {
    const colours = async (words: string, isTTY: boolean, environment = {}) =>
      (await lunch(words, { isTTY, environment })).stdout.includes(ESCAPE);
    expect(await colours('nanna', true)).toBe(true);
    expect(await colours('nanna', false)).toBe(false);
    expect(await colours('nanna', true, { NO_COLOR: '1' })).toBe(false);
    expect(await colours('nanna', true, { TERM: 'dumb' })).toBe(false);
    expect(await colours('nanna --no-color', true, { FORCE_COLOR: '1' })).toBe(false);
    expect(await colours('nanna', false, { FORCE_COLOR: '1' })).toBe(true);
    expect(await colours('nanna', true, { FORCE_COLOR: '0' })).toBe(false);
    expect(await colours('nanna', false, { LUNCH_COLOR: 'always' })).toBe(true);
    expect(await colours('nanna', true, { LUNCH_COLOR: 'never' })).toBe(false);
  });

  it('has links where the terminal follows them', async () => {
    const shown = (environment: Record<string, string>) => lunch('nanna', { isTTY: true, environment });
    const link = `${ESCAPE}]8;;https://ki.hors.se/17/3/restaurang-nanna-svartz/${ESCAPE}\\`;
    expect((await shown({ TERM_PROGRAM: 'WezTerm' })).stdout).toContain(link);
    expect((await shown({ FORCE_HYPERLINK: '1' })).stdout).toContain(link);
    expect((await shown({ TERM_PROGRAM: 'WezTerm', TMUX: '/tmp/x' })).stdout).not.toContain(link);
    expect((await shown({ TERM_PROGRAM: 'WezTerm', NO_COLOR: '1' })).stdout).not.toContain(ESCAPE);
  });

  it.each([1, 30, 60, 200])('fits %i columns, but for links', async (columns) => {
    const { stdout } = await lunch('solna', { isTTY: true, columns, environment: { NO_COLOR: '1' } });
    const lines = stdout.split('\n').filter((line) => !line.includes('://'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(20, Math.min(100, columns)));
  });
});

describe('lunch find <words>', () => {
  it('shows who serves the dish and where', async () => {
    const { stdout: plain } = await lunch('nanna --plain');
    const dish = plain.split('\n')[0]?.split('\t')[6] ?? '';
    const { stdout, stderr, exitCode } = await lunch(`find ${dish.toUpperCase().split(',')[0]}`);
    expect(stdout).toContain(' · Monday 23 November · fetched 11:00\n');
    expect(stdout).toContain('Restaurang Nanna Svartz · Solna\n');
    expect(stdout).toContain('  Map     https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278');
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('says that nobody serves it, in a region too', async () => {
    const notFound = (where: string) => ({
      stdout: '',
      stderr: `lunch: no dish with "xyzzy"${where} of today\n`,
      exitCode: 4,
    });
    expect(await lunch('find xyzzy')).toEqual(notFound(' in the 9 menus'));
    expect(await lunch('find xyzzy --region bmc')).toEqual(notFound(' in Uppsala in the 5 menus'));
  });

  it('does not know the region', async () => {
    expect(await lunch('find lax --region mars')).toEqual({
      stdout: '',
      stderr: 'lunch: there is no region "mars", only Uppsala and Solna (--region)\n',
      exitCode: 2,
    });
  });

  it('says whose menu is not known', () =>
    onDay(2, async () => {
      test.simulator.setFault('/restaurant/omni', { kind: 'status', status: 500 });
      expect(await lunch('find xyzzy')).toMatchObject({
        stderr:
          'lunch: menus not to be had just now: Restaurang Omni\nlunch: no dish with "xyzzy" in the 8 menus of today\n',
        exitCode: 4,
      });
    }));

  it('says that the API gives nothing, which is not that nobody serves it', () =>
    onDay(3, async () => {
      test.simulator.setFault('*', { kind: 'status', status: 500 });
      expect(await lunch('find lax')).toEqual({
        stdout: '',
        stderr: 'lunch: the lunch-menu API gives no menus just now. Try again in a while.\n',
        exitCode: 5,
      });
    }));

  it.each(['find !!', `find ${'x'.repeat(101)}`])('refuses %s as a mistake of usage', async (words) => {
    const { stdout, stderr, exitCode } = await lunch(words);
    expect(stderr).toMatch(/^lunch: find needs words/);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  });
});

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
  });

  it('picks one that serves dishes, by chance', async () => {
    const first = await lunch('random', { random: 0 });
    const last = await lunch('random', { random: 0.999 });
    expect(first.stdout).toMatch(/\nServes \d/);
    expect(last.stdout).not.toBe(first.stdout);
    expect((await lunch('random bmc', { random: 0.5 })).stdout).toMatch(/ · Uppsala\n/);
  });

  it('says that none serves on a Saturday', () =>
    onDay(5, async () => {
      expect(await lunch('random', { now: MONDAY_11 + 5 * DAY })).toEqual({
        stdout: '',
        stderr: 'lunch: no restaurant is known to serve dishes today\n',
        exitCode: 4,
      });
    }));
});

describe('mistakes of usage', () => {
  it.each([
    ['nanna --relay nowhere', 'lunch: relay must be an http: or https: URL without a query, not "nowhere" (--relay)\n'],
    ['nanna --timeout soon', 'lunch: timeout must be seconds, from 0.001 to 3600, not "soon" (--timeout)\n'],
    ['--nope', "lunch: unknown option '--nope'\n(lunch --help shows what can be written)\n"],
    ['nanna --relay', "lunch: option '--relay <url>' argument missing\n(lunch --help shows what can be written)\n"],
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

  it('knows its version', async () => {
    const { version } = JSON.parse(readFileSync('packages/cli/package.json', 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
    expect(await lunch('--version')).toEqual({ stdout: `${version}\n`, stderr: '', exitCode: 0 });
  });
});

/** What is shown of restaurants and regions, and how it looks. */
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { useLunch } from '../support/running.ts';
import { useServers } from '../support/servers.ts';

const running = useLunch({ settings: { UPSTREAM_TIMEOUT_MS: '1500' } });
const { lunch, onDay } = running;

const ESCAPE = '\u001b';
const serve = useServers();

/** A relay of the restaurants that are known at the time, which serve but for the closed ones. */
const relayOf = (known: readonly string[], closed: readonly string[] = []) =>
  serve(({ url }, response) => {
    const { pathname, searchParams } = new URL(url ?? '', 'http://relay');
    const wanted = searchParams.getAll('restaurant');
    const unknown = wanted.find((identifier) => !known.includes(identifier));
    const restaurant = (identifier: string) => ({
      identifier,
      name: identifier,
      region: 'Solna',
      homepage: '',
      menuUrl: '',
      publishesMenu: true,
    });
    const menu = (identifier: string) => ({
      ...restaurant(identifier),
      date: '2026-11-23',
      status: closed.includes(identifier) ? 'closed' : 'served',
      dishes: closed.includes(identifier) ? [] : [{ name: 'Lax' }],
      notices: [],
      fetchedAt: '2026-11-23T10:00:00.000Z',
      stale: false,
    });
    const problem = { type: '/docs/errors#invalid_request', code: 'invalid_request', detail: `no "${unknown}"` };
    if (unknown !== undefined) response.writeHead(400).end(JSON.stringify(problem));
    else if (pathname === '/restaurant') response.end(JSON.stringify({ restaurants: known.map(restaurant) }));
    else response.end(JSON.stringify({ date: '2026-11-23', menus: wanted.map(menu), failures: [] }));
  });

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

  it('gives what is named by itself its card and its place, and sorts a region only', async () => {
    const shown = async (words: string) => {
      const { stdout } = await lunch(words);
      const names = [...stdout.matchAll(/^(\S.*) · (?:Solna|Uppsala)$/gm)].map(([, name]) => name);
      return { names, aside: /^No online menu: (.*)$/m.exec(stdout)?.[1] };
    };
    const first = await shown('jorpes nanna uppsala');
    expect(first.names.slice(0, 2)).toEqual(['Café Erik Jorpes', 'Restaurang Nanna Svartz']);
    expect(first.aside).toBe('Hotel von Kraemer (kraemer)');
    const last = await shown('uppsala kraemer nanna');
    expect(last.names.slice(-2)).toEqual(['Hotel von Kraemer', 'Restaurang Nanna Svartz']);
    expect(last.aside).toBeUndefined();
    const url = await relayOf(['nanna', 'jons', 'elma'], ['nanna', 'elma']);
    const names = async (words: string) => {
      const environment = { LUNCH_RELAY_URL: url, XDG_CACHE_HOME: '/dev/null' };
      return (await lunch(words, { environment })).stdout.match(/^\w+(?= · Solna$)/gm);
    };
    expect(await names('solna')).toEqual(['jons', 'nanna', 'elma']);
    expect(await names('elma solna')).toEqual(['elma', 'jons', 'nanna']);
    expect(await names('solna elma')).toEqual(['jons', 'nanna', 'elma']);
  });

  it.each([
    ['nana', 'there is no restaurant or region "nana". Did you mean nanna?', 3],
    ['nanan', 'there is no restaurant or region "nanan". Did you mean nanna?', 3],
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
    onDay(1, async (now) => {
      running.test.simulator.setFault('/restaurant/omni', { kind: 'hang' });
      const stderr = 'lunch: omni: The lunch-menu API did not answer in time.';
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
    onDay(2, async (eleven) => {
      await lunch('svarta', { now: eleven });
      const now = eleven + 4 * 3_600_000;
      running.test.setNow(now);
      running.test.simulator.setFault('*', { kind: 'status', status: 500 });
      const { stdout, stderr, exitCode } = await lunch('svarta', { now });
      expect(stdout).toContain('fetched 11:00, may be out of date');
      expect(stderr).toMatch(
        /^lunch: .*: this is from 11:00 today and past its time; a newer menu is not there yet\n$/,
      );
      expect(exitCode).toBe(0);
    }));

  it('shows the others where one of the kept list is gone from the relay’s', async () => {
    const known = ['nanna', 'jons'];
    const folder = path.join(running.home, 'gone');
    const circumstances = {
      environment: { XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, LUNCH_RELAY_URL: await relayOf(known) },
    };
    const withoutOneMore = async (words: string) => {
      known.push('gone');
      await lunch('list', circumstances);
      known.pop();
      return lunch(words, circumstances);
    };
    expect(await withoutOneMore('solna')).toEqual({
      stdout: expect.stringMatching(/^nanna · Solna\n(?:.*\n)*jons · Solna\n/) as unknown,
      stderr: '',
      exitCode: 0,
    });
    expect(await withoutOneMore('gone jons')).toEqual({
      stdout: expect.stringMatching(/^jons · Solna\n/) as unknown,
      stderr: 'lunch: there is no restaurant or region "gone". "lunch list" shows all.\n',
      exitCode: 0,
    });
    expect((await withoutOneMore('gone')).exitCode).toBe(3);
  });

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
    expect(await colours('nanna', false, { FORCE_COLOR: '' })).toBe(false);
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
    expect((await shown({ TERM_PROGRAM: 'WezTerm', FORCE_HYPERLINK: '' })).stdout).toContain(link);
    // its default profile shows the name and follows nothing
    expect((await shown({ KONSOLE_VERSION: '250801' })).stdout).toContain('  Website https://ki.hors.se/');
  });

  it('has neither colours nor links with --no-color, whatever the variables say', async () => {
    const environment = { FORCE_HYPERLINK: '1', FORCE_COLOR: '1', TERM_PROGRAM: 'WezTerm' };
    expect((await lunch('nanna --no-color', { isTTY: true, environment })).stdout).not.toContain(ESCAPE);
    expect((await lunch('nanna', { environment: { FORCE_HYPERLINK: '1', NO_COLOR: '1' } })).stdout).toContain(']8;;');
  });

  it.each([1, 30, 60, 200])('fits %i columns, but for links', async (columns) => {
    const { stdout } = await lunch('solna', { isTTY: true, columns, environment: { NO_COLOR: '1' } });
    const lines = stdout.split('\n').filter((line) => !line.includes('://'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(20, Math.min(100, columns)));
  });
});

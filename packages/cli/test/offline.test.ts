/** What `lunch` keeps on disk, and what it does with it where no relay answers. */
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { MONDAY_11, startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { createUser } from './support/lunch.ts';

let test: TestRelay;
let relayUrl: string | undefined;
const user = createUser(() => relayUrl);
const { lunch } = user;
/** What is on the disk before each test. */
const kept = path.join(user.home, 'kept');
beforeAll(async () => {
  test = await startTestRelay();
  relayUrl = test.relay.url;
  await lunch('nanna jons');
  await lunch('list');
  await test.close();
  cpSync(user.XDG_CACHE_HOME, kept, { recursive: true });
});
afterEach(() => {
  for (const folder of [user.XDG_CONFIG_HOME, user.XDG_CACHE_HOME]) rmSync(folder, { recursive: true, force: true });
  cpSync(kept, user.XDG_CACHE_HOME, { recursive: true });
});
afterAll(user.leave);

/** As if nothing were configured: the default relay is on a port where, in tests, nobody must listen. */
const offline = { environment: { LUNCH_RELAY_URL: 'http://127.0.0.1:1' } };
const NO_RELAY =
  'lunch: no relay answers at http://127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1). Start one with "npx -y pnpm@12 start" in a clone of Lunch Relay, or name another with --relay or LUNCH_RELAY_URL.\n';

describe('where no relay answers', () => {
  it('shows today’s last answer, marked', async () => {
    const { stdout, stderr, exitCode } = await lunch('nanna', { ...offline, now: MONDAY_11 + 3_600_000 });
    expect(stdout).toContain('Monday 23 November · fetched 11:00, kept on this machine\n  • ');
    expect(stderr).toBe(`${NO_RELAY}lunch: shown is what this machine has kept of today, from 11:00 on\n`);
    expect(exitCode).toBe(0);
  });

  it('never shows yesterday’s: the day is Stockholm’s', async () => {
    const midnight = Date.parse('2026-11-23T23:00:00Z');
    expect((await lunch('nanna', { ...offline, now: midnight - 1 })).exitCode).toBe(0);
    expect(await lunch('nanna', { ...offline, now: midnight })).toEqual({ stdout: '', stderr: NO_RELAY, exitCode: 5 });
  });

  it('tells which of several is not kept', async () => {
    const { stdout, stderr, exitCode } = await lunch('nanna omni', offline);
    expect(stdout).toMatch(/^Restaurang Nanna Svartz/);
    expect(stderr).toMatch(/\nlunch: omni: nothing is kept from today\n$/);
    expect(exitCode).toBe(0);
    expect((await lunch('omni', offline)).exitCode).toBe(5);
  });

  it('finds dishes, lists, and picks by chance from what is kept', async () => {
    const plain = (await lunch('nanna --plain', offline)).stdout.split('\t');
    const found = await lunch(['find', ...(plain[6] ?? '').split(' ').slice(0, 2)], offline);
    expect(found.stdout).toContain('Restaurang Nanna Svartz · Solna\n');
    expect(found.stderr).toContain(
      'lunch: searched are the menus of today that are kept on this machine, from 11:00 on\n',
    );
    expect(await lunch('find xyzzy', offline)).toMatchObject({ exitCode: 4 });
    const list = await lunch('list', offline);
    expect(list.stdout.trimEnd().split('\n')).toHaveLength(18);
    expect(list.stderr).toBe(`${NO_RELAY}lunch: shown is the list that was kept on 2026-11-23 at 11:00\n`);
    expect((await lunch('random', offline)).exitCode).toBe(0);
    expect((await lunch('open nanna --no-browser', offline)).exitCode).toBe(0);
  });

  it('finds what the relay finds, the diet that a menu says included', async () => {
    const own = await startTestRelay();
    const online = { environment: { LUNCH_RELAY_URL: own.relay.url } };
    await lunch('svarta elma', online);
    const matches = async (words: string, where: typeof online) => {
      const { stdout } = await lunch(`find ${words} --json`, where);
      return (JSON.parse(stdout) as { matches: unknown[] }).matches;
    };
    // "Dagens gröna": by label and name alone it is neither
    for (const words of ['gröna vegetarisk', 'gröna vegetarian', 'gröna gnocchi', 'gröna vegan']) {
      const found = await matches(words, online);
      expect(found).toHaveLength(words === 'gröna vegan' ? 0 : 1);
      expect(await matches(words, offline)).toEqual(found);
    }
    await own.close();
  });

  it('does not say that there is none of a name that only the relay may know', async () => {
    const stderr = `${NO_RELAY}lunch: the list that is kept on this machine has no "nana". Did you mean nanna?\n`;
    expect(await lunch('nana', offline)).toEqual({ stdout: '', stderr, exitCode: 5 });
    expect(await lunch('fav add jons nana', offline)).toEqual({ stdout: '', stderr, exitCode: 5 });
    const { stdout, ...rest } = await lunch('nana nanna', offline);
    expect(stdout).toMatch(/^Restaurang Nanna Svartz/);
    const shown = 'lunch: shown is what this machine has kept of today, from 11:00 on\n';
    expect(rest).toEqual({ stderr: stderr.replace(NO_RELAY, NO_RELAY + shown), exitCode: 0 });
    // told once, though neither the list nor the menu could be asked for
    expect(await lunch('nana omni', offline)).toEqual({ stdout: '', stderr: NO_RELAY, exitCode: 5 });
    for (const words of ['find lax --region lund', 'random lund'])
      expect(await lunch(words, offline)).toEqual({
        stdout: '',
        stderr: `${NO_RELAY}lunch: the list that is kept on this machine has no region "lund"\n`,
        exitCode: 5,
      });
  });

  it('tells the day in Stockholm on which the list was kept, where it is known', async () => {
    const file = path.join(user.XDG_CACHE_HOME, 'lunch/restaurants.json');
    const toldOf = async (savedAt: number) => {
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"savedAt": .*,/, `"savedAt": ${savedAt},`));
      return lunch('list', offline);
    };
    const midnight = await toldOf(Date.parse('2026-11-27T23:30:00Z'));
    expect(midnight.stderr).toBe(`${NO_RELAY}lunch: shown is the list that was kept on 2026-11-28 at 00:30\n`);
    expect(await toldOf(1e300)).toEqual({ stdout: '', stderr: NO_RELAY, exitCode: 5 });
  });

  it('says in one line what to do, where nothing is configured', async () => {
    relayUrl = undefined;
    const isDefaultFree = await new Promise<boolean>((resolve) => {
      const socket = net.connect(8080, 'localhost', () => resolve(false)).on('error', () => resolve(true));
      socket.setTimeout(500, () => socket.destroy());
      socket.on('connect', () => socket.destroy());
    });
    const { stderr, exitCode } = await lunch('omni', { environment: { XDG_CACHE_HOME: path.join(user.home, 'none') } });
    relayUrl = test.relay.url;
    if (!isDefaultFree) return;
    expect(stderr).toBe(
      'lunch: no relay is configured and none answers at http://localhost:8080. Start one with "npx -y pnpm@12 start" in a clone of Lunch Relay, or name one in LUNCH_RELAY_URL.\n',
    );
    expect(exitCode).toBe(5);
  });

  it('does not repeat a password', async () => {
    const { stderr } = await lunch('omni --relay http://user:secret@127.0.0.1:1', offline);
    expect(stderr).toContain('no relay answers at http://127.0.0.1:1 ');
  });

  it.each([
    'ftp://user:secret@x',
    'http://user:pa@secret@127.0.0.1:1',
    'user:secret@x:8080',
    'http:user:secret@x',
    'http://user:pa/secret@x',
  ])('does not repeat the password in %s', async (url) => {
    expect((await lunch(`omni --relay ${url}`)).stderr).not.toContain('secret');
  });

  it('says where it has asked, though an @ is in the path', async () => {
    const { stderr } = await lunch('omni --relay http://127.0.0.1:1/@lunch', offline);
    expect(stderr).toContain('no relay answers at http://127.0.0.1:1/@lunch ');
  });

  it('takes broken and hostile files for none', async () => {
    const cache = path.join(user.home, 'hostile');
    const menus = path.join(cache, 'lunch/menus');
    mkdirSync(menus, { recursive: true });
    const menu = { identifier: 'nanna', date: '2026-11-23', dishes: [null, { name: '\u001b[2JLax' }, 7], notices: 3 };
    writeFileSync(path.join(menus, 'nanna.json'), JSON.stringify(menu));
    for (const name of ['a.json', 'b.json']) writeFileSync(path.join(menus, name), '{"date":');
    writeFileSync(path.join(cache, 'lunch/restaurants.json'), '[1, null]');
    const { stdout, exitCode } = await lunch('nanna', {
      environment: { ...offline.environment, XDG_CACHE_HOME: cache },
    });
    expect(stdout).toContain('  • Lax');
    expect(stdout).not.toContain('\u001b');
    expect(exitCode).toBe(0);
  });

  it.each(['/dev/null', '/proc/nowhere'])('works without a cache: %s', async (folder) => {
    const environment = { ...offline.environment, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder };
    expect((await lunch('nanna', { environment })).exitCode).toBe(5);
    expect(await lunch('config set color never', { environment })).toMatchObject({ stdout: '', exitCode: 1 });
  });

  it('stands in for a menu that the relay cannot get, beside those that it can', async () => {
    const other = await startTestRelay({ now: MONDAY_11 + 3_600_000, settings: { UPSTREAM_TIMEOUT_MS: '200' } });
    other.simulator.setFault('/restaurant/nanna', { kind: 'hang' });
    const environment = { LUNCH_RELAY_URL: other.relay.url };
    const { stdout, stderr, exitCode } = await lunch('nanna elma', { environment, now: MONDAY_11 + 3_600_000 });
    await other.close();
    expect(stdout.match(/fetched .*$/gm)).toEqual(['fetched 11:00, kept on this machine', 'fetched 12:00']);
    expect(stderr).toBe(
      'lunch: Restaurang Nanna Svartz: this is from 11:00 today, kept on this machine; no newer menu could be had\n',
    );
    expect(exitCode).toBe(0);
  });
});

describe('lunch fav', () => {
  it('adds, lists and removes, without a relay too', async () => {
    expect(await lunch('fav list')).toMatchObject({ stdout: '', exitCode: 0 });
    expect(await lunch('fav add Jöns nanna', offline)).toMatchObject({
      stderr: 'lunch: added jons, nanna; "lunch" alone now shows jons, nanna\n',
      exitCode: 0,
    });
    expect((await lunch('fav list')).stdout).toBe('jons   Jöns Jacob\nnanna  Restaurang Nanna Svartz\n');
    expect((await lunch('fav list --plain')).stdout).toBe('jons\tJöns Jacob\nnanna\tRestaurang Nanna Svartz\n');
    expect(await lunch('fav remove omni')).toMatchObject({
      stderr: 'lunch: "omni" is no favourite; "lunch fav list" shows them\n',
      exitCode: 3,
    });
    expect((await lunch('fav remove jöns')).exitCode).toBe(0);
    expect((await lunch('fav list')).stdout).toBe('nanna  Restaurang Nanna Svartz\n');
  });

  it.each([
    ['dumb', { TERM: 'dumb' }],
    ['without anybody to ask', {}],
  ])('is what lunch alone shows on a terminal, also on one that is %s', async (_what, environment) => {
    await lunch('fav add nanna');
    const terminal = { isTTY: true, environment: { ...offline.environment, ...environment } };
    expect((await lunch('', terminal)).stdout).toMatch(/Nanna Svartz.* · Solna\n/);
    await lunch('fav remove nanna');
    expect((await lunch('', terminal)).stdout).toMatch(/bikupan.*Restaurang Bikupan/);
    await lunch('fav add nanna');
    expect((await lunch('', offline)).stdout).toMatch(/^bikupan {2}/m);
  });

  it('loses nothing when many add at once, and leaves no other file behind', async () => {
    const added = ['omni', 'elma', 'svarta', 'jons', 'dufva', 'street'];
    await Promise.all(added.map((name) => lunch(`fav add ${name}`, offline)));
    const { stdout } = await lunch('fav list --plain');
    for (const name of added) expect(stdout).toMatch(new RegExp(`^${name}\t`, 'm'));
    expect(readdirSync(path.join(user.XDG_CONFIG_HOME, 'lunch'))).toEqual(['favourites.json']);
  });
});

describe('lunch config', () => {
  it('says each value and where it is from', async () => {
    const { stdout } = await lunch('config get', {
      environment: { LUNCH_RELAY_URL: 'http://u:p@x:1', LUNCH_TIMEOUT: '2' },
    });
    expect(stdout).toBe(
      'relay    http://x:1  (LUNCH_RELAY_URL)\ntimeout  2  (LUNCH_TIMEOUT)\ncolor    auto  (default)\n',
    );
    expect((await lunch('config path')).stdout).toBe(`${user.XDG_CONFIG_HOME}/lunch/config.json\n`);
  });

  it('keeps values that flags and variables go before', async () => {
    expect(await lunch('config set timeout 3')).toEqual({ stdout: '', stderr: '', exitCode: 0 });
    expect((await lunch('config get timeout')).stdout).toBe('3\n');
    expect((await lunch('config get timeout', { environment: { LUNCH_TIMEOUT: '4' } })).stdout).toBe('4\n');
    expect((await lunch('config get timeout --timeout 5', { environment: { LUNCH_TIMEOUT: '4' } })).stdout).toBe('5\n');
    expect((await lunch('config unset timeout')).exitCode).toBe(0);
    expect((await lunch('config get timeout')).stdout).toBe('15\n');
  });

  it.each([
    ['there', '{ "color": "never" }'],
    ['not there yet', undefined],
  ])('writes to the file that a link leads to, which is %s', async (_what, text) => {
    const folder = path.join(user.XDG_CONFIG_HOME, 'lunch');
    const target = path.join(user.home, 'dotfiles/lunch.json');
    mkdirSync(folder, { recursive: true });
    mkdirSync(path.dirname(target), { recursive: true });
    if (text === undefined) rmSync(target, { force: true });
    else writeFileSync(target, text);
    symlinkSync('../../dotfiles/lunch.json', path.join(folder, 'config.json'));
    expect(await lunch('config set timeout 3')).toMatchObject({ stderr: '', exitCode: 0 });
    expect(lstatSync(path.join(folder, 'config.json')).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({ timeout: 3 });
    expect(readdirSync(path.dirname(target))).toEqual(['lunch.json']);
  });

  it('refuses what is none', async () => {
    expect((await lunch('config set relay x')).stderr).toContain('relay must be an http: or https: URL');
    expect(await lunch('config set colour never')).toMatchObject({
      stderr: 'lunch: there is no setting "colour". Did you mean color?\n',
      exitCode: 2,
    });
  });

  it('goes on without a broken file, and does not overwrite it', async () => {
    const file = path.join(user.XDG_CONFIG_HOME, 'lunch/config.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '{ relay: ');
    const { stdout, stderr, exitCode } = await lunch('nanna', offline);
    expect(stdout).toMatch(/^Restaurang Nanna Svartz/);
    expect(stderr).toContain(`lunch: ${file} is no JSON; mend it or delete it. Going on without it.\n`);
    expect(exitCode).toBe(0);
    expect(await lunch('config set color never')).toMatchObject({ exitCode: 1 });
    expect(readFileSync(file, 'utf8')).toBe('{ relay: ');
  });
});

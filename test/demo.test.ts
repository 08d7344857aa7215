/** The first of the two commands of the README. */
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startProgram } from '../packages/server/test/support/program.ts';
import { demoClock } from '../scripts/demoClock.ts';
import { PLAIN, UNPROXIED } from '../scripts/surroundings.ts';
import { runFile } from './support/tarballs.ts';

/** Where the rest of the world is reached by a proxy, which does not know this machine. */
const environment = { ...process.env, ...PLAIN, http_proxy: 'http://127.0.0.1:1', no_proxy: '', NO_PROXY: '' };
const runDemo = (...words: string[]) => startProgram('scripts/demo.ts', words, environment);

describe('pnpm demo', () => {
  it('--once shows restaurants and dishes, and exits 0', async () => {
    const { said, ended } = runDemo('--once');
    expect(await ended).toBe(0);
    expect(said.stderr).toBe('');
    for (const name of ['Restaurang Nanna Svartz · Solna', 'Jöns Jacob · Solna', 'Elma · Uppsala'])
      expect(said.stdout).toContain(name);
    expect(said.stdout.match(/^ {2}• /gm)?.length).toBeGreaterThan(3);
    expect(said.stdout).toContain('It has asked it 5 times');
  });

  it('keeps serving until Ctrl-C, and exits 0', async () => {
    const { child, said, ended } = runDemo();
    while (!said.stdout.includes('Ctrl-C stops both.')) await once(child.stdout, 'data');
    const url = /curl (\S+)\/restaurant\/nanna/.exec(said.stdout)?.[1];
    expect((await fetch(`${url}/restaurant/svarta`)).status).toBe(200);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });

  it('names a command that leaves none of its menus among those that lunch keeps', async () => {
    const home = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-demo-'));
    const { child, said, ended } = runDemo();
    while (!said.stdout.includes('Ctrl-C stops both.')) await once(child.stdout, 'data');
    const [, setting = '', words = ''] = /^ {2}(.*)npx -y pnpm@12 lunch (.*)$/m.exec(said.stdout) ?? [];
    // without what npx would install first
    const command = `${setting}node --conditions=@lunch-relay/source packages/cli/src/main.ts ${words}`;
    const user = { ...process.env, ...UNPROXIED, HOME: home, XDG_CACHE_HOME: path.join(home, '.cache') };
    const { stdout } = await runFile('sh', ['-c', command], { env: user });
    expect(stdout).toContain('Svarta Räfven · Solna');
    expect(readdirSync(home)).toEqual([]);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(existsSync(/XDG_CACHE_HOME=(\S+)/.exec(setting)?.[1] ?? '')).toBe(false);
    rmSync(home, { recursive: true });
  });

  it('says in one line that its port is in use, and exits 1', async () => {
    const server = net.createServer().listen(0);
    await once(server, 'listening');
    const { said, ended } = runDemo('--once', '--port', String((server.address() as AddressInfo).port));
    const exitCode = await ended;
    server.close();
    expect([exitCode, said.stderr]).toEqual([
      1,
      expect.stringMatching(/^Cannot listen on .*: the port is in use\..*\n$/),
    ]);
  });

  it('says in one line that a word is wrong, and exits 1', async () => {
    const { said, ended } = runDemo('--twice');
    expect([await ended, said.stderr]).toEqual([1, expect.stringMatching(/^Unknown option '--twice'/)]);
  });

  it.each([
    ['2026-11-23T10:00:00Z', '2026-11-23T10:00:00.000Z'], // a Monday
    ['2026-11-23T03:59:00Z', '2026-11-23T10:00:00.000Z'], // before five in Stockholm
    ['2026-11-28T10:00:00Z', '2026-11-30T10:00:00.000Z'], // a Saturday
    ['2026-04-03T10:00:00Z', '2026-04-07T09:00:00.000Z'], // Good Friday
    ['2026-12-24T23:30:00Z', '2026-12-28T10:00:00.000Z'], // Christmas Day in Stockholm
  ])('takes %s for %s', (now, taken) => {
    const { offsetMs, said } = demoClock(Date.parse(now));
    expect(new Date(Date.parse(now) + offsetMs).toISOString()).toBe(taken);
    expect(said === undefined).toBe(offsetMs === 0);
  });
});

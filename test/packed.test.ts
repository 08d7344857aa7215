/** The tarballs, as users install them: in clean folders, without the repository around them. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRelay, type TestRelay } from '../packages/server/test/support/relay.ts';

let test: TestRelay;
let folder: string;
beforeAll(async () => {
  test = await startTestRelay();
  folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-packed-'));
  execFileSync('pnpm', ['run', 'pack:all'], { stdio: 'pipe' });
}, 120_000);
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

function tarball(name: string): string {
  const file = readdirSync('release').find((entry) => entry.includes(name));
  if (file === undefined) throw new Error(`no tarball of ${name} under release/`);
  return path.resolve('release', file);
}

// asynchronous: the relay that they ask runs in this very process
const runFile = promisify(execFile);
const npm = (words: string[], cwd: string) => runFile('npm', [...words, '--no-audit', '--no-fund'], { cwd });

describe('the packed CLI', () => {
  it('puts lunch on the PATH and needs nothing else', async () => {
    const prefix = path.join(folder, 'prefix');
    await npm(['install', '--global', '--prefix', prefix, '--offline', tarball('cli')], folder);
    const lunch = (words: string[]) => runFile(path.join(prefix, 'bin/lunch'), words, { cwd: folder });
    const { stdout, stderr } = await lunch(['nanna', '--relay', test.relay.url]);
    expect(stdout).toContain('Restaurang Nanna Svartz · Solna · Monday 23 November');
    expect(stdout).toContain('  • ');
    expect(stderr).toBe('');
    expect((await lunch(['--help'])).stdout).toContain('Usage: lunch');
  }, 60_000);
});

describe('the packed SDK', () => {
  it('works in a service that installs it', async () => {
    writeFileSync(path.join(folder, 'package.json'), '{"name":"service","private":true,"type":"module"}');
    writeFileSync(
      path.join(folder, 'service.js'),
      `import { createLunchClient } from '@lunch-relay/sdk';
       const lunch = createLunchClient({ baseUrl: process.argv[2] });
       const { today } = await lunch.getRestaurant('nanna');
       console.log(today.name, today.dishes.length > 0);`,
    );
    await npm(['install', tarball('sdk')], folder);
    const { stdout } = await runFile('node', ['service.js', test.relay.url], { cwd: folder });
    expect(stdout).toBe('Restaurang Nanna Svartz true\n');
  }, 120_000);
});

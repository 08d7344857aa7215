/** A release, rehearsed in a clean clone without a git remote, as CI would: nobody to ask, nothing to publish with. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publishedPackages } from '../../scripts/published.ts';
import { runFile } from '../support/tarballs.ts';

let folder: string;
let clone: string;
const git = (...words: string[]) => execFileSync('git', words, { cwd: clone, encoding: 'utf8' });

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-release-'));
  clone = path.join(folder, 'lunch-relay');
  execFileSync('git', ['clone', '-q', '.', clone], { stdio: 'pipe' });
  git('remote', 'remove', 'origin');
  execFileSync('pnpm', ['install', '--frozen-lockfile'], { cwd: clone, stdio: 'pipe' });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without a terminal and without a question. */
function rehearse() {
  const running = runFile('pnpm', ['release', '--dry-run'], {
    cwd: clone,
    env: { ...process.env, CI: 'true' },
  });
  running.child.stdin?.end();
  return running;
}

describe('pnpm release --dry-run', () => {
  it('packs, checks, installs and uses what would be published, and leaves the tree as it was', async () => {
    const { stdout } = await rehearse();
    for (const line of ['installed in a clean project', 'lunch nanna --relay', 'a program with the SDK'])
      expect(stdout).toContain(`\n  ${line}`);
    const named = publishedPackages().map(({ name, version }) => `  ${name} ${version}\n`);
    expect(stdout).toMatch(new RegExp(`A dry run: nothing is published. A release would publish\n${named.join('')}$`));
    expect(git('status', '--porcelain')).toBe('');
    expect(git('tag')).toBe('');
  }, 240_000);

  it('refuses a tree that is not clean', async () => {
    writeFileSync(path.join(clone, 'note.txt'), '');
    await expect(rehearse()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('?? note.txt') });
    rmSync(path.join(clone, 'note.txt'));
  }, 30_000);

  it('refuses a version of which the changelog says nothing', async () => {
    const file = path.join(clone, 'packages/sdk/package.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"version": ".*"/, '"version": "99.0.0"'));
    // nor does the heading alone say anything
    appendFileSync(path.join(clone, 'packages/sdk/CHANGELOG.md'), '\n## 99.0.0\n');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.invalid', 'commit', '-qam', 'A version');
    const stderr = expect.stringContaining('packages/sdk/CHANGELOG.md says nothing of @lunch-relay/sdk 99.0.0');
    await expect(rehearse()).rejects.toMatchObject({ code: 1, stderr });
  }, 30_000);
});

/** The last step of a release, with npm, git and a registry on this machine. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { publishAll, type Release } from '../scripts/publishing.ts';
import { type Registry, startRegistry } from './support/registry.ts';
import { writeProject } from './support/tarballs.ts';

let registry: Registry;
let parent: string;
let folder: string;
let env: NodeJS.ProcessEnv;
beforeAll(() => {
  parent = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-publishing-'));
});
afterAll(() => rmSync(parent, { recursive: true }));
beforeEach(async () => {
  registry = await startRegistry();
  folder = mkdtempSync(path.join(parent, 'clone-'));
  const npmrc = path.join(folder, '.git/npmrc');
  env = {
    ...process.env,
    ...{
      npm_config_registry: registry.url,
      npm_config_userconfig: npmrc,
      npm_config_cache: path.join(parent, 'cache'),
    },
    ...{ NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', npm_config_loglevel: 'silent' },
    ...{ GIT_AUTHOR_NAME: 'test', GIT_AUTHOR_EMAIL: 'test@example.invalid' },
    ...{ GIT_COMMITTER_NAME: 'test', GIT_COMMITTER_EMAIL: 'test@example.invalid' },
  };
  git('init', '-q');
  commit('first');
  writeFileSync(npmrc, `${registry.url.replace('http:', '')}:_authToken=test\n`);
});
afterEach(() => registry.close());

const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, env, encoding: 'utf8' }).trimEnd();
const commit = (message: string) => git('commit', '-q', '--allow-empty', '-m', message);
/** The message of the commit that a tag is on. */
const taggedCommit = (tag: string) => git('log', '-1', '--format=%s', tag);
const tags = () => git('tag', '--list');

/** A tarball of its own each time. */
function release(name: string, version: string, text = ''): Release {
  const place = mkdtempSync(path.join(parent, 'package-'));
  writeProject(path.join(place, 'package'), { 'package.json': JSON.stringify({ name, version }), 'index.js': text });
  const tarball = path.join(place, 'package.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', place, 'package']);
  return { name, version, tarball };
}
const publish = (...releases: Release[]) => publishAll(releases, { folder, env }, () => {});

describe('publishing', () => {
  it('sends what is not there yet, and tags the commit with each version', async () => {
    const [sdk, cli] = [release('@test/sdk', '0.1.0'), release('@test/cli', '0.1.0')];
    await publish(sdk, cli);
    expect(registry.packages.get('@test/cli')?.['dist-tags']).toEqual({ latest: '0.1.0' });
    commit('second');
    await publish(release('@test/sdk', '0.1.0', 'changed, and not to be published'), release('@test/cli', '0.2.0'));
    expect(registry.packages.get('@test/cli')?.['dist-tags']).toEqual({ latest: '0.2.0' });
    expect(Object.keys(registry.packages.get('@test/sdk')?.versions ?? {})).toEqual(['0.1.0']);
    expect(['@test/sdk@0.1.0', '@test/cli@0.1.0', '@test/cli@0.2.0'].map(taggedCommit)).toEqual([
      'first',
      'first',
      'second',
    ]);
    // `git push --follow-tags` pushes no others
    expect(git('cat-file', '-t', '@test/cli@0.2.0')).toBe('tag');
  }, 60_000);

  it('has tagged what went out before it was cut off, and goes on from a later commit', async () => {
    const [sdk, cli] = [release('@test/sdk', '0.1.0'), release('@test/cli', '0.1.0')];
    registry.refused.add('@test/cli');
    await expect(publish(sdk, cli)).rejects.toThrow('@test/cli@0.1.0 could not be published');
    expect(tags()).toBe('@test/sdk@0.1.0');
    registry.refused.clear();
    commit('mended');
    await publish(sdk, cli);
    expect([taggedCommit('@test/sdk@0.1.0'), taggedCommit('@test/cli@0.1.0')]).toEqual(['first', 'mended']);
  }, 60_000);

  it('tags what is published without a tag only where the commit makes the same bytes', async () => {
    const sdk = release('@test/sdk', '0.1.0', 'published');
    await publish(sdk);
    git('tag', '--delete', '@test/sdk@0.1.0');
    const cli = release('@test/cli', '0.1.0');
    const other = release('@test/sdk', '0.1.0', 'of another commit');
    await expect(publish(cli, other)).rejects.toThrow(
      /^Not released: @test\/sdk@0\.1\.0 is published already, has no tag/,
    );
    expect([tags(), [...registry.packages.keys()]]).toEqual(['', ['@test/sdk']]);
    await publish(sdk);
    expect(tags()).toBe('@test/sdk@0.1.0');
  }, 60_000);

  it('refuses a version that has a tag, but is not published', async () => {
    git('tag', '@test/sdk@0.1.0');
    await expect(publish(release('@test/sdk', '0.1.0'))).rejects.toThrow('there is a tag @test/sdk@0.1.0');
    expect(registry.packages.size).toBe(0);
  }, 60_000);

  it('gives a prerelease to those who ask for `next` alone', async () => {
    await publish(release('@test/sdk', '0.1.0'));
    await publish(release('@test/sdk', '0.2.0-next.0'));
    expect(registry.packages.get('@test/sdk')?.['dist-tags']).toEqual({ latest: '0.1.0', next: '0.2.0-next.0' });
  }, 60_000);
});

/** What a release holds fast to; that it can be rehearsed from a clean clone is seen in test/system/release.system.ts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { changelogEntry, pendingChangesets, publishedPackages, tarballOf } from '../scripts/published.ts';

describe('what is published', () => {
  it.each(publishedPackages())('$name $version has an entry in its CHANGELOG.md', ({ folder, version }) => {
    expect(changelogEntry(readFileSync(path.join(folder, 'CHANGELOG.md'), 'utf8'), version)).toBeDefined();
  });

  it.each(['README.md', 'docs/sdk/README.md'])('is named in %s with the version that it has', (page) => {
    const named = readFileSync(page, 'utf8').match(/lunch-relay-(?:cli|sdk)-[\w.-]+\.tgz/g) ?? [];
    const tarballs = publishedPackages().map((one) => path.basename(tarballOf(one)));
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(tarballs).toContain(name);
  });
});

describe('the entry of a version', () => {
  const changelog = '# name\n\n## 1.10.0\n\n- more\n- and more\n\n## 1.1.0\n\n## 1.0.0\n\n- first\n';

  it.each([
    ['1.10.0', '- more\n- and more'],
    ['1.0.0', '- first'],
    ['1.1.0', undefined], // a heading alone says nothing
    ['1.1', undefined],
    ['2.0.0', undefined],
  ])('%s is %j', (version, entry) => {
    expect(changelogEntry(changelog, version)).toBe(entry);
  });
});

it('knows which changesets no version has yet', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-changesets-'));
  for (const file of ['README.md', 'config.json', 'kind-cats-eat.md']) writeFileSync(path.join(folder, file), '');
  expect(pendingChangesets(folder)).toEqual(['kind-cats-eat.md']);
  rmSync(folder, { recursive: true });
});

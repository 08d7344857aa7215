/**
 * docs/architecture.md and docs/upstream.md speak of what there is: files, rules and scripts that they name exist, and none of
 * the rules is left out.
 */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const page = readFileSync('docs/architecture.md', 'utf8');
const namesIn = (text: string) => [...new Set([...text.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name))];
const named = namesIn(page);
const files = globSync([
  'packages/*/{src,test}/**/*.ts',
  'scripts/*.ts',
  'test/**/*.ts',
  'packages/server/openapi.json',
]);

describe.each(['docs/architecture.md', 'docs/upstream.md'])('%s', (where) => {
  const sources = namesIn(readFileSync(where, 'utf8')).filter((name) => /\.(?:ts|json)$/.test(name));
  it.each(sources)('names %s, which exists', (name) => {
    expect(files.some((file) => file === name || file.endsWith(`/${name}`))).toBe(true);
  });
});

describe('docs/architecture.md', () => {
  it('has the place of every file of the relay: its own name, or that of its folder', () => {
    const homeless = files
      .filter((file) => file.startsWith('packages/server/src/'))
      .map((file) => file.replace('packages/server/', ''))
      .filter((file) => /^src\/[^/]+$/.test(file) && !page.includes(`\`${file.replace('src/', '')}\``));
    // a program of three lines for "generate"
    expect(homeless).toEqual(['src/write-openapi.ts']);
    const folders = new Set(files.map((file) => /^packages\/server\/(src\/[^/]+\/)/.exec(file)?.[1] ?? 'src/relay/'));
    for (const folder of folders) expect(page).toContain(`\`${folder}\``);
  });

  it('says every rule of who must not import whom in words', () => {
    const rules = [...readFileSync('.dependency-cruiser.js', 'utf8').matchAll(/\bname: '(.+?)'/g)];
    expect(rules.length).toBeGreaterThan(10);
    for (const [, rule] of rules) expect(named).toContain(rule);
  });
});

/** docs/decisions/README.md knows every record, under its number and by its title. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const FOLDER = 'docs/decisions';

const records = globSync(`${FOLDER}/[0-9]*.md`)
  .map((file) => path.basename(file))
  .toSorted();

describe('docs/decisions/README.md', () => {
  it('has a line for every record, in their order, and for no other', () => {
    const index = readFileSync(`${FOLDER}/README.md`, 'utf8');
    const listed = [...index.matchAll(/^\| \[(\d{4})\]\((.+?)\) +\| (.+?) +\|$/gm)].map(
      ([, number = '', file = '', title = '']) => [file, `# ${number}: ${title}`],
    );
    const titled = records.map((file) => [file, readFileSync(`${FOLDER}/${file}`, 'utf8').split('\n')[0]]);
    expect(listed).toEqual(titled);
  });
});

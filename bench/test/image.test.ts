import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readRelayImage } from '../image.ts';

const read = (page: string) => readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');

describe('how the image runs the relay', () => {
  it('is read from the Dockerfile', () => {
    const { environment, nodeOptions } = readRelayImage();
    expect(environment).toMatchObject({ NODE_ENV: 'production', MALLOC_ARENA_MAX: '1' });
    expect(nodeOptions).toContain('--no-allocation-site-pretenuring');
  });

  it.each([
    ['ENV A=1\nENV B=2\nENTRYPOINT ["node", "dist/main.js"]', '2 lines of ENV'],
    ['ENV A=1 \\\n  B=2\nENTRYPOINT ["node", "dist/main.js"]', 'is not A=1'],
    ['ENV A="1 2"\nENTRYPOINT ["node", "dist/main.js"]', 'is not A=1'],
    ['ENV A 1\nENTRYPOINT ["node", "dist/main.js"]', 'is not A=1'],
    ['ENTRYPOINT ["node", "dist/main.js"]', '0 lines of ENV'],
    ['ENV A=1\nFROM other\nENTRYPOINT ["node", "dist/main.js"]', '0 lines of ENTRYPOINT'],
    ['ENV A=1\nENTRYPOINT ["tini", "--", "node", "dist/main.js"]', 'is not node'],
    ['ENV A=1\nENTRYPOINT ["node", "dist/other.js"]', 'with dist/main.js'],
  ])('is not guessed out of %j', (lines, message) => {
    expect(() => readRelayImage(`FROM runtime AS relay\n${lines}\n`)).toThrow(message);
  });

  it.each([
    [
      'the runbook takes a heap snapshot with',
      /```sh\n(MALLOC_[^`]+)```/.exec(read('operations.md'))?.[1] ?? '',
      /\s+/,
    ],
    ['the table of capacity.md explains', read('capacity.md'), /[`\s]+/],
  ])('is what %s', (_, text, between) => {
    const { environment, nodeOptions } = readRelayImage();
    const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const memory = assignments.filter((assignment) => assignment.startsWith('MALLOC_'));
    expect(memory).not.toHaveLength(0);
    expect(text.split(between)).toEqual(expect.arrayContaining([...memory, ...nodeOptions]));
  });
});

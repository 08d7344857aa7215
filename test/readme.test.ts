/** No command of README.md is forgotten; that they do what they say is seen in test/system/readme.system.ts. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { COMMANDS, readCommands } from './support/readmeCommands.ts';

describe('README.md', () => {
  it('has no command that is neither run nor left out for a reason, and there is no other', () => {
    expect(readCommands(readFileSync('README.md', 'utf8')).sort()).toEqual(Object.keys(COMMANDS).sort());
  });

  it('is read wherever a command can stand', () => {
    const page =
      'Try `npx one`, not `lunch <restaurant>`.\n\n```sh\nnpm two   # twice\n\nthree\n```\n\n```console\n$ four\nfive\n```\n\n' +
      '![Five.](five.svg "$ five six")\n\n```ts\nsix;\n```\n\n## Developing\n\n| command `npx …` | what |\n| --- | --- |\n| `seven`, `run eight` | `nine` |\n';
    const scripts = ['npx -y pnpm@12 seven', 'npx -y pnpm@12 run eight'];
    expect(readCommands(page)).toEqual(['npm two', 'three', 'four', 'five six', 'npx one', ...scripts]);
    expect(() => readCommands('```fish\nten\n```\n')).toThrow('fish');
  });
});

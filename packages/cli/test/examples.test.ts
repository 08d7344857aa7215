/** Every example of the help and of docs/cli, run as it stands; pipes are cut off. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { useLunch } from './support/running.ts';

const { lunch } = useLunch();

/** Without comments, pipes and meanings. */
const linesOf = (text: string) =>
  [...text.matchAll(/^(?: {2}\$ )?lunch\b(.*)$/gm)].map(([, rest = '']) => (rest.split(/ {2}|[#|]/)[0] ?? '').trim());

/** Of a dish that nobody serves on that Monday. */
const MAY_FIND_NOTHING = [0, 4];

async function runAll(lines: readonly string[]): Promise<void> {
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const { exitCode, stderr } = await lunch(line, { environment: { BROWSER: 'true' } });
    const expected = line.startsWith('find') ? MAY_FIND_NOTHING : [0];
    expect({ line, stderr, isExpected: expected.includes(exitCode) }).toEqual({ line, stderr, isExpected: true });
  }
}

it.each(['', 'find', 'list', 'random', 'open', 'fav', 'config', 'completion'])(
  'those of lunch %s --help',
  async (command) => {
    const { stdout } = await lunch(`${command} --help`);
    await runAll(linesOf(stdout.slice(0, stdout.indexOf('Usage:'))));
  },
);

it.each(['README.md', 'output.md'])('those of docs/cli/%s', async (page) => {
  const blocks = [...readFileSync(`docs/cli/${page}`, 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)];
  for (const [, block = ''] of blocks) await runAll(linesOf(block));
});

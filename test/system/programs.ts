/** Programs that a system test needs and that are not Node's. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from '@jest/globals';

/** Describes tests that need a program; where it is absent they are told as not run, which fails in CI. */
export function describeWith(program: string, name: string, tests: (executable: string) => void): void {
  const executable = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, program))
    .find(existsSync);
  if (executable !== undefined) {
    describe(name, () => tests(executable));
    return;
  }
  it(`${name}: not run: ${program}`, () => {
    process.stderr.write(`not run: ${program}\n`);
    if (process.env['CI'] === 'true') throw new Error(`${program} is not installed: CI must run this`);
  });
}

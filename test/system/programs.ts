/** Programs that a system test needs and that are not Node's. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from '@jest/globals';
import { onPath } from '../support/onPath.ts';

/** Describes tests that need a program; where it is absent they are told as not run, which fails in CI. */
export function describeWith(
  program: string,
  name: string,
  tests: (executable: string) => void,
  executable = onPath(program),
): void {
  if (executable !== undefined) {
    describe(name, () => tests(executable));
    return;
  }
  it(`${name}: not run: ${program}`, () => {
    process.stderr.write(`not run: ${program}\n`);
    if (process.env['CI'] === 'true') throw new Error(`${program} is not installed: CI must run this`);
  });
}

/** Kept between runs: some 100 MB each, too much for a devDependency that everybody installs. */
const FOLDER = path.resolve('node_modules/.cache/runtimes');

/**
 * A runtime whose npm package depends on one with the binary for each platform; `binary` is a pattern below node_modules.
 * Undefined where the registry does not give it. No install script runs.
 */
export function fromRegistry(name: string, version: string, binary: string): string | undefined {
  const home = path.join(FOLDER, `${name}-${version}`);
  const find = () => globSync(path.join(home, 'node_modules', binary))[0];
  const kept = find();
  if (kept !== undefined) return kept;
  mkdirSync(FOLDER, { recursive: true });
  // elsewhere first: what another test file finds is whole
  const place = mkdtempSync(`${home}-`);
  writeFileSync(path.join(place, 'package.json'), '{"private":true}');
  const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${name}@${version}`];
  try {
    execFileSync('npm', words, { cwd: place, stdio: 'pipe', timeout: 120_000 });
    renameSync(place, home);
  } catch (error) {
    rmSync(place, { recursive: true });
    if (find() === undefined)
      process.stderr.write(`${name}@${version} cannot be installed: ${(error as Error).message}\n`);
  }
  return find();
}

/**
 * `pnpm release`: everything that has to be true of what is published, and then, unless it is a `--dry-run`, publishes the
 * very tarballs that were used in the rehearsal. It asks nothing itself, so that it runs in CI as it does by hand.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { changelogEntry, type Published, pendingChangesets, publishedPackages, tarballOf } from './published.ts';
import { distTagOf, publishAll, refusal } from './publishing.ts';
import { rehearse } from './rehearsal.ts';

/** Generated files and licences, size of the SDK, and the tarballs under publint, attw, other compilers and bundlers. */
const CHECKS = [
  ['run', 'drift'],
  ['run', 'size'],
  ['run', 'test', 'test/packed.test.ts'],
];

async function main(): Promise<void> {
  const { 'dry-run': isDryRun } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } }).values;
  const [startedAt, packages] = [commit(), publishedPackages()];
  const reasons = [...whyNot(packages), ...(isDryRun ? [] : whyNotYet())];
  if (reasons.length > 0) throw new Error(refusal(reasons));
  if (isDryRun) for (const reason of whyNotYet()) console.log(`To be done before a release: ${reason}`);

  for (const words of CHECKS) {
    step(`pnpm ${words.join(' ')}`);
    pnpm(...words);
  }
  step('pnpm pack:all');
  pnpm('run', 'pack:all');
  step('The tarballs, used');
  const cliVersion = packages.find(({ name }) => name === '@lunch-relay/cli')?.version ?? '';
  await rehearse({ files: packages.map(tarballOf), cliVersion }, process.env, (line) => console.log(`  ${line}`));

  // it took minutes, in which somebody may have gone on working
  const changed = [...whyNot(packages), ...(commit() === startedAt ? [] : ['another commit was made meanwhile.'])];
  if (changed.length > 0) throw new Error(refusal(changed));

  step(isDryRun ? 'A dry run: nothing is published. A release would publish' : 'Publishing');
  if (isDryRun) {
    for (const one of packages) console.log(`  ${told(one)}`);
    return;
  }
  const releases = packages.map((one) => ({ ...one, tarball: tarballOf(one) }));
  await publishAll(releases, { folder: process.cwd(), env: process.env }, (line) => console.log(`  ${line}`));
}

/** What is wrong with the tree as it is. */
function whyNot(packages: readonly Published[]): string[] {
  const reasons = [];
  const changed = git('status', '--porcelain');
  if (changed !== '') reasons.push(`the tree is not clean, so it could not be made again from a commit:\n${changed}`);
  for (const { name, folder, version } of packages) {
    const changelog = path.join(folder, 'CHANGELOG.md');
    if (changelogEntry(readFileSync(changelog, 'utf8'), version) === undefined)
      reasons.push(`${changelog} says nothing of ${name} ${version}. Run "npx -y pnpm@12 run versions".`);
  }
  return reasons;
}

/** What a rehearsal can do without. */
function whyNotYet(): string[] {
  const reasons = [];
  const pending = pendingChangesets();
  if (pending.length > 0)
    reasons.push(`no version has ${pending.join(', ')} yet. Run "npx -y pnpm@12 run versions" and commit the result.`);
  if (!isOnMain()) reasons.push('this commit is not on main, where its tags would be looked for.');
  return reasons;
}

/** That of the remote counts too: a checkout in CI may have no branch of its own. */
const isOnMain = () => git('branch', '--all', '--contains', 'HEAD', '--list', 'main', 'origin/main') !== '';

const commit = () => git('rev-parse', 'HEAD');

const told = (one: Published) =>
  `${one.name} ${one.version}${distTagOf(one) === 'latest' ? '' : ` under the tag ${distTagOf(one)}`}`;
const step = (what: string) => console.log(`\n${what}`);
const pnpm = (...words: string[]) => execFileSync('pnpm', words, { stdio: ['ignore', 'inherit', 'inherit'] });
const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8' }).trimEnd();

await main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

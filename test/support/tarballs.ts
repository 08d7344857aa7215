/** The published packages as tarballs, and clean folders to install them in. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { PLAIN } from '../../scripts/surroundings.ts';

export function packAll(): void {
  execFileSync('pnpm', ['run', 'pack:all'], { stdio: 'pipe' });
}

export function tarball(name: string): string {
  const file = readdirSync('release').find((entry) => entry.includes(name));
  if (file === undefined) throw new Error(`no tarball of ${name} under release/`);
  return path.resolve('release', file);
}

const execute = promisify(execFile);

/** Asynchronous: the relay that they ask runs in this very process. */
export const runFile = (
  program: string,
  words: readonly string[],
  { cwd, env = process.env }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
) => execute(program, words, { ...(cwd !== undefined && { cwd }), env: { ...env, ...PLAIN } });

/** A program of this repository's own. */
export const runTool = (name: string, words: readonly string[], cwd: string) =>
  runFile(path.resolve('node_modules/.bin', name), words, { cwd });

/** In a process of its own: Jest's realms have another RegExp than rolldown expects. */
export async function bundle(cwd: string, entry: string, file: string): Promise<void> {
  await runTool('rolldown', [entry, '--file', file, '--format', 'iife', '--platform', 'browser', '--minify'], cwd);
}

export async function npm(words: readonly string[], cwd: string): Promise<void> {
  await runFile('npm', [...words, '--no-audit', '--no-fund'], { cwd });
}

/** Files by name, in a folder that is made for them. */
export function writeProject(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** A program of the repository in a process of its own, run from its source as the scripts of package.json run it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface Program {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it has written so far. */
  readonly said: { stdout: string; stderr: string };
  /** Its exit status. */
  readonly ended: Promise<number | null>;
}

export function startProgram(
  source: string,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Program {
  const child = spawn('node', ['--conditions=@lunch-relay/source', source, ...words], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk) => {
      said[stream] += String(chunk);
    });
  }
  return { child, said, ended: once(child, 'close').then(([exitCode]) => exitCode as number | null) };
}

/** wrk: one thread, since the server needs the other cores; paths and result go through `wrk.lua`. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type LoadPlan, type LoadResult, nextNumber, type Paths } from './plan.ts';

const SCRIPT = path.join(import.meta.dirname, 'wrk.lua');
/** An answer that takes longer counts as none. */
const TIMEOUT_S = 10;

export async function runWrk(
  program: string,
  { url, paths, fields, connections, seconds }: LoadPlan,
): Promise<LoadResult> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-wrk-'));
  try {
    const words = [
      ...['--threads', '1', '--connections', String(connections), '--duration', `${Math.max(1, Math.round(seconds))}s`],
      ...['--timeout', `${TIMEOUT_S}s`, '--script', SCRIPT],
      ...Object.entries(fields).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      url + (paths.kind === 'one' ? paths.path : '/'),
      ...wordsFor(paths, folder),
    ];
    // it ends by itself; if it does not, it hangs
    const options = { timeout: (seconds + 2 * TIMEOUT_S) * 1_000 };
    const { stdout } = await promisify(execFile)(program, words, options);
    return parseWrk(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wordsFor(paths: Paths, folder: string): string[] {
  if (paths.kind === 'one') return [];
  if (paths.kind === 'distinct') return ['--', 'distinct', `${paths.prefix}${nextNumber()}-`];
  const file = path.join(folder, 'paths');
  writeFileSync(file, `${paths.paths.join('\n')}\n`);
  return ['--', 'each', file];
}

/** Reads what `wrk.lua` has written. Throws if it is not there, or not whole. */
export function parseWrk(output: string): LoadResult {
  const line = /^RESULT (\{.*\})$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`wrk gave no result:\n${output}`);
  const said = JSON.parse(line) as Record<string, unknown>;
  const count = (name: string) => {
    const value = said[name];
    if (typeof value !== 'number') throw new Error(`wrk gave no ${name}: ${line}`);
    return value;
  };
  const requests = count('requests');
  return {
    requests,
    requestsPerSecond: requests / (count('durationUs') / 1e6),
    p50Ms: count('p50Us') / 1_000,
    p99Ms: count('p99Us') / 1_000,
    maxMs: count('maxUs') / 1_000,
    failures: count('broken') + count('refused'),
  };
}

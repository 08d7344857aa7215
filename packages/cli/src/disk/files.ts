/** JSON files that are whole at every moment, whoever else writes them. */
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** What is in a file; undefined where there is none. Throws for what cannot be read or is no JSON. */
export function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
}

/**
 * Replaces a file, or the one that a link leads to, at once: a reader sees the old one or the new one. Makes the folder.
 * Throws where it cannot be written.
 */
export function writeJson(name: string, value: unknown): void {
  const file = targetOf(name);
  makeFolder(path.dirname(file));
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    // a URL of a relay may hold a password
    writeFileSync(temporary, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** People keep their settings elsewhere, and link them. */
function targetOf(file: string): string {
  const target = quietly(() => realpathSync(file));
  if (target !== undefined) return target;
  const link = quietly(() => readlinkSync(file));
  return link === undefined ? file : path.resolve(path.dirname(file), link);
}

/** With its parents. Node's own `recursive` never ends where a parent cannot be made without a reason, as under /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

const PATIENCE_MS = 2_000;
const STEP_MS = 10;
/** Nobody works on a file for so long: whoever made the lock has died. */
const ABANDONED_MS = 10_000;

/** Runs work on a file while nobody else does who asks here. Throws where the folder cannot be written, or it takes too long. */
export async function withLock<T>(file: string, work: () => T): Promise<T> {
  const lock = `${file}.lock`;
  makeFolder(path.dirname(file));
  for (let waitedMs = 0; !take(lock); waitedMs += STEP_MS) {
    if (waitedMs >= PATIENCE_MS) throw new Error(`another lunch holds ${lock}; delete it if there is none`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > ABANDONED_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** What the disk gives, or undefined where it gives nothing but trouble: for what can be done without. */
export function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

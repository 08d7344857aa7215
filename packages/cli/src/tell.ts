/** How `lunch` speaks beside its output. */
import type { Io, Output } from './io.ts';
import { safe } from './output/safe.ts';

/** On each stream: what keeps one question from being answered keeps the next one too, and is told once. */
const told = new WeakMap<Output, Set<string>>();

/** A line on standard error, each once, in which nothing controls the terminal. */
export function tell({ stderr }: Io, message: string): void {
  const before = told.get(stderr) ?? new Set();
  if (before.has(message)) return;
  told.set(stderr, before.add(message));
  stderr.write(`lunch: ${safe(message)}\n`);
}

/** How `lunch` speaks beside its output. */
import type { Io } from './io.ts';
import { safe } from './output/safe.ts';

/** A line on standard error, in which nothing controls the terminal. */
export function tell({ stderr }: Io, message: string): void {
  stderr.write(`lunch: ${safe(message)}\n`);
}

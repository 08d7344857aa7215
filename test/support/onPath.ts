import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where a program is, or undefined. */
export function onPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, program))
    .find(existsSync);
}

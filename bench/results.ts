/** Where results go, and what is told of the machine and the tools that they come from. */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const RESULTS = path.join(import.meta.dirname, 'results');

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly node: string;
  /** Over the minute before the start: what else the machine did. */
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  const [first] = os.cpus();
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGib: Math.round(os.totalmem() / 1024 ** 3),
    kernel: os.release(),
    node: process.version,
    loadAverage: Math.round((os.loadavg()[0] ?? 0) * 100) / 100,
  };
}

export const machineLine = ({ processor, cores, memoryGib, kernel, node, loadAverage }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGib} GiB, Linux ${kernel}, Node ${node}; load before the start ${loadAverage}`;

/** Writes `name.json` and the pages and plots beside it, and says where. */
export function writeResult(
  folder: string,
  name: string,
  result: object,
  pages: Readonly<Record<string, string>>,
): void {
  mkdirSync(folder, { recursive: true });
  const files = { [`${name}.json`]: `${JSON.stringify(result, rounded, 2)}\n`, ...pages };
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  console.log(`\nWritten to ${path.relative('.', folder) || '.'}: ${Object.keys(files).join(', ')}`);
}

/** Nobody needs more than a thousandth. */
const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value);

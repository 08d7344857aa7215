/** What processes have used, from Linux's /proc: a server counts with all processes that it has started. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  /** User and system time since the start, in microseconds, in steps of 10,000. */
  readonly cpuUs: number;
  readonly rssBytes: number;
  readonly openFiles: number;
}

/** Linux tells times in hundredths of a second on every architecture that Node runs on. */
const TICK_US = 10_000;

/** Of a process and all that come from it; what ends meanwhile counts no more. */
export function usageOf(pid: number): Usage {
  return familyOf(pid)
    .map(usageOfOne)
    .reduce((sum, one) => ({
      cpuUs: sum.cpuUs + one.cpuUs,
      rssBytes: sum.rssBytes + one.rssBytes,
      openFiles: sum.openFiles + one.openFiles,
    }));
}

function usageOfOne(pid: number): Usage {
  const fields = statOf(pid);
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? '0';
  return {
    cpuUs: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_US,
    rssBytes: Number(rss) * 1024,
    openFiles: filesOf(pid),
  };
}

function filesOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

function familyOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(statOf(Number(name))[1]) }));
  const below = (parent: number): number[] => [
    parent,
    ...parents.filter((one) => one.parent === parent).flatMap((one) => below(one.pid)),
  ];
  return below(pid);
}

/** From the state on: what stands before it is the name, which may hold blanks and brackets. */
const statOf = (pid: number) =>
  textOf(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

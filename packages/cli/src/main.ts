#!/usr/bin/env node
/**
 * Arguments, streams, signals, exit status. Of `process` the others have what they are given here, but for its number
 * (disk/files.ts) and its modules (relay/httpFetch.ts).
 */
import os from 'node:os';
import { ExitCode } from './exitCodes.ts';
import { run } from './program.ts';
import { installLightFetch } from './relay/lightFetch.ts';
import { isOldNode, OLDEST_NODE } from './version.ts';

if (isOldNode(process.versions.node)) {
  // whatever is missing there would be told as the relay's fault
  process.stderr.write(`lunch: Node.js ${OLDEST_NODE} or newer is needed, and this is ${process.versions.node}\n`);
  process.exit(ExitCode.fault);
}

const restores = new Set<() => void>();
const end = (exitCode: number) => {
  for (const restore of restores) restore();
  process.exit(exitCode);
};
const SIGNALS = { SIGHUP: ExitCode.hungUp, SIGINT: ExitCode.interrupted, SIGTERM: ExitCode.terminated } as const;
for (const [signal, exitCode] of Object.entries(SIGNALS)) process.on(signal, () => end(exitCode));
// errors of the two outputs come here, too: to listen for them there would open both, which takes time
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  // `lunch | head`: whoever reads has enough
  if (error.code === 'EPIPE') end(ExitCode.shown);
  const what = error.syscall === 'write' ? 'cannot write' : 'this should not happen';
  process.stderr.write(`lunch: ${what}: ${error.message}\n`);
  end(ExitCode.fault);
});

installLightFetch(globalThis);

void run(process.argv.slice(2), {
  // looked at only by what asks the user: opening it takes time, and it may be closed
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  platform: process.platform,
  homeDirectory: homeDirectory(),
  clock: Date.now,
  random: Math.random,
  whenInterrupted(restore) {
    restores.add(restore);
    return () => restores.delete(restore);
  },
}).then((exitCode) => {
  process.exitCode = exitCode;
});

/** A user without an entry in passwd has none. */
function homeDirectory(): string | undefined {
  try {
    return os.homedir();
  } catch {
    return undefined;
  }
}

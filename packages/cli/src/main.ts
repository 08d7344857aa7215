#!/usr/bin/env node
/** Arguments, streams, exit status. The only file that touches `process`. */
import { run } from './program.ts';

// `lunch | head`: whoever reads has enough
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  clock: Date.now,
});

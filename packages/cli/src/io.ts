/** Everything of the outside that a command may use, so that a test can give it another one. */

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output & NodeJS.WritableStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Chalk's level for an output: 0 is no colour. NO_COLOR (no-color.org) goes before FORCE_COLOR. */
export function colourLevel(output: Output, environment: Io['environment']): 0 | 1 {
  if (environment['NO_COLOR']) return 0;
  if (environment['FORCE_COLOR'] !== undefined) return environment['FORCE_COLOR'] === '0' ? 0 : 1;
  return output.isTTY === true && environment['TERM'] !== 'dumb' ? 1 : 0;
}

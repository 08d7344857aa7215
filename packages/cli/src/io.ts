/** Everything of the outside that a command may use, so that a test can give it another one. */

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Of the terminal, in cells; absent or 0 where it is not known. */
  readonly columns?: number;
  readonly rows?: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface Io {
  readonly stdin: NodeJS.ReadableStream & {
    readonly isTTY?: boolean;
    setRawMode?(isRaw: boolean): unknown;
  };
  readonly stdout: Output;
  readonly stderr: Output & NodeJS.WritableStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Undefined where the user has none. */
  readonly homeDirectory: string | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** What a signal that ends the program has to put right first. Gives the function that takes it back. */
  readonly whenInterrupted: (restore: () => void) => () => void;
}

/** Whether somebody sits there who can be asked. */
export const isInteractive = ({ stdin, stdout, environment }: Io): boolean =>
  stdin.isTTY === true && stdout.isTTY === true && environment['TERM'] !== 'dumb';

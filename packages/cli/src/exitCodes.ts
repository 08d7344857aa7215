/** What the exit status tells a script. */
export const ExitCode = {
  shown: 0,
  fault: 1,
  usage: 2,
  unknownRestaurant: 3,
  noDishMatched: 4,
  unreachable: 5,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends a command with one line on standard error and an exit status. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What the exit status tells a script: the one table. `lunch help exit-codes` prints it. */
export const ExitCode = {
  shown: 0,
  fault: 1,
  usage: 2,
  unknownRestaurant: 3,
  noDishMatched: 4,
  unreachable: 5,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export const EXIT_CODE_MEANINGS: ReadonlyArray<readonly [ExitCode, string]> = [
  [ExitCode.shown, 'something was shown, or done (a restaurant that is closed was shown)'],
  [ExitCode.fault, 'a fault: of the relay, of a file, of the browser; or no such link is known (open)'],
  [ExitCode.usage, 'wrong usage: an option or its value (--region, too), an ambiguous name'],
  [ExitCode.unknownRestaurant, 'a word names no restaurant, and no region'],
  [ExitCode.noDishMatched, 'no dish matched today, or nobody is known to serve (random)'],
  [
    ExitCode.unreachable,
    'the relay, or the lunch-menu API behind it, cannot be reached, and nothing is kept that helps',
  ],
  [ExitCode.hungUp, 'the terminal is gone (SIGHUP)'],
  [ExitCode.interrupted, 'Ctrl-C (SIGINT)'],
  [ExitCode.terminated, 'ended from outside (SIGTERM)'],
];

/** Ends a command with one line on standard error and an exit status. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Whether what was asked for is refused, by the relay or by `lunch` itself. */
export function isUsage(error: unknown): error is CommandError {
  return error instanceof CommandError && error.exitCode === ExitCode.usage;
}

/** Whether a later call may do better, so that what is kept on disk may stand in. */
export function isUnreachable(error: unknown): error is CommandError {
  return error instanceof CommandError && error.exitCode === ExitCode.unreachable;
}

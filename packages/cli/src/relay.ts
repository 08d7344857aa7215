/** The relay as the commands see it: the SDK, a spinner while it is slow, and its errors in words for a terminal. */
import { createLunchClient, type LunchClient, LunchError } from '@lunch-relay/sdk';
import { CommandError, ExitCode } from './exitCodes.ts';
import type { Io } from './io.ts';

export interface Relay {
  /** Runs a call and says on a terminal that it is under way, if it takes long. Throws CommandError. */
  ask<T>(call: (client: LunchClient) => Promise<T>): Promise<T>;
}

/** A spinner that comes and goes at once is worse than none. */
const SPINNER_AFTER_MS = 300;

export function openRelay(url: string, io: Io): Relay {
  const client = connect(url);
  const shownUrl = withoutCredentials(url);
  return {
    async ask(call) {
      const stopSpinner = startSpinner(io);
      try {
        return await call(client);
      } catch (error) {
        throw toCommandError(error, shownUrl);
      } finally {
        await stopSpinner();
      }
    },
  };
}

function connect(url: string): LunchClient {
  try {
    return createLunchClient({ baseUrl: url });
  } catch {
    throw new CommandError(
      `the relay must be an http: or https: URL, not "${withoutCredentials(url)}" (--relay, LUNCH_RELAY_URL)`,
      ExitCode.usage,
    );
  }
}

/** For messages, which end up in logs. */
const withoutCredentials = (url: string) => url.replace(/\/\/[^/@]*@/, '//');

/** Gives the function that takes the spinner away again. */
function startSpinner(io: Io): () => Promise<void> {
  if (io.stderr.isTTY !== true || io.environment['TERM'] === 'dumb') return async () => {};
  let spinning: Promise<{ stop(): unknown }> | undefined;
  const timer = setTimeout(() => {
    // ora takes over standard input unless told not to, and Ctrl-C would then not end the program
    spinning = import('ora').then(({ default: ora }) =>
      ora({ text: 'Asking the relay', stream: io.stderr, discardStdin: false }).start(),
    );
  }, SPINNER_AFTER_MS);
  return async () => {
    clearTimeout(timer);
    (await spinning)?.stop();
  };
}

function toCommandError(error: unknown, url: string): Error {
  if (!(error instanceof LunchError)) return error as Error;
  switch (error.kind) {
    case 'connection':
      return new CommandError(
        `no relay answers at ${url} (${error.message}). Start one with "npx -y pnpm@12 start", or say where one is with --relay or LUNCH_RELAY_URL.`,
        ExitCode.unreachable,
      );
    case 'timeout':
    case 'upstream_unavailable':
    case 'rate_limited':
      return new CommandError(`${error.message} Try again in a while.`, ExitCode.unreachable);
    case 'invalid_response':
      return new CommandError(`what answers at ${url} is no Lunch Relay (${error.message})`, ExitCode.fault);
    case 'invalid_request':
      return new CommandError(error.message, ExitCode.usage);
    default:
      return new CommandError(error.message, ExitCode.fault);
  }
}

/** The relay as the commands see it: the SDK with one deadline, a spinner while it is slow, its errors in words. */
import { createLunchClient, isLunchError, type LunchClient, type LunchError } from '@lunch-relay/sdk';
import { CommandError, ExitCode } from '../exitCodes.ts';
import type { Io } from '../io.ts';
import { colourLevel } from '../output/appearance.ts';
import { withoutCredentials } from '../output/safe.ts';
import type { Settings } from '../settings.ts';
import { VERSION } from '../version.ts';
import { httpFetch } from './httpFetch.ts';
import { startSpinner } from './spinner.ts';

export interface Relay {
  /** For messages: without user name and password. */
  readonly url: string;
  /** Runs a call and says on a terminal that it is under way, if it takes long. Throws CommandError. */
  ask<T>(call: (client: LunchClient, options: { signal: AbortSignal }) => Promise<T>): Promise<T>;
}

/** Asks nothing yet. Throws CommandError (2) for a proxy that is none. */
export async function openRelay(settings: Settings, io: Io): Promise<Relay> {
  const url = withoutCredentials(settings.relay.value);
  const client = await connect(settings, io);
  const hasColour = colourLevel(io.stderr, io.environment, settings.color.value) > 0;
  // one time for all calls of a command, in which waiting for the user does not count
  let leftMs = settings.timeoutMs.value;
  return {
    url,
    async ask(call) {
      const stopSpinner = startSpinner(io, `Asking ${url}`, hasColour);
      const startedAt = performance.now();
      const signal = AbortSignal.timeout(Math.max(1, Math.round(leftMs)));
      try {
        return await call(client, { signal });
      } catch (error) {
        throw signal.aborted ? tooLate(url, settings) : toCommandError(error, url, settings);
      } finally {
        leftMs -= performance.now() - startedAt;
        await stopSpinner();
      }
    },
  };
}

async function connect({ relay, timeoutMs }: Settings, io: Io): Promise<LunchClient> {
  const options = {
    baseUrl: relay.value,
    // the command's own deadline comes first
    timeoutMs: timeoutMs.value + 1_000,
    totalTimeoutMs: timeoutMs.value + 1_000,
    // the relay itself asks the lunch-menu API again
    retries: 0,
    appInfo: { name: 'lunch', version: VERSION },
  };
  return createLunchClient({ ...options, fetch: await chooseFetch(relay, io) });
}

/** No proxy leads to this machine. */
async function chooseFetch({ value: url }: Settings['relay'], { environment }: Io) {
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
  if (isOnThisMachine(url) || !names.some((name) => environment[name])) return httpFetch;
  try {
    return (await import('./proxyFetch.ts')).createProxyFetch(environment);
  } catch (error) {
    const message = `the proxy in the environment cannot be used: ${(error as Error).message}`;
    throw new CommandError(message, ExitCode.usage);
  }
}

const isOnThisMachine = (url: string) => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);

const tooLate = (url: string, { timeoutMs }: Settings) =>
  new CommandError(
    `no answer from ${url} within ${timeoutMs.value / 1000} s. Try again in a while, or allow more with --timeout.`,
    ExitCode.unreachable,
  );

function toCommandError(error: unknown, url: string, settings: Settings): Error {
  if (!isLunchError(error)) return error as Error;
  switch (error.kind) {
    case 'connection':
      return new CommandError(noRelay(error, url, settings), ExitCode.unreachable);
    case 'timeout':
    case 'upstream_unavailable':
    case 'rate_limited':
      return new CommandError(`${error.message} Try again in a while.`, ExitCode.unreachable);
    case 'invalid_response':
      if (error.retryable) {
        return new CommandError(`the answer from ${url} was cut short. Try again in a while.`, ExitCode.unreachable);
      }
      return new CommandError(`what answers at ${url} is no Lunch Relay (${error.message})`, ExitCode.fault);
    case 'invalid_request':
      return new CommandError(error.message, ExitCode.usage);
    default:
      return new CommandError(error.message, ExitCode.fault);
  }
}

function noRelay(error: LunchError, url: string, { relay }: Settings): string {
  const start = 'Start one with "npx -y pnpm@12 start" in a clone of Lunch Relay, or name';
  if (relay.from === 'default') {
    return `no relay is configured and none answers at ${url}. ${start} one in LUNCH_RELAY_URL.`;
  }
  const remedy = isOnThisMachine(relay.value) ? start : 'Name';
  return `no relay answers at ${url} (${error.message}). ${remedy} another with --relay or LUNCH_RELAY_URL.`;
}

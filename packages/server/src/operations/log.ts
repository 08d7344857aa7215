/** The log: one JSON line per event on standard output, or the same for people. */
import { type DestinationStream, destination, type Logger, pino, stdSerializers } from 'pino';

export type Log = Logger;

/** `stream` is where lines go; standard output, each at once, unless given. */
export function createLog(level: string, stream?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: createTimestamp(),
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: toLogged },
  };
  return stream ? pino(options, stream) : pino(options);
}

/** ISO 8601. Within a second only its end changes, and it is asked for with every line. */
function createTimestamp(): () => string {
  let second = Number.NaN;
  let start = '';
  return () => {
    const now = Date.now();
    const current = Math.floor(now / 1000);
    if (current !== second) {
      second = current;
      start = new Date(current * 1000).toISOString().slice(0, -'000Z'.length);
    }
    return `,"time":"${start}${String(now % 1000).padStart(3, '0')}Z"`;
  };
}

/**
 * Of an error what it says and where, and nothing that hangs on it: credentials of clients pass through the relay and never
 * into its log. (A list of paths to redact would be searched for in every line, and know only those that it names.)
 */
function toLogged(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as NodeJS.ErrnoException;
  return { type, message, stack, ...(code !== undefined && { code }) };
}

/** Lines wait so long, in ms, for others to be written with: a call to the system costs more than an answer. */
const WRITE_EVERY_MS = 100;
const WRITE_FROM_BYTES = 8_192;

/** Standard output, some lines at a time. `flushSync` writes what is left: to be called before the process ends. */
export const jsonDestination = (): DestinationStream & { flushSync(): void } =>
  destination({ dest: 1, sync: true, minLength: WRITE_FROM_BYTES, periodicFlush: WRITE_EVERY_MS });

/** A destination that writes lines as people read them, in colours if wanted. At once, so that a crash loses none. */
export async function prettyDestination(isColoured: boolean): Promise<DestinationStream> {
  // in memory only where people read
  const { default: pretty } = await import('pino-pretty');
  return pretty({ colorize: isColoured, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'hostname,pid' });
}

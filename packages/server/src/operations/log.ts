/** The log: one JSON line per event on standard output, or the same for people. */
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

export type Log = Logger;

/** `destination` is where lines go; standard output unless given. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    // credentials of clients pass through the relay and never into its log
    redact: ['headers.authorization', 'headers.cookie', '*.headers.authorization', '*.headers.cookie'],
  };
  return destination ? pino(options, destination) : pino(options);
}

/** A destination that writes lines as people read them, in colours if wanted. At once, so that a crash loses none. */
export const prettyDestination = (isColoured: boolean): DestinationStream =>
  pretty({ colorize: isColoured, sync: true, translateTime: 'SYS:HH:MM:ss', ignore: 'hostname,pid' });

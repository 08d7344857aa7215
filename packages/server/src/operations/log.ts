/** The log: one JSON line per event on standard output. */
import { type DestinationStream, type Logger, pino } from 'pino';

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

/**
 * How slowly a client may send a body: it has to keep up a kilobyte a second on the whole, with half a minute to its
 * credit, so that neither silence nor a byte now and then can hold a connection (Node's own limit is on the whole of a
 * request, which a large upload needs longer than).
 */
import type { IncomingMessage } from 'node:http';

export interface PaceLimits {
  readonly bytesPerSecond: number;
  /** The credit that a client begins with, and never has more of. */
  readonly patienceMs: number;
  /** How often it is looked at. */
  readonly intervalMs: number;
}

export const PACE: PaceLimits = { bytesPerSecond: 1_000, patienceMs: 30_000, intervalMs: 1_000 };

export interface Pace {
  /** Watches a request until it has arrived or its connection is gone. */
  watch(request: IncomingMessage, onTooSlow: () => void): void;
  stop(): void;
}

export function createPace({ bytesPerSecond, patienceMs, intervalMs }: PaceLimits): Pace {
  const watched = new Map<IncomingMessage, { creditMs: number; seenBytes: number; onTooSlow: () => void }>();

  const look = () => {
    for (const [request, entry] of watched) {
      const { bytesRead } = request.socket;
      const earnedMs = ((bytesRead - entry.seenBytes) / bytesPerSecond) * 1000;
      entry.seenBytes = bytesRead;
      // nobody reads it at the moment: not the client's fault
      const spentMs = request.readableFlowing === true ? intervalMs : 0;
      entry.creditMs = Math.min(patienceMs, entry.creditMs + earnedMs - spentMs);
      if (request.complete) watched.delete(request);
      else if (entry.creditMs <= 0) {
        watched.delete(request);
        entry.onTooSlow();
      }
    }
  };
  const timer = setInterval(look, intervalMs).unref();

  return {
    watch(request, onTooSlow) {
      watched.set(request, { creditMs: patienceMs, seenBytes: request.socket.bytesRead, onTooSlow });
      request.once('close', () => watched.delete(request));
    },
    stop: () => clearInterval(timer),
  };
}

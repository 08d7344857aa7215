/**
 * How slowly a client may send a body: it has to keep up a kilobyte a second on the whole, with some patience to its
 * credit, so that neither silence nor a byte now and then can hold a connection (Node's own limit is on the whole of a
 * request, which a large upload needs longer than).
 */
import type { IncomingMessage } from 'node:http';

const BYTES_PER_MS = 1;

export interface Pace {
  /** Watches a request until it has arrived or its connection is gone. */
  watch(request: IncomingMessage, onTooSlow: () => void): void;
  stop(): void;
}

/** `patienceMs` is the credit that a client begins with, and never has more of. */
export function createPace(patienceMs: number): Pace {
  const watched = new Map<IncomingMessage, { creditMs: number; seenBytes: number; onTooSlow: () => void }>();
  const intervalMs = Math.min(1_000, patienceMs / 4);

  const look = () => {
    for (const [request, entry] of watched) {
      const { bytesRead } = request.socket;
      const earnedMs = (bytesRead - entry.seenBytes) / BYTES_PER_MS;
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

/** Whose turn it is while a body is on its way to the upstream: a client that sends slowly is not the upstream's delay. */
import type { IncomingMessage } from 'node:http';

export interface Upload {
  /**
   * For a deadline to ask whenever its time is over: may the call go on, because bytes have come since it last asked, or
   * because it is the client that keeps the upstream waiting? (How long a client may take is the listener's to say.)
   */
  readonly mayGoOn: () => boolean;
  /** The upstream has said that the body may come: from now on it is the client that is waited for. */
  readonly consented: () => void;
  /** Calls back when a body that was still arriving when it was first read has been read to its end. */
  readonly onSent: (listener: () => void) => void;
}

export function watchUpload(request: IncomingMessage): Upload {
  const { socket } = request;
  const awaitsConsent = request.headers.expect !== undefined;
  let seenBytes = socket.bytesRead;
  let hasBegun = false;
  return {
    mayGoOn() {
      // before anybody reads it, it waits for its turn, and what arrives proves nothing
      if (request.complete || request.readableFlowing === null) return false;
      const moves = socket.bytesRead > seenBytes;
      seenBytes = socket.bytesRead;
      hasBegun ||= moves;
      // read and nothing there: the client's turn, unless it waits for the upstream to say that it may begin
      return moves || (request.readableFlowing === true && (hasBegun || !awaitsConsent));
    },
    consented() {
      hasBegun = true;
    },
    onSent(listener) {
      request.once('resume', () => {
        if (!request.complete) request.once('end', listener);
      });
    },
  };
}

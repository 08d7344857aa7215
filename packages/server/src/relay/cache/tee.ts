/** A body that goes to a client and into the cache at the same time, neither of which can hold up the other. */
import { PassThrough, type Readable } from 'node:stream';

interface TeeOptions {
  /** The largest body that is collected. */
  readonly mostBytes: number;
  /** How long the body may make no progress once nobody but the cache reads it. */
  readonly idleTimeoutMs: number;
  /** Whether it is worth while to go on when the client has left. */
  readonly goesOnAlone: boolean;
  /** The body has come whole, or it is known that it will not be collected: too large, or broken off. */
  readonly onSettled: (body: Buffer | undefined) => void;
}

/**
 * The copy for the client. A client that is slow, or leaves, does not keep the cache from its body: what is collected is in
 * memory anyway. Once the body is too large to be collected, it is the client alone that it comes for.
 */
export function tee(source: Readable, { mostBytes, idleTimeoutMs, goesOnAlone, onSettled }: TeeOptions): Readable {
  const copy = new PassThrough();
  const pieces: Buffer[] = [];
  let bytes = 0;
  let isCollecting = true;
  const settle = (body: Buffer | undefined) => {
    if (!isCollecting) return;
    isCollecting = false;
    clearTimeout(idle);
    onSettled(body);
  };
  const idle = setTimeout(() => source.destroy(), idleTimeoutMs);
  source.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (isCollecting && bytes <= mostBytes) {
      pieces.push(piece);
      idle.refresh();
    } else settle(undefined);
    if (copy.destroyed) {
      if (!isCollecting) source.destroy();
    } else if (!copy.write(piece) && !isCollecting) source.pause();
  });
  source.once('end', () => {
    settle(Buffer.concat(pieces));
    copy.end();
  });
  source.once('error', (error) => copy.destroy(error));
  source.once('close', () => {
    settle(undefined);
    if (!source.readableEnded) copy.destroy();
  });
  copy.on('drain', () => source.resume());
  copy.once('close', () => {
    if (isCollecting && goesOnAlone) source.resume();
    else source.destroy();
  });
  copy.on('error', () => {});
  return copy;
}

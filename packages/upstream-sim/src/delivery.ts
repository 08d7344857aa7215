/**
 * How an answer goes over the wire: whole, or broken in the way that a fault asks for. Knows no route and no state.
 * Rejects with the client's leaving (`left`) where it waits; to a client that has left it sends nothing.
 */
import { once } from 'node:events';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, HeaderLine } from './answer.ts';
import type { Fault } from './faults.ts';

export interface Exchange {
  readonly response: ServerResponse;
  /** Aborts when the client leaves, and also when the answer is complete. */
  readonly left: AbortSignal;
}

/** Time for a client to read what was sent: a reset may overtake bytes that are still under way. */
const HEAD_START_MS = 15;

/** Sends the answer. An answer without a body has nothing to break: body faults send it as it is. */
export async function deliver({ response, left }: Exchange, answer: Answer, fault?: Fault): Promise<void> {
  if (left.aborted) return;
  writeHead(response, answer);
  if (fault?.kind === 'drip') return drip({ response, left }, answer, fault.intervalMs);
  if (fault?.kind === 'truncate') {
    await writeHalf({ response, left }, answer);
    response.socket?.end();
    return;
  }
  if (fault?.kind === 'reset-after-headers') {
    await writeHalf({ response, left }, answer);
    await pause(HEAD_START_MS, left);
    resetConnection(response);
    return;
  }
  if (Buffer.isBuffer(answer.body)) response.end(answer.body);
  else await pipeline(Readable.from(answer.body), response);
}

/** Ends the connection with a TCP reset. */
export function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Waits; 0 does not wait at all. Rejects at once when the client leaves. */
export async function pause(durationMs: number, left: AbortSignal): Promise<void> {
  if (durationMs > 0) await sleep(durationMs, undefined, { signal: left });
}

function writeHead(response: ServerResponse, { status, reason, headers }: Answer): void {
  // the servers that are imitated name a connection only when they close it; Node would name it always, in capitals
  response.removeHeader('connection');
  response.sendDate = false;
  const closing: readonly HeaderLine[] = response.shouldKeepAlive ? [] : [['connection', 'close']];
  // a flat list of names and values keeps spelling, order and repetitions
  response.writeHead(status, reason ?? STATUS_CODES[status] ?? '', [...headers, ...closing].flat());
}

async function writeHalf({ response, left }: Exchange, { body }: Answer): Promise<void> {
  const [piece = Buffer.alloc(0)] = Buffer.isBuffer(body) ? [body] : body;
  response.flushHeaders();
  await write({ response, left }, piece.subarray(0, Math.floor(piece.length / 2)));
}

async function drip({ response, left }: Exchange, { body }: Answer, intervalMs: number): Promise<void> {
  response.flushHeaders();
  for (const piece of Buffer.isBuffer(body) ? [body] : body) {
    for (let index = 0; index < piece.length; index += 1) {
      await write({ response, left }, piece.subarray(index, index + 1));
      await pause(intervalMs, left);
    }
  }
  response.end();
}

async function write({ response, left }: Exchange, bytes: Buffer): Promise<void> {
  if (!response.write(bytes)) await once(response, 'drain', { signal: left });
}

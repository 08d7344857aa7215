/**
 * The way of one request: recorded, let in or rejected by the ingress, hit by a fault or not, answered by the API in its
 * turn or by the sandbox at once, sent.
 * A client that leaves is no error: its place in the queue is dropped and the worker goes on to the next.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, signed, textAnswer } from './answer.ts';
import type { Api } from './api.ts';
import { readTarget, toCall } from './call.ts';
import { deliver, type Exchange, pause, resetConnection } from './delivery.ts';
import { type Fault, type FaultTable, substituteAnswer } from './faults.ts';
import type { Ingress } from './ingress.ts';
import type { ReceivedRequest } from './journal.ts';
import type { Queue } from './queue.ts';
import { isSandboxPath, sandboxAnswer } from './sandbox.ts';

export interface ServiceParts {
  readonly api: Api;
  readonly clock: () => number;
  readonly faults: FaultTable;
  readonly ingress: Ingress;
  /** How long the work on one request takes, in milliseconds. */
  readonly latencyMs: () => number;
  readonly queue: Queue;
  readonly record: (request: ReceivedRequest) => void;
  readonly seed: number;
}

/** The request listener of the server. */
export function createService(parts: ServiceParts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const exchange = { response, left: leaving.signal };
    serve(parts, request, exchange).catch(() => abandon(parts, exchange));
  };
}

async function serve(parts: ServiceParts, request: IncomingMessage, exchange: Exchange): Promise<void> {
  const { method = 'GET', url = '/', rawHeaders } = request;
  const { path, query } = readTarget(url);
  parts.record({ method, url, path, rawHeaders });
  const rejection = parts.ingress.rejection();
  if (rejection) return deliver(exchange, rejection);
  if (path === undefined) return deliver(exchange, parts.ingress.notFound());
  const fault = parts.faults.take(path);
  // nothing is held for it: it ends when the connection does
  if (fault?.kind === 'hang') return;
  const answer = await answerTo(parts, request, { path, query, fault }, exchange.left);
  if (fault?.kind === 'reset-before-headers') resetConnection(exchange.response);
  else await deliver(exchange, answer, fault);
}

interface Task {
  readonly path: string;
  readonly query: string;
  readonly fault: Fault | undefined;
}

async function answerTo(
  { api, clock, latencyMs, queue, seed }: ServiceParts,
  request: IncomingMessage,
  { path, query, fault }: Task,
  left: AbortSignal,
): Promise<Answer> {
  const delayMs = fault?.kind === 'delay' ? fault.delayMs : 0;
  const substitute = substituteAnswer(fault);
  if (isSandboxPath(path)) {
    await pause(delayMs, left);
    return substitute ?? sandboxAnswer(request, { path, query, at: clock(), seed });
  }
  return queue.run(async () => {
    await pause(latencyMs() + delayMs, left);
    return substitute ?? api.answer(toCall(request, path, query));
  }, left);
}

/** Ends what could not be served: nothing to say to a client that left, else what a crashed handler would say. */
function abandon({ clock }: ServiceParts, { response, left }: Exchange): void {
  if (left.aborted) return;
  if (response.headersSent) resetConnection(response);
  else {
    const answer = textAnswer(500, 'text/plain; charset=utf-8', 'Internal Server Error');
    void deliver({ response, left }, signed(answer, 'simulator', clock()));
  }
}

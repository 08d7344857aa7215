/**
 * What is known of the request that is being answered: for log, metrics and problems, and for parts that are far from HTTP
 * (a call to the upstream knows by it on whose behalf it is made).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { beginTrace, type Trace } from './trace.ts';

/** What `front` leaves in `response.locals`, and what the parts say of the request for log and metrics. */
export interface Locals {
  requestId: string;
  /** By `performance.now()`. */
  startedAt: number;
  /** As it came; parts change `request.url`. */
  url: string;
  /** An operation of the contract, `preflight`, `docs`, `relay` or `refused`. */
  route: string;
  /** What the cache made of it, see `noteCacheResult`; undefined where it was not asked. */
  cacheResult?: string;
  /** How long it waited for the upstream, in ms: the sum of its calls. */
  upstreamMs?: number;
  /** Fields for the answer, flat, whatever it will be: those of the rate limit. */
  fields?: string[];
  /** Whether a call to the upstream has been allowed; one counts for all of a request. */
  admission?: Promise<void>;
  trace?: Trace;
}

export type Answering = ServerResponse & { locals: Locals };

export const requestContext = new AsyncLocalStorage<Answering>();

/** The trace of a request, begun when it is first asked for: hits do without. */
export function traceOf({ locals, req }: Answering): Trace {
  // repeated, it is none (Node joins it with a comma)
  locals.trace ??= beginTrace(req.headers['traceparent'] as string | undefined);
  return locals.trace;
}

/** Puts the fields that an answer has whatever it is into it. */
export function setFields(response: Answering): void {
  const { fields = [] } = response.locals;
  for (let index = 0; index < fields.length; index += 2)
    response.setHeader(fields[index] ?? '', fields[index + 1] ?? '');
}

/** From the best to the worst: an answer out of several parts is told by the worst of them. */
const RESULTS = ['hit', 'collapsed', 'stale', 'revalidated', 'bypass', 'miss', 'error'];

/** Of the request that is being answered; undefined if there is none, or if what happens now is no part of its answer. */
function current(): Locals | undefined {
  const answering = requestContext.getStore();
  return answering?.headersSent === false ? answering.locals : undefined;
}

/** Notes what the cache, of either half, made of a request. */
export function noteCacheResult(result: string): void {
  const locals = current();
  if (locals === undefined) return;
  const { cacheResult } = locals;
  if (cacheResult === undefined || RESULTS.indexOf(result) > RESULTS.indexOf(cacheResult)) locals.cacheResult = result;
}

/** Notes that a call to the upstream has ended that a request waited for. */
export function noteUpstreamCall(durationMs: number): void {
  const locals = current();
  if (locals !== undefined) locals.upstreamMs = (locals.upstreamMs ?? 0) + durationMs;
}

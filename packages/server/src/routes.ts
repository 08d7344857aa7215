/**
 * Binds the contract to handlers: parse, handle, headers, send. Knows no single operation.
 * Takes GET, HEAD and their CORS preflights of the contract's paths; everything else goes on to the raw relay.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { z } from 'zod';
import { type OperationId, operations, type ParametersOf, type ResponseOf } from './contract.ts';
import { RelayError } from './errors.ts';
import type { Answering } from './operations/requestContext.ts';
import { isAmong, toNotModifiedHeaders } from './relay/cache/conditions.ts';
import { hitStatus, RELAY_NAME } from './relay/headers.ts';
import type { Standing } from './restaurants/standing.ts';

/** What a handler answers: a body, and the moments (ms since the epoch) that its headers are made of. */
export interface HandlerAnswer<Body> {
  readonly value: Body;
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly result: 'hit' | 'stale' | 'miss';
}

export type Handlers = {
  [Id in OperationId]: (parameters: ParametersOf<Id>) => Promise<HandlerAnswer<ResponseOf<Id>>>;
};

/** What scripts of other origins may read (Fetch, section 3.2.3). */
export const EXPOSED = 'Age, Cache-Status, ETag, X-Request-Id, Retry-After, RateLimit, RateLimit-Policy';

export interface RoutesParts {
  readonly handlers: Handlers;
  readonly clock: () => number;
  readonly standing: Standing;
  /** A typed route answered with something so long past its freshness; 0: fresh. */
  readonly onServed: (overdueMs: number) => void;
  /** An answer out of the cache is sent that can be sent again as it is. */
  readonly onReusable: (request: IncomingMessage, response: ServerResponse, answer: AnsweredAgain) => void;
}

interface Ready {
  readonly fields: readonly string[];
  readonly body: Buffer;
  readonly etag: string;
}

/** What is sent, and whether it would be the same again. Moments are in ms since the epoch. */
export interface AnsweredAgain extends Ready {
  readonly operationId: OperationId;
  readonly storedAt: number;
  readonly freshUntil: number;
  readonly isCurrent: (now: number) => boolean;
}

export function createRoutes({ handlers, clock, standing, onServed, onReusable }: RoutesParts): Router {
  const router = Router({ strict: true, caseSensitive: true });
  for (const operationId of Object.keys(operations) as OperationId[]) {
    const path = operations[operationId].path.replace(/\{(\w+)\}/g, ':$1');
    const answerRequest = async (request: Request, response: Response) => {
      response.locals.route = operationId;
      const answering = response as unknown as Answering;
      // the parameters of one operation go to the handler of the same one: the types agree entry by entry, not as a union
      const handle = handlers[operationId] as (parameters: unknown) => Promise<HandlerAnswer<unknown>>;
      const standsAsOf = standing.begin();
      const answer = await handle(parseParameters(operationId, request));
      // refused meanwhile: the body that came with it was none
      if (response.headersSent) return;
      const now = clock();
      onServed(Math.max(0, now - answer.freshUntil));
      const ready = toReady(answer, answering, now);
      send(request, answering, ready);
      if (answer.result !== 'hit') return;
      const { storedAt, freshUntil } = answer;
      const isCurrent = standsAsOf(freshUntil);
      onReusable(request, answering, { ...ready, operationId, storedAt, freshUntil, isCurrent });
    };
    router.all(path, forReaders(answerRequest));
  }
  return router;
}

/**
 * A handler for all methods of a path of which only GET and HEAD are answered here, with the preflights for these; the rest
 * goes on. (A router with a GET of its own would answer every OPTIONS with a list of methods.)
 */
export function forReaders(answer: (request: Request, response: Response) => unknown): RequestHandler {
  return (request, response, next) => {
    if (isPreflight(request)) return answerPreflight(request, response);
    return isReading(request.method) ? answer(request, response) : next();
  };
}

const isReading = (method: string | undefined) => method === 'GET' || method === 'HEAD';

/** Whether a page may do anything else is the upstream's to say (Fetch, section 3.2.2). */
function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && isReading(headers['access-control-request-method']);
}

function answerPreflight(request: Request, response: Response): void {
  const asked = request.headers['access-control-request-headers'];
  response.locals.route = 'preflight';
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, HEAD',
    'Access-Control-Max-Age': '86400',
  });
  if (asked !== undefined)
    response.set({ 'Access-Control-Allow-Headers': asked, Vary: 'Access-Control-Request-Headers' });
  response.status(204).end();
}

function parseParameters(operationId: OperationId, request: Request): unknown {
  const { path, query } = operations[operationId].parameters as { path?: z.ZodObject; query?: z.ZodObject };
  const parsed = [path?.safeParse(request.params), query?.safeParse(request.query)].filter(
    (result) => result !== undefined,
  );
  const issue = parsed.flatMap((result) => result.error?.issues ?? [])[0];
  if (issue) {
    const parameter = issue.path.join('.');
    throw new RelayError('invalid_request', { detail: `${parameter}: ${issue.message}.`, members: { parameter } });
  }
  return Object.assign({}, ...parsed.map((result) => result.data));
}

/** `max-age` is the whole lifetime: clients subtract `Age` from it (RFC 9111, section 4.2). */
function toReady(answer: HandlerAnswer<unknown>, { locals }: Answering, now: number): Ready {
  const body = Buffer.from(JSON.stringify(answer.value));
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const seconds = (ms: number) => Math.max(0, Math.floor(ms / 1000));
  const fields = [
    ...['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', EXPOSED],
    ...['X-Request-Id', locals.requestId, 'Content-Type', 'application/json; charset=utf-8'],
    ...['Age', String(seconds(now - answer.storedAt))],
    ...['Cache-Control', `public, max-age=${seconds(answer.freshUntil - answer.storedAt)}`],
    ...['Cache-Status', cacheStatus(answer, seconds(answer.freshUntil - now))],
    ...['ETag', etag, 'Content-Length', String(body.length)],
  ];
  return { fields, body, etag };
}

function send(request: Request, response: Answering, { fields, body, etag }: Ready): void {
  const all = [...fields, ...(response.locals.fields ?? [])];
  const tags = request.headers['if-none-match'];
  if (tags !== undefined && isAmong(etag, tags)) {
    response.writeHead(304, toNotModifiedHeaders(all)).end();
    return;
  }
  response.writeHead(200, all).end(request.method === 'HEAD' ? undefined : body);
}

/** RFC 9211. */
function cacheStatus({ result }: HandlerAnswer<unknown>, ttl: number): string {
  if (result === 'hit') return hitStatus(ttl);
  return result === 'stale' ? `${RELAY_NAME}; hit; detail=stale` : `${RELAY_NAME}; fwd=uri-miss; stored; ttl=${ttl}`;
}

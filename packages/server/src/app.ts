/** The order of everything that answers a request: documents, typed routes, raw relay, errors. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type NextFunction, type Request, type Response } from 'express';
import { operations } from './contract.ts';
import { createDocs } from './docs.ts';
import { RelayError, toProblem, toRelayError } from './errors.ts';
import type { Log } from './operations/log.ts';
import { type Answering, setFields, traceOf } from './operations/requestContext.ts';
import type { Trace } from './operations/trace.ts';
import type { Trust } from './relay/forwarding.ts';
import type { Relay } from './relay/relay.ts';
import { ASTERISK } from './relay/requestTarget.ts';
import { createRoutes, EXPOSED, type RoutesParts } from './routes.ts';

interface AppParts {
  readonly routes: RoutesParts;
  readonly relay: Relay;
  readonly log: Log;
  readonly trust: Trust;
}

/** Answers every request; what is the relay's own goes through Express, and what is relayed needs no router. */
export function createApp({ routes, relay, log, trust }: AppParts): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  // whatever NODE_ENV says, no stack is shown to a client
  app.set('env', 'production');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', trust);
  app.enable('strict routing');
  app.enable('case sensitive routing');
  // no body parser: the raw relay hands bodies on as they come
  app.use(createDocs());
  app.use(createRoutes(routes));
  const relayRaw = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answering = response as Answering;
    answering.locals.route = 'relay';
    if (request.url === ASTERISK) return answerForServer(request, answering);
    passOnTrace(request, traceOf(answering));
    return relay(request, response, answering.locals.requestId);
  };
  app.use(relayRaw);
  // a typed path whose parameter cannot be decoded, asked with a method that is not the typed route's
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) =>
    isMalformedUri(error) && request.method !== 'GET' && request.method !== 'HEAD'
      ? relayRaw(request, response)
      : next(error),
  );
  const handleError = createErrorHandler(log);
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    handleError(error, request, response),
  );
  return (request, response) => {
    if (isOwn(request.url ?? '/')) app(request, response);
    else relayRaw(request, response).catch((error: unknown) => handleError(error, request, response));
  };
}

/**
 * Who asks for the options of the server as a whole wants to know whether it is there (RFC 9110, section 9.3.7), and the
 * upstream's server is more than what the relay is for.
 */
function answerForServer({ method }: IncomingMessage, response: Answering): Promise<void> {
  if (method !== 'OPTIONS') {
    return Promise.reject(new RelayError('invalid_path', { detail: 'The request target is not a path.' }));
  }
  response.writeHead(204, { 'X-Request-Id': response.locals.requestId }).end();
  return Promise.resolve();
}

const OWN = new Set(['docs', 'openapi.json', ...Object.values(operations).map(({ path }) => firstSegment(path))]);

/** Whether a router has to be asked: of the relay's own are only URIs that begin like one of its own, to the letter. */
const isOwn = (url: string) => OWN.has(firstSegment(url));

function firstSegment(url: string): string {
  const end = url.slice(1).search(/[/?#]/);
  return end < 0 ? url.slice(1) : url.slice(1, end + 1);
}

/** The one place that turns an error into a response. */
function createErrorHandler(log: Log) {
  return (thrown: unknown, request: IncomingMessage, response: ServerResponse): void => {
    const error = isMalformedUri(thrown)
      ? new RelayError('invalid_request', { detail: 'The path is not valid percent-encoding.' })
      : toRelayError(thrown);
    const answering = response as Answering;
    const { requestId } = answering.locals;
    if (error.code === 'internal_error') {
      log.error({ err: thrown, requestId, traceId: traceOf(answering).traceId }, 'a fault of the relay');
    }
    if (response.headersSent || request.socket.destroyed) {
      response.destroy();
      return;
    }
    sendProblem(answering, error);
    // of an upload that nobody takes any more: its client may read the answer only then (RFC 9112, section 9.6), and Node lets
    // go by itself of those alone that nobody has begun to read
    request.unpipe().resume();
  };
}

/** Puts the trace into the fields for the upstream; the state of another does not go with it. */
function passOnTrace({ rawHeaders, headers }: IncomingMessage, { traceparent, isContinued }: Trace): void {
  const replaced = isContinued ? ['traceparent'] : ['traceparent', 'tracestate'];
  if (replaced.some((field) => headers[field] !== undefined)) {
    const isKept = (index: number) => !replaced.includes(rawHeaders[index - (index % 2)]?.toLowerCase() ?? '');
    rawHeaders.splice(0, rawHeaders.length, ...rawHeaders.filter((_, index) => isKept(index)));
    for (const field of replaced) delete headers[field];
  }
  rawHeaders.push('traceparent', traceparent);
  headers['traceparent'] = traceparent;
}

/** Express's router decodes parameters, and says so with a 400 of its own where that fails. */
const isMalformedUri = (error: unknown) => error instanceof URIError;

/** Answers with the RFC 9457 document of an error. Works on a plain `node:http` response too: `front` refuses before Express. */
export function sendProblem(response: Answering, error: RelayError): void {
  const { retryAfter } = error.members;
  const { requestId } = response.locals;
  const { traceId } = traceOf(response);
  response.statusCode = error.status;
  // of a head that could not be written its phrase is left, and that there shall be no date
  response.statusMessage = '';
  response.sendDate = true;
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Request-Id', requestId);
  if (typeof retryAfter === 'number') response.setHeader('Retry-After', String(retryAfter));
  setFields(response);
  // as the upstream has it: whoever may read its answers may read why there is none
  if (response.req.headers.origin !== undefined) {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', EXPOSED);
  }
  response.end(JSON.stringify(toProblem(error, { requestId, traceId })));
}

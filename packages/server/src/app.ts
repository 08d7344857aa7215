/** The order of everything that answers a request: documents, typed routes, raw relay, errors. */
import type { ServerResponse } from 'node:http';
import express, {
  type ErrorRequestHandler,
  type Express,
  type NextFunction,
  type Request,
  type Response,
} from 'express';
import { createDocs } from './docs.ts';
import { RelayError, toProblem, toRelayError } from './errors.ts';
import type { Log } from './operations/log.ts';
import type { Relay } from './relay/relay.ts';
import { createRoutes, type Handlers } from './routes.ts';

interface AppParts {
  readonly handlers: Handlers;
  readonly relay: Relay;
  readonly clock: () => number;
  readonly log: Log;
  /** A typed route answered with something so old, in ms. */
  readonly onServed: (ageMs: number) => void;
}

/** What `front` leaves in `response.locals`, and what the parts say of the request for log and metrics. */
export interface Locals {
  requestId: string;
  /** An operation of the contract, `preflight`, `docs`, `relay` or `refused`. */
  route: string;
}

export function createApp({ handlers, relay, clock, log, onServed }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  // whatever NODE_ENV says, no stack is shown to a client
  app.set('env', 'production');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  // no body parser: the raw relay hands bodies on as they come
  app.use(createDocs());
  app.use(createRoutes({ handlers, clock, onServed }));
  const relayRaw = (request: Request, response: Response<unknown, Locals & Record<string, unknown>>) => {
    response.locals.route = 'relay';
    return relay(request, response, response.locals.requestId);
  };
  app.use(relayRaw);
  // a typed path whose parameter cannot be decoded, asked with a method that is not the typed route's
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) =>
    isMalformedUri(error) && request.method !== 'GET' && request.method !== 'HEAD'
      ? relayRaw(request, response as Response<unknown, Locals & Record<string, unknown>>)
      : next(error),
  );
  app.use(createErrorHandler(log));
  return app;
}

/** The one place that turns an error into a response. */
function createErrorHandler(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const error = isMalformedUri(thrown)
      ? new RelayError('invalid_request', { detail: 'The path is not valid percent-encoding.' })
      : toRelayError(thrown);
    const { requestId } = response.locals as Locals;
    if (error.code === 'internal_error') log.error({ err: thrown, requestId }, 'a fault of the relay');
    if (response.headersSent || request.socket.destroyed) {
      response.destroy();
      return;
    }
    sendProblem(response, error, requestId);
  };
}

/** Express's router decodes parameters, and says so with a 400 of its own where that fails. */
const isMalformedUri = (error: unknown) => error instanceof URIError;

/** Answers with the RFC 9457 document of an error. Works on a plain `node:http` response too: `front` refuses before Express. */
export function sendProblem(response: ServerResponse, error: RelayError, requestId: string): void {
  const { retryAfter } = error.members;
  response.statusCode = error.status;
  // of a head that could not be written its phrase is left, and that there shall be no date
  response.statusMessage = '';
  response.sendDate = true;
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Request-Id', requestId);
  if (typeof retryAfter === 'number') response.setHeader('Retry-After', String(retryAfter));
  response.end(JSON.stringify(toProblem(error, requestId)));
}

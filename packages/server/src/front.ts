/**
 * The door: every request gets its id, its target is brought to path and query and checked, and its end is logged and
 * counted. What passes goes to the app.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type Locals, sendProblem } from './app.ts';
import { toRelayError } from './errors.ts';
import type { Log } from './operations/log.ts';
import type { Metrics } from './operations/metrics.ts';
import { parseRequestTarget } from './relay/requestTarget.ts';

interface FrontParts {
  readonly app: (request: IncomingMessage, response: ServerResponse) => void;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function createFront({ app, log, metrics }: FrontParts): RequestListener {
  return (request, response) => {
    const startedAt = performance.now();
    const { method, url = '/' } = request;
    const locals: Locals = { requestId: requestIdOf(request), route: 'refused' };
    // Express keeps an object that is there already
    (response as ServerResponse & { locals: Locals }).locals = locals;
    response.once('close', () => {
      const durationMs = performance.now() - startedAt;
      const aborted = !response.writableFinished;
      metrics.countRequest(locals.route, response.statusCode, durationMs);
      log.info(
        {
          requestId: locals.requestId,
          method,
          url,
          route: locals.route,
          status: response.statusCode,
          durationMs: Math.round(durationMs),
          ...(aborted && { aborted }),
        },
        'request',
      );
    });
    try {
      request.url = parseRequestTarget(url);
    } catch (error) {
      sendProblem(response, toRelayError(error), locals.requestId);
      return;
    }
    app(request, response);
  };
}

/** The client's own id, so that its log and ours can be joined, if it is one that can stand in a log. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

/**
 * The door: every request gets its id, its head and target are checked, and its end is logged and counted. What passes
 * goes to the app; what is no request at all is answered here too.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Locals, sendProblem } from './app.ts';
import { type ProblemCode, RelayError, toRelayError } from './errors.ts';
import type { Log } from './operations/log.ts';
import type { Metrics } from './operations/metrics.ts';
import { checkRequestHead } from './relay/requestHead.ts';
import { parseRequestTarget } from './relay/requestTarget.ts';
import type { Upgrade } from './relay/upgrade.ts';

interface FrontParts {
  readonly app: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: Upgrade;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Front {
  readonly handle: RequestListener;
  /** Answers with the problem; the connection is closed after it. */
  readonly refuse: (response: ServerResponse, code: ProblemCode) => void;
  /** Takes a connection that is to become a WebSocket. */
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
}

export function createFront({ app, upgrade, log, metrics }: FrontParts): Front {
  /** Gives a request its id, and notes its end. */
  function begin(request: IncomingMessage, response: ServerResponse): Locals {
    const startedAt = performance.now();
    const { method, url } = request;
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
    return locals;
  }

  return {
    handle(request, response) {
      const { requestId } = begin(request, response);
      try {
        checkRequestHead(request);
      } catch (error) {
        closeWith(response, toRelayError(error), requestId);
        return;
      }
      try {
        request.url = parseRequestTarget(request.url ?? '/');
      } catch (error) {
        sendProblem(response, toRelayError(error), requestId);
        return;
      }
      app(request, response);
    },
    refuse(response, code) {
      const { locals = begin(response.req, response) } = response as ServerResponse & { locals?: Locals };
      sendProblem(response, new RelayError(code), locals.requestId);
    },
    upgrade(request, socket, head) {
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      // as far as log and metrics go; what the tunnel carries does not pass through it
      response.statusCode = 101;
      const locals = begin(request, response);
      const refuse = (error: RelayError) => {
        if (!response.headersSent) closeWith(response, error, locals.requestId);
      };
      try {
        checkRequestHead(request);
        request.url = parseRequestTarget(request.url ?? '/');
      } catch (error) {
        refuse(toRelayError(error));
        return;
      }
      locals.route = 'relay';
      void upgrade(request, socket, head, refuse);
    },
  };
}

/** Where a body ends, or what comes after it, is not certain: nothing more is read from this connection. */
function closeWith(response: ServerResponse, error: RelayError, requestId: string): void {
  response.shouldKeepAlive = false;
  response.once('finish', () => response.req.socket.destroySoon());
  sendProblem(response, error, requestId);
}

/** The client's own id, so that its log and ours can be joined, if it is one that can stand in a log. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

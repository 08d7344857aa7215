/**
 * The door: every request gets its id, its head and target are checked, and its end is logged and counted. What an answer
 * lies ready for gets it here; the rest goes to the app, unless the process is too busy; what is no request at all is
 * answered here too.
 */
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sendProblem } from './app.ts';
import { type ProblemCode, RelayError, toRelayError } from './errors.ts';
import type { AccessLog } from './operations/accessLog.ts';
import type { Metrics } from './operations/metrics.ts';
import type { Overload } from './operations/overload.ts';
import { type Answering, requestContext } from './operations/requestContext.ts';
import type { PreparedAnswers } from './prepared.ts';
import { checkRequestHead } from './relay/requestHead.ts';
import { parseRequestTarget } from './relay/requestTarget.ts';
import type { Upgrade } from './relay/upgrade.ts';

interface FrontParts {
  readonly app: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: Upgrade;
  readonly prepared: PreparedAnswers;
  readonly logRequest: AccessLog;
  readonly metrics: Pick<Metrics, 'countRequest' | 'countShed'>;
  readonly isOverloaded: Overload['isOverloaded'];
}

export interface Front {
  readonly handle: RequestListener;
  /** Answers with the problem; the connection is closed after it. */
  readonly refuse: (response: ServerResponse, code: ProblemCode) => void;
  /** Takes a connection that is to become a WebSocket. */
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
}

export function createFront({ app, upgrade, prepared, logRequest, metrics, isOverloaded }: FrontParts): Front {
  /** Gives a request its id, and notes its end. */
  function begin(request: IncomingMessage, response: ServerResponse): Answering {
    const answering = response as Answering;
    const startedAt = performance.now();
    // Express keeps an object that is there already
    answering.locals = { requestId: requestIdOf(request), url: request.url ?? '', route: 'refused', startedAt };
    answering.on('close', noteEnd);
    return answering;
  }

  function noteEnd(this: Answering): void {
    const { route, startedAt } = this.locals;
    const durationMs = performance.now() - startedAt;
    metrics.countRequest(route, this.statusCode, durationMs);
    logRequest(this, durationMs);
  }

  return {
    handle(request, response) {
      const answering = begin(request, response);
      try {
        checkRequestHead(request);
      } catch (error) {
        closeWith(answering, toRelayError(error));
        return;
      }
      // cheaper than to refuse it, whatever else there is to do
      if (prepared.answer(request, answering)) return;
      try {
        request.url = parseRequestTarget(request.url ?? '/');
        if (isOverloaded()) throw shed();
      } catch (error) {
        sendProblem(answering, toRelayError(error));
        return;
      }
      requestContext.run(answering, app, request, response);
    },
    refuse(response, code) {
      const answering = 'locals' in response ? (response as Answering) : begin(response.req, response);
      sendProblem(answering, new RelayError(code));
    },
    upgrade(request, socket, head) {
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      // as far as log and metrics go; what the tunnel carries does not pass through it
      response.statusCode = 101;
      const answering = begin(request, response);
      const refuse = (error: RelayError) => {
        if (!response.headersSent) closeWith(answering, error);
      };
      try {
        checkRequestHead(request);
        request.url = parseRequestTarget(request.url ?? '/');
        if (isOverloaded()) throw shed();
      } catch (error) {
        refuse(toRelayError(error));
        return;
      }
      answering.locals.route = 'relay';
      void requestContext.run(answering, upgrade, request, socket, head, refuse);
    },
  };

  function shed(): RelayError {
    metrics.countShed();
    return new RelayError('relay_overloaded', { members: { retryAfter: SHED_FOR_S } });
  }
}

/** By then the event loop has been looked at again. */
const SHED_FOR_S = 1;

/** Where a body ends, or what comes after it, is not certain: nothing more is read from this connection. */
function closeWith(response: Answering, error: RelayError): void {
  response.shouldKeepAlive = false;
  response.once('finish', () => response.req.socket.destroySoon());
  sendProblem(response, error);
}

/** The client's own id, so that its log and ours can be joined, if it is one that can stand in a log. */
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : newRequestId();
}

/** Of this process alone, and a number: to be unique is enough, and a random one costs more. */
const PROCESS_ID = randomBytes(8).toString('hex');
let requests = 0;

const newRequestId = () => `${PROCESS_ID}-${++requests}`;

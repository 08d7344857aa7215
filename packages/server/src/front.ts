/**
 * The door: every request gets its id, its head and target are checked, and its end is logged and counted. What an answer
 * lies ready for gets it here; the rest goes to the app, unless the process is too busy; what is no request at all is
 * answered here too.
 */
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { sendProblem } from './app.ts';
import { type ProblemCode, problemKinds, RelayError, toRelayError } from './errors.ts';
import type { AccessLog } from './operations/accessLog.ts';
import { isHandedOver } from './operations/connections.ts';
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
  /** Gives a request its id. */
  function begin(request: IncomingMessage, response: ServerResponse): Answering {
    const answering = response as Answering;
    const startedAt = performance.now();
    // Express keeps an object that is there already
    answering.locals = { requestId: requestIdOf(request), url: request.url ?? '', route: 'refused', startedAt };
    return answering;
  }

  /** An answer that lay ready is with the system by the time that it has been written. */
  function watchEnd(answering: Answering): void {
    if (isHandedOver(answering)) tell(answering, false);
    else answering.on('close', noteEnd);
  }

  function noteEnd(this: Answering): void {
    const { handshake } = this.locals;
    // nothing was sent of what stands there; a handshake's answer goes past the response, and has no end but the tunnel's
    if (!this.headersSent) this.statusCode = handshake ?? problemKinds.client_left.status;
    tell(this, !this.writableFinished && handshake === undefined);
  }

  function tell(answering: Answering, isAborted: boolean): void {
    const { route, startedAt } = answering.locals;
    const durationMs = performance.now() - startedAt;
    metrics.countRequest(route, answering.statusCode, durationMs);
    logRequest(answering, durationMs, isAborted);
  }

  function answer(request: IncomingMessage, answering: Answering): void {
    try {
      checkRequestHead(request);
    } catch (error) {
      closeWith(answering, toRelayError(error));
      return;
    }
    try {
      // cheaper than to refuse it, whatever else there is to do
      if (prepared.answer(request, answering)) return;
      request.url = parseRequestTarget(request.url ?? '/');
      if (isOverloaded()) throw shed();
    } catch (error) {
      sendProblem(answering, toRelayError(error));
      return;
    }
    requestContext.run(answering, app, request, answering);
  }

  return {
    handle(request, response) {
      const answering = begin(request, response);
      answer(request, answering);
      watchEnd(answering);
    },
    refuse(response, code) {
      const isKnown = 'locals' in response;
      const answering = isKnown ? (response as Answering) : begin(response.req, response);
      sendProblem(answering, new RelayError(code));
      if (!isKnown) watchEnd(answering);
    },
    upgrade(request, socket, head) {
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      const answering = begin(request, response);
      answering.on('close', noteEnd);
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
      void requestContext.run(answering, upgrade, request, socket, head, refuse).then((status) => {
        if (status !== undefined) answering.locals.handshake = status;
      });
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

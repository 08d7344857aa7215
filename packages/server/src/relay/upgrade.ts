/**
 * WebSockets, where the configuration allows them: the handshake goes through the guard like any call, the tunnel holds a
 * place among the streams for as long as it lives. An answer other than 101 is passed on by http-proxy-middleware as it is.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { RelayError, toRelayError } from '../errors.ts';
import type { UpstreamBase } from '../upstream/base.ts';
import { type Cancellation, Deadline } from '../upstream/deadline.ts';
import type { Guard } from '../upstream/guard.ts';
import type { Trust } from './forwarding.ts';
import { toUpstreamHeaders } from './headers.ts';
import { checkLoop, splitPrefix } from './relay.ts';

interface UpgradeParts {
  readonly base: UpstreamBase;
  readonly guard: Guard;
  readonly trust: Trust;
  /** Until the upstream answers the handshake. */
  readonly timeoutMs: number;
  /** How long the body of an answer other than 101 may make no progress. */
  readonly idleTimeoutMs: number;
}

/**
 * Gives the status of the upstream's answer, and never rejects: calls `refuse`, perhaps more than once, if the relay or the
 * network is why there is none.
 */
export type Upgrade = (
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  refuse: Refuse,
) => Promise<number | undefined>;

type Refuse = (error: RelayError) => void;

/** A handshake under way. */
interface Handshake {
  readonly begun: (upstream: ClientRequest) => void;
  readonly failed: (error: Error) => void;
}

export function createUpgrade({ base, guard, trust, timeoutMs, idleTimeoutMs }: UpgradeParts): Upgrade {
  // by the client's connection: the only thing that the middleware's events have in common
  const handshakes = new WeakMap<object, Handshake>();
  const proxy = createProxyMiddleware({
    target: base.origin,
    on: {
      proxyReqWs: (upstream, _request, socket) => handshakes.get(socket)?.begun(upstream),
      error: (error, _request, socket) => handshakes.get(socket)?.failed(error),
    },
  });

  /** Gives the status of the upstream's answer. */
  function shakeHands([request, socket, head, refuse]: Parameters<Upgrade>, signal: Cancellation): Promise<number> {
    return new Promise((resolve, reject) => {
      // whoever has been answered gets no second head, only the end
      let isAnswered = false;
      const answered = (status: number) => {
        isAnswered = true;
        resolve(status);
      };
      const failed = (thrown: unknown) => {
        if (isAnswered) {
          socket.destroy();
          return;
        }
        const error = thrown instanceof RelayError ? thrown : new RelayError('upstream_unreachable', { cause: thrown });
        // at once: the middleware ends the connection when this returns
        refuse(error);
        reject(error);
      };
      const begun = (upstream: ClientRequest) => {
        signal.addEventListener('abort', () => upstream.destroy(signal.reason as Error));
        upstream
          .once('upgrade', () => answered(101))
          .once('response', (answer) => {
            answer.on('error', () => {}); // the middleware does not listen where the client has left
            socket.setTimeout(idleTimeoutMs, () => socket.destroy());
            answered(answer.statusCode ?? 0);
          });
      };
      handshakes.set(socket, { begun, failed });
      proxy.upgrade(request, socket, head);
    });
  }

  return async (...upgrade) => {
    const [request, socket, , refuse] = upgrade;
    const signal = new Deadline(timeoutMs);
    socket.once('close', () => signal.leave());
    try {
      checkLoop(request);
      const url = base.toUpstream(splitPrefix(request.url ?? '/').target);
      const headers = {
        ...toUpstreamHeaders(request, base.host, { trust, passesDirectives: false }),
        connection: 'Upgrade',
        upgrade: 'websocket',
      };
      const release = await guard.admitStream(signal);
      if (socket.destroyed) release();
      else socket.once('close', release);
      // until it is called the request is the client's own: who that is decides whether it is
      const call = () => {
        Object.assign(request, { url, headers });
        return shakeHands(upgrade, signal);
      };
      return await guard.run(call, {
        signal,
        isRepeatable: false,
        judge: (status) => ({ status, retryAfter: undefined }),
      });
    } catch (error) {
      refuse(toRelayError(error));
      return undefined;
    } finally {
      signal.lift();
    }
  };
}

/**
 * One line for each request. Answers out of the cache are the many, and cost less than their line: of these, one in so
 * many is logged, and its `sampled` says how many it stands for. Whatever was slow, failed or reached the upstream is logged
 * always.
 */
import type { Log } from './log.ts';
import { type Answering, traceOf } from './requestContext.ts';

/** From here a request is worth a line whatever it was. */
const SLOW_MS = 1_000;

/** Logs the end of a request; `aborted`: not all of its answer was sent. */
export type AccessLog = (response: Answering, durationMs: number, aborted: boolean) => void;

export function createAccessLog(log: Log, hitsOneIn: number): AccessLog {
  let hits = 0;

  return (response, durationMs, aborted) => {
    const { locals, req, statusCode: status } = response;
    const isHit = locals.cacheResult === 'hit' && status < 400 && !aborted && durationMs < SLOW_MS;
    // the first of them, so that a look at a new relay shows one
    if (isHit && hits++ % hitsOneIn !== 0) return;
    log.info(
      {
        requestId: locals.requestId,
        traceId: traceOf(response).traceId,
        method: req.method,
        url: withoutSecrets(locals.url),
        route: locals.route,
        status,
        durationMs: Math.round(durationMs),
        // undefined is no part of a line
        cache: locals.cacheResult,
        upstreamMs: locals.upstreamMs === undefined ? undefined : Math.round(locals.upstreamMs),
        sampled: isHit && hitsOneIn > 1 ? hitsOneIn : undefined,
        aborted: aborted || undefined,
      },
      'request',
    );
  };
}

/** Names of parameters that elsewhere hold secrets: of the URIs that are relayed not all are known here. */
const SECRET = /token|secret|passw|api[-_]?key|signature|credential|session|jwt|^(?:key|sig|auth|pass|pwd)$/i;
/** Of a target in absolute form, `http://user:password@host/`. */
const USER = /^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i;

function withoutSecrets(url: string): string {
  const withoutUser = url.startsWith('/') ? url : url.replace(USER, '$1[redacted]@');
  return /[?&]/.test(withoutUser) ? withoutSecretParameters(withoutUser) : withoutUser;
}

/** Piece by piece: one expression for the whole can be made to look at it for minutes. */
function withoutSecretParameters(url: string): string {
  let isSecret = false;
  const told = url.split(/(?=[?&#])/).map((piece) => {
    // a value ends at the next parameter, and not at another question mark
    if (isSecret && piece.startsWith('?')) return '';
    const nameEnd = piece.indexOf('=');
    isSecret = /^[?&]/.test(piece) && nameEnd > 0 && SECRET.test(piece.slice(1, nameEnd));
    return isSecret ? `${piece.slice(0, nameEnd)}=[redacted]` : piece;
  });
  return told.join('');
}

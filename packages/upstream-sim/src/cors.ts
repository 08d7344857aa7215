/**
 * Cross-origin rules, in the manner of Starlette's CORSMiddleware: nothing unless the request carries `Origin`, any
 * origin may GET, and a preflight is answered before any route is looked at. All wire versions share it.
 */
import { type Answer, type HeaderLine, textAnswer, withHeaders } from './answer.ts';
import type { Call } from './call.ts';

const ANY_ORIGIN: HeaderLine = ['access-control-allow-origin', '*'];
const ALLOWED_METHOD = 'GET';

/** The answer to a preflight; undefined when the call is none. */
export function preflightAnswer({ method, headers }: Call): Answer | undefined {
  const asked = headers['access-control-request-method'];
  if (method !== 'OPTIONS' || headers.origin === undefined || asked === undefined) return undefined;
  const wanted = headers['access-control-request-headers'];
  const more: HeaderLine[] = [
    ANY_ORIGIN,
    ['access-control-allow-methods', ALLOWED_METHOD],
    ['access-control-max-age', '600'],
  ];
  if (wanted !== undefined) more.push(['access-control-allow-headers', wanted]);
  const isAllowed = asked === ALLOWED_METHOD;
  return textAnswer(isAllowed ? 200 : 400, TEXT, isAllowed ? 'OK' : 'Disallowed CORS method', more);
}

const TEXT = 'text/plain; charset=utf-8';

export function withCors(answer: Answer, { headers }: Call): Answer {
  return headers.origin === undefined ? answer : withHeaders(answer, [ANY_ORIGIN]);
}

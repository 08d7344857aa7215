/** What can go wrong for a caller of the SDK: one class, told apart by `kind`. */

/** Open: later versions may add kinds. */
export type LunchErrorKind =
  /** No restaurant has that identifier; see `suggestions`. */
  | 'not_found'
  /** A parameter is wrong; the message names it. */
  | 'invalid_request'
  /** The lunch-menu API, or the relay, asks to be asked less. */
  | 'rate_limited'
  /** The relay answered that the lunch-menu API gives nothing usable. */
  | 'upstream_unavailable'
  /** Nothing came within the time allowed, or the relay says so of the lunch-menu API. */
  | 'timeout'
  /** No connection to the relay. */
  | 'connection'
  /** The answer is none of a relay's. */
  | 'invalid_response'
  /** The relay failed. */
  | 'relay_error';

interface LunchErrorDetails {
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly suggestions?: readonly string[];
  readonly cause?: unknown;
}

export class LunchError extends Error {
  readonly kind: LunchErrorKind;
  /** The HTTP status, where there was a response. */
  readonly status: number | undefined;
  /** The relay's stable error code, as listed at its `/docs/errors`. */
  readonly code: string | undefined;
  /** Names the request in the relay's log. */
  readonly requestId: string | undefined;
  /** Identifiers that may have been meant. */
  readonly suggestions: readonly string[];

  constructor(kind: LunchErrorKind, message: string, details: LunchErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'LunchError';
    this.kind = kind;
    this.status = details.status;
    this.code = details.code;
    this.requestId = details.requestId;
    this.suggestions = details.suggestions ?? [];
  }
}

/** The error for a response that is not ok. `body` is whatever could be read of it. */
export function toResponseError(response: Response, body: unknown): LunchError {
  const problem = isRecord(body) ? body : {};
  const text = (member: unknown) => (typeof member === 'string' ? member : undefined);
  const suggestions = Array.isArray(problem['suggestions'])
    ? problem['suggestions'].filter((item) => typeof item === 'string')
    : [];
  return new LunchError(
    kindOf(response.status, text(problem['code'])),
    text(problem['detail']) ?? `The relay answered with status ${response.status}.`,
    {
      status: response.status,
      code: text(problem['code']),
      requestId: response.headers.get('x-request-id') ?? undefined,
      suggestions,
    },
  );
}

/** Without a `code` the answer is not the relay's own: something else listens there, or stands in between. */
function kindOf(status: number, code: string | undefined): LunchErrorKind {
  if (code === 'restaurant_not_found') return 'not_found';
  if (status === 429 || code === 'upstream_rate_limited') return 'rate_limited';
  if (status === 504) return 'timeout';
  if (status === 502 || status === 503) return 'upstream_unavailable';
  if (code === undefined) return 'invalid_response';
  return status < 500 ? 'invalid_request' : 'relay_error';
}

/** The error for a call that got no response, or not all of it. */
export function toTransportError(error: unknown, timeoutMs: number): LunchError {
  if (isRecord(error) && error['name'] === 'TimeoutError')
    return new LunchError('timeout', `The relay did not answer within ${timeoutMs} ms.`, { cause: error });
  if (isRecord(error) && error['name'] === 'SyntaxError')
    return new LunchError('invalid_response', 'The answer is not JSON: is this a Lunch Relay?', { cause: error });
  // fetch hides what happened behind "TypeError: fetch failed"
  const reason = isRecord(error) && isRecord(error['cause']) ? error['cause'] : error;
  return new LunchError(
    'connection',
    isRecord(reason) && typeof reason['message'] === 'string' && reason['message'] !== ''
      ? reason['message']
      : 'The relay cannot be reached.',
    { cause: reason },
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

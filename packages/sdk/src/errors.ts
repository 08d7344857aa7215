/** What can go wrong for a caller of the SDK: one class, told apart by `kind`. */
import type { components } from './generated/schema.gen.ts';

/** The relay's RFC 9457 document of an error. */
export type Problem = components['schemas']['Problem'];

/** Open: later versions may add kinds, so a `switch` over them needs a `default`. */
export type LunchErrorKind =
  /** No restaurant has that identifier, see `suggestions`; of a relayed URI: the lunch-menu API has no such thing. */
  | 'not_found'
  /** A parameter is wrong; the message names it. */
  | 'invalid_request'
  /** The lunch-menu API, or the relay, asks to be asked less; see `retryAfterMs`. */
  | 'rate_limited'
  /** The relay answered that the lunch-menu API gives nothing usable. */
  | 'upstream_unavailable'
  /** Nothing came within the time allowed, or the relay says so of the lunch-menu API. */
  | 'timeout'
  /** No connection to the relay, or it was lost before an answer. */
  | 'connection'
  /** The answer is none of a relay's: HTML, empty, cut short, or of another form. */
  | 'invalid_response'
  /** The relay failed. */
  | 'relay_error'
  | (string & {});

interface LunchErrorDetails {
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly problem?: Problem | undefined;
  readonly requestId?: string | undefined;
  /** Default: by the kind. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly suggestions?: readonly string[];
  readonly cause?: unknown;
}

/** In the registry that all realms and all copies of this package share. */
const BRAND = Symbol.for('@lunch-relay/sdk/LunchError');

const PASSING_KINDS: readonly LunchErrorKind[] = ['rate_limited', 'upstream_unavailable', 'timeout', 'connection'];

/** The one error that calls reject with; only a caller's own reason to abort comes as it is. See {@link isLunchError}. */
export class LunchError extends Error {
  declare readonly kind: LunchErrorKind;
  /** The HTTP status, where there was a response. */
  declare readonly status: number | undefined;
  /** The relay's stable error code, as listed at its `/docs/errors`. Open: accept further values. */
  declare readonly code: string | undefined;
  /** The relay's whole document, where it sent one. */
  declare readonly problem: Problem | undefined;
  /** Names the request in the relay's log. */
  declare readonly requestId: string | undefined;
  /** Whether the same call may succeed later. */
  declare readonly retryable: boolean;
  /** How long the relay asks to be left alone, in milliseconds from now; as sent, however long. */
  declare readonly retryAfterMs: number | undefined;
  /** Identifiers that may have been meant. Empty unless the kind is `not_found`. */
  declare readonly suggestions: readonly string[];

  constructor(kind: LunchErrorKind, message: string, { cause, ...details }: LunchErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, {
      retryable: PASSING_KINDS.includes(kind),
      suggestions: [],
      ...details,
      kind,
      name: 'LunchError',
    });
    // no member of the class: its type would then be another one in every copy of the package
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Whether an error is a LunchError, of one of the kinds if any are given. Unlike `instanceof` it also knows those of another
 * copy of this package (ES module and CommonJS, two versions) and of another realm (frame, `node:vm`).
 */
export function isLunchError<Kind extends LunchErrorKind = LunchErrorKind>(
  error: unknown,
  ...kinds: readonly Kind[]
): error is LunchError & { readonly kind: Kind } {
  return isRecord(error) && BRAND in error && (kinds.length === 0 || kinds.includes(error['kind'] as Kind));
}

/** The error for a response that is not ok. `body` is whatever could be read of it; `isRelayed`: it may be the API's own. */
export function toResponseError(response: Response, body: unknown, isRelayed = false): LunchError {
  const { status, headers } = response;
  const { code, detail, suggestions, type } = isRecord(body) ? body : {};
  // others have members of the name, too: the relay's own are explained where `type` says
  const isProblem = typeof code === 'string' && type === `/docs/errors#${code}`;
  return new LunchError(
    kindOf(status, isProblem ? code : undefined, isRelayed),
    typeof detail === 'string' ? detail : `The relay answered with status ${status}.`,
    {
      status,
      ...(isProblem && { code, problem: body as Problem }),
      requestId: headers.get('x-request-id') ?? undefined,
      retryAfterMs: retryAfterMsOf(response),
      ...(isProblem && Array.isArray(suggestions) && { suggestions: suggestions as string[] }),
    },
  );
}

/** By code, which says more, and else by status. */
const KINDS = new Map<string | number | undefined, LunchErrorKind>([
  ['restaurant_not_found', 'not_found'],
  ['upstream_rate_limited', 'rate_limited'],
  ['upstream_overloaded', 'rate_limited'],
  ['relay_overloaded', 'rate_limited'],
  [429, 'rate_limited'],
  [502, 'upstream_unavailable'],
  [503, 'upstream_unavailable'],
  [504, 'timeout'],
]);

function kindOf(status: number, code: string | undefined, isRelayed: boolean): LunchErrorKind {
  const kind = KINDS.get(code) ?? KINDS.get(status);
  if (kind !== undefined) return kind;
  const isFailure = status >= 500;
  if (code !== undefined) return isFailure ? 'relay_error' : 'invalid_request';
  // without a `code` the answer is not the relay's own: the API's, or something else listens there or stands in between
  if (!isRelayed) return 'invalid_response';
  if (isFailure) return 'upstream_unavailable';
  return status === 404 ? 'not_found' : 'invalid_request';
}

/** What `Retry-After` asks for, seconds or a date (RFC 9110, section 10.2.3), in milliseconds. */
export function retryAfterMsOf({ headers }: Response): number | undefined {
  const value = headers.get('retry-after') ?? '';
  const waitMs = /^\d{1,9}$/.test(value)
    ? Number(value) * 1000
    : Date.parse(/GMT$/.test(value) ? value : '') - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

/** The error for a `fetch` that gave no response: the cause that it hides behind "TypeError: fetch failed". */
export function toConnectionError(error: unknown): LunchError {
  // a fetch of the caller's may know better
  if (isLunchError(error)) return error;
  const cause = causeOf(error);
  return new LunchError('connection', messageOf(cause) ?? 'The relay cannot be reached.', { cause });
}

/** The error for a response whose body ended early. */
export function toTruncatedError({ status }: Response, error: unknown): LunchError {
  return new LunchError('invalid_response', 'The answer was cut short.', {
    status,
    retryable: true,
    cause: causeOf(error),
  });
}

function causeOf(error: unknown): unknown {
  const cause = isRecord(error) && error['name'] === 'TypeError' ? (error['cause'] ?? error) : error;
  // several addresses were tried: each failed for its own reason, and the first says enough
  return isRecord(cause) && Array.isArray(cause['errors']) ? (cause['errors'][0] ?? cause) : cause;
}

function messageOf(error: unknown): string | undefined {
  const message = isRecord(error) ? error['message'] : undefined;
  return typeof message === 'string' && message !== '' ? message : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What can go wrong for a caller of the SDK: one class, told apart by `kind`. */
import type { components } from './generated/schema.gen.ts';

/** The relay's RFC 9457 document of an error. */
export type Problem = components['schemas']['Problem'];

/** Open: later versions may add kinds, so a `switch` over them needs a `default`. */
export type LunchErrorKind =
  /** No restaurant has that identifier, see `suggestions`; of a relayed URI: the lunch-menu API has no such thing. */
  | 'not_found'
  /** A parameter is wrong; the message names it. Or a relayed URI: the lunch-menu API refuses it. */
  | 'invalid_request'
  /** The lunch-menu API, or the relay, asks to be asked less; see `retryAfterMs`. */
  | 'rate_limited'
  /** The relay answered that the lunch-menu API gives nothing usable. */
  | 'upstream_unavailable'
  /** Nothing came within the time allowed, or the relay says so: of the lunch-menu API (504) or of the request (408). */
  | 'timeout'
  /** You asked with `only-if-cached`, and the relay has nothing stored. */
  | 'not_cached'
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

  constructor(kind: LunchErrorKind, message: string, details: LunchErrorDetails = {}) {
    super(message, details);
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
  const members = membersOf(error);
  return BRAND in members && (kinds.length === 0 || kinds.includes(members['kind'] as Kind));
}

/** What every error tells of the response that it comes from. */
export const factsOf = ({ status, headers }: Response) => ({
  status,
  requestId: headers.get('x-request-id') ?? undefined,
});

/** The error for a response that is not ok. `body` is whatever could be read of it; `isRelayed`: it may be the API's own. */
export function toResponseError(response: Response, body: unknown, isRelayed?: boolean): LunchError {
  const { code, detail, suggestions, type } = membersOf(body) as Partial<Problem>;
  // others have members of the name, too: the relay's own are explained where `type` says
  const isProblem = type === `/docs/errors#${code}`;
  const { status } = response;
  return new LunchError(
    kindOf(status, isProblem ? code : undefined, isRelayed),
    (isProblem || isRelayed) && typeof detail === 'string' ? detail : `The relay answered with status ${status}.`,
    {
      ...factsOf(response),
      retryAfterMs: retryAfterMsOf(response),
      ...(isProblem && { code, problem: body as Problem, ...(Array.isArray(suggestions) && { suggestions }) }),
    },
  );
}

/** By code, which says more, and else by status. */
const KINDS = /* @__PURE__ */ new Map<string | number | undefined, LunchErrorKind>([
  ['upstream_rate_limited', 'rate_limited'],
  ['upstream_overloaded', 'rate_limited'],
  ['relay_overloaded', 'rate_limited'],
  ['not_cached', 'not_cached'],
  [408, 'timeout'],
  [429, 'rate_limited'],
  [502, 'upstream_unavailable'],
  [503, 'upstream_unavailable'],
  [504, 'timeout'],
]);

function kindOf(status: number, code: string | undefined, isRelayed: boolean | undefined): LunchErrorKind {
  const kind = KINDS.get(code) ?? KINDS.get(status);
  if (kind) return kind;
  // without a `code` the answer is not the relay's own: the API's, or something else listens there or stands in between
  if (!code && !isRelayed) return 'invalid_response';
  if (status >= 500) return code ? 'relay_error' : 'upstream_unavailable';
  return status === 404 ? 'not_found' : 'invalid_request';
}

/** What `Retry-After` asks for, seconds or a date (RFC 9110, section 10.2.3), in milliseconds. */
export function retryAfterMsOf({ headers }: Response): number | undefined {
  const value = headers.get('retry-after') ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // of a date that has passed, or is none, no more is known than without it
  return /GMT$/.test(value) ? Math.max(0, Date.parse(value) - Date.now()) || undefined : undefined;
}

/**
 * The error for a `fetch` that gave no response: the cause that it hides behind "TypeError: fetch failed". Or for a response
 * whose body ended early.
 */
export function toFault(error: unknown, response?: Response): LunchError {
  // a fetch of the caller's may know better
  if (isLunchError(error)) return error;
  const cause = causeOf(error);
  if (response) {
    const details = { ...factsOf(response), retryable: true, cause };
    return new LunchError('invalid_response', 'The answer was cut short.', details);
  }
  const { message } = membersOf(cause) as Partial<Error>;
  return new LunchError('connection', message || 'The relay cannot be reached.', { cause });
}

function causeOf(error: unknown): unknown {
  const { name, cause } = membersOf(error);
  const beneath = name === 'TypeError' ? (cause ?? error) : error;
  const { errors } = membersOf(beneath);
  // several addresses were tried: each failed for its own reason, and the first says enough
  return Array.isArray(errors) ? (errors[0] ?? beneath) : beneath;
}

/** None for what is no object. */
export const membersOf = (value: unknown) => Object(value) as Record<string | symbol, unknown>;

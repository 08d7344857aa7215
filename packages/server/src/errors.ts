/**
 * Everything that can go wrong in the relay: one table (code, status, title, meaning, what to do), one error class, one body.
 * Modules that touch a library translate its errors into a RelayError; nobody above looks at a foreign error code.
 */

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** For `/docs/errors`: what has happened. */
  readonly meaning: string;
  /** For `/docs/errors`: what whoever meets it should do. */
  readonly remedy: string;
}

export const problemKinds = {
  invalid_path: {
    status: 400,
    title: 'The path is not allowed',
    meaning: 'The path holds dot segments, plain or encoded, or is no path at all.',
    remedy: 'Send the path that you mean.',
  },
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    meaning: 'A parameter is missing or wrong.',
    remedy: 'Mend it: `detail` names it and the values that are accepted.',
  },
  malformed_request: {
    status: 400,
    title: 'The request is not valid HTTP',
    meaning:
      'Its head or the framing of its body breaks RFC 9110 or RFC 9112, or leaves open where it ends. The connection is closed.',
    remedy: 'Mend the client.',
  },
  restaurant_not_found: {
    status: 404,
    title: 'Restaurant not found',
    meaning: 'No restaurant has this identifier.',
    remedy: 'Ask for another: `suggestions` lists the nearest ones, `/restaurant` all.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    meaning: 'Its head or its body came too slowly, or stopped. The connection is closed.',
    remedy: 'Send it again.',
  },
  client_rate_limited: {
    status: 429,
    title: 'This client has asked too often for what is not in the cache',
    meaning:
      'Each client may make a bounded number of requests in a minute that start calls to the lunch-menu API; answers from the cache do not count.',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  headers_too_large: {
    status: 431,
    title: 'The head of the request is too large',
    meaning: 'More fields, or more bytes of them, than the relay takes.',
    remedy: 'Send fewer or smaller ones, cookies above all.',
  },
  internal_error: {
    status: 500,
    title: 'The relay failed',
    meaning: 'A fault of the relay itself.',
    remedy: 'Report it with the `requestId`.',
  },
  not_implemented: {
    status: 501,
    title: 'The relay does not do this',
    meaning: '`CONNECT`, a `TRACE` that is meant for the relay itself, or a transfer coding other than `chunked`.',
    remedy: 'Do without it.',
  },
  upstream_unreachable: {
    status: 502,
    title: 'The lunch-menu API cannot be reached',
    meaning: 'No connection, or it was lost before an answer.',
    remedy: 'Try again in a while.',
  },
  upstream_invalid_response: {
    status: 502,
    title: 'The lunch-menu API gave an unusable answer',
    meaning: 'The answer was cut, too large, not JSON, or not of a known form.',
    remedy: 'Try again in a while.',
  },
  upstream_error: {
    status: 502,
    title: 'The lunch-menu API failed',
    meaning: 'It answered with an error of its own.',
    remedy: 'Try again in a while.',
  },
  relay_overloaded: {
    status: 503,
    title: 'The relay is too busy',
    meaning: 'It takes no more until it has caught up.',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  upstream_rate_limited: {
    status: 503,
    title: 'The lunch-menu API is limiting the rate of requests',
    meaning: 'It lets the relay ask no more for now.',
    remedy: 'Wait before you try again; `Retry-After` says how long where it is known.',
  },
  upstream_overloaded: {
    status: 503,
    title: 'Too many requests are waiting for the lunch-menu API',
    meaning: 'The relay asks the API a bounded number of times a minute.',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  upstream_suspended: {
    status: 503,
    title: 'The lunch-menu API keeps failing and is left alone for a moment',
    meaning: 'The relay does not ask it until it has had time to recover.',
    remedy: 'Wait as long as `Retry-After` says.',
  },
  loop_detected: {
    status: 508,
    title: 'The relay asks itself',
    meaning: '`UPSTREAM_URL` leads back to this relay, or to another that leads here.',
    remedy: 'Set it to the lunch-menu API.',
  },
  client_left: {
    status: 499,
    title: 'The client left',
    meaning: 'Never sent: it stands in the log where a client closed the connection before there was an answer.',
    remedy: 'Nothing, unless there are many: then see what keeps the answers.',
  },
  not_cached: {
    status: 504,
    title: 'Nothing is stored that answers this',
    meaning: 'The request said `only-if-cached`.',
    remedy: 'Send it without, and the lunch-menu API is asked.',
  },
  upstream_timeout: {
    status: 504,
    title: 'The lunch-menu API did not answer in time',
    meaning: 'It was asked, and the time ran out.',
    remedy: 'Try again in a while.',
  },
} as const satisfies Record<string, ProblemKind>;

/** Stable identifier of a kind of error; part of the HTTP surface, so codes are added and never renamed. */
export type ProblemCode = keyof typeof problemKinds;

interface RelayErrorDetails {
  /** One sentence for this very occurrence, safe to show to the client. */
  readonly detail?: string;
  /** Further members of the problem document, such as `suggestions`. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error that leaves a module of the relay. */
export class RelayError extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: ProblemCode, { detail, members = {}, cause }: RelayErrorDetails = {}) {
    super(detail ?? `${problemKinds[code].title}.`, { cause });
    this.name = 'RelayError';
    this.code = code;
    this.detail = this.message;
    this.members = members;
  }

  get status(): number {
    return problemKinds[this.code].status;
  }
}

/** Any thrown value as a RelayError: what nobody translated is a fault of the relay. */
export function toRelayError(error: unknown): RelayError {
  return error instanceof RelayError ? error : new RelayError('internal_error', { cause: error });
}

/** What names an occurrence in the logs of the relay and of others. */
interface Occurrence {
  readonly requestId: string;
  readonly traceId: string;
}

/** The RFC 9457 document of an error. `type` is a reference to the table at `/docs/errors`. */
export function toProblem(error: RelayError, { requestId, traceId }: Occurrence): Record<string, unknown> {
  return {
    type: `/docs/errors#${error.code}`,
    title: problemKinds[error.code].title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    requestId,
    traceId,
    ...error.members,
  };
}

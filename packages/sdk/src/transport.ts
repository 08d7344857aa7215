/**
 * A `fetch` to rely on: every attempt has a deadline, which the body is read under too; a GET is sent again where that may
 * help. Answers with responses of any status, whole in memory; rejects with a LunchError, or with the reason of the caller
 * who aborted.
 */
import { toFormError } from './answers.ts';
import { pause, within } from './deadline.ts';
import { isLunchError, retryAfterMsOf, toFault } from './errors.ts';

export type Fetch = (request: Request) => Promise<Response>;

/** No attempt begins after `deadlineAt`, in the time of `performance.now()`. */
export type Transport = (request: Request, signal: AbortSignal, deadlineAt: number) => Promise<Response>;

export interface TransportSettings {
  readonly fetch: Fetch;
  readonly timeoutMs: number;
  readonly retries: number;
}

/** Never 504: the relay has tried again already, and whoever waited that long has waited long enough. */
const RETRIED_STATUSES = [429, 502, 503];
const BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 2_000;
/** Who is asked to wait longer gets the error at once, and decides. */
const LONGEST_RETRY_AFTER_MS = 5_000;

export function createTransport(settings: TransportSettings, random: () => number = Math.random): Transport {
  const { fetch, timeoutMs, retries } = settings;

  const attempt = (request: Request, signal: AbortSignal) =>
    within(timeoutMs, signal, (attemptSignal) => ask(fetch, new Request(request, { signal: attemptSignal })));

  return async (request, signal, deadlineAt) => {
    revalidate(request);
    const mostRetries = request.method === 'GET' ? retries : 0;
    for (let retry = 0; ; retry++) {
      const outcome = attempt(request, signal);
      // the jitter comes on top of `Retry-After`: many were told the same moment
      const waitMs =
        (await outcome.then(waitAfterAnswer, waitAfterFault)) +
        random() * Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** retry);
      if (retry >= mostRetries || performance.now() + waitMs >= deadlineAt) return outcome;
      await pause(waitMs, signal);
    }
  };
}

/** How long to wait at least; Infinity where the answer is final. */
function waitAfterAnswer(response: Response): number {
  const askedMs = retryAfterMsOf(response) ?? 0;
  return RETRIED_STATUSES.includes(response.status) && askedMs <= LONGEST_RETRY_AFTER_MS ? askedMs : Infinity;
}

/** What is no timeout is a fault of the network, or the reason of a caller who left. */
const waitAfterFault = (error: unknown): number => (isLunchError(error) && error.kind !== 'timeout' ? 0 : Infinity);

/** `fetch` adds `no-cache` to a conditional request (Fetch, section 4.5), and Express then never answers 304. */
function revalidate({ headers }: Request): void {
  const isConditional = headers.has('if-none-match') || headers.has('if-modified-since');
  if (isConditional && !headers.has('cache-control')) headers.set('cache-control', 'max-age=0');
}

/** A response that can no longer fail or hang. */
async function ask(fetch: Fetch, request: Request): Promise<Response> {
  let response: Response | undefined;
  let body: ArrayBuffer;
  try {
    response = await fetch(request);
    body = await response.arrayBuffer();
  } catch (error) {
    throw toFault(error, response);
  }
  try {
    // null, since a Response with a status such as 204 takes no body, not even an empty one
    return new Response(body.byteLength === 0 ? null : body, response);
  } catch (cause) {
    // a status or a reason phrase that HTTP has and Response has not
    throw toFormError(response, cause);
  }
}

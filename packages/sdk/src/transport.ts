/**
 * A `fetch` to rely on: every attempt and the whole have a deadline, which the body is read under too; a GET is sent again
 * where that may help. Answers with responses of any status, whole in memory; rejects with a LunchError, or with the reason
 * of the caller who aborted.
 */
import { toFormError } from './answers.ts';
import { pause, within } from './deadline.ts';
import { isLunchError, retryAfterMsOf, toConnectionError, toTruncatedError } from './errors.ts';

/** The signal is the request's own unless given; some runtimes for workers have none there. */
export type Transport = (request: Request, signal?: AbortSignal | null) => Promise<Response>;

export interface TransportSettings {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly retries: number;
}

/** Never 504: the relay has tried again already, and whoever waited that long has waited long enough. */
const RETRIED_STATUSES = [429, 502, 503];
const BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 2_000;
/** Who is asked to wait longer gets the error at once, and decides. */
const LONGEST_RETRY_AFTER_MS = 5_000;

export function createTransport(settings: TransportSettings, random: () => number = Math.random): Transport {
  const { fetch, timeoutMs, totalTimeoutMs, retries } = settings;

  const attempt = (request: Request, signal: AbortSignal) =>
    within(timeoutMs, signal, async (attemptSignal) => {
      const asked = async () => fetch(new Request(request, { signal: attemptSignal }));
      return readWhole(
        await asked().catch((error: unknown) => {
          throw toConnectionError(error);
        }),
      );
    });

  async function send(request: Request, signal: AbortSignal, deadlineAt: number): Promise<Response> {
    const mostRetries = request.method === 'GET' ? retries : 0;
    for (let retry = 0; ; retry++) {
      const outcome = await attempt(request, signal).then(
        (response) => ({ response }),
        (error: unknown) => ({ error }),
      );
      const waitMs = waitBeforeNext(outcome, random() * Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** retry));
      if (waitMs === undefined || retry >= mostRetries || performance.now() + waitMs >= deadlineAt) {
        if ('error' in outcome) throw outcome.error;
        return outcome.response;
      }
      await pause(waitMs, signal);
    }
  }

  return (request, signal = request.signal) => {
    const deadlineAt = performance.now() + totalTimeoutMs;
    return within(totalTimeoutMs, signal, (totalSignal) => send(revalidating(request), totalSignal, deadlineAt));
  };
}

/** Undefined where the outcome is final. The jitter comes on top of `Retry-After`: many were told the same moment. */
function waitBeforeNext(outcome: { response: Response } | { error: unknown }, jitterMs: number): number | undefined {
  // what is no timeout is a fault of the network, or the reason of a caller who left
  if ('error' in outcome) return isLunchError(outcome.error) && outcome.error.kind !== 'timeout' ? jitterMs : undefined;
  const askedMs = retryAfterMsOf(outcome.response) ?? 0;
  const isWorthIt = RETRIED_STATUSES.includes(outcome.response.status) && askedMs <= LONGEST_RETRY_AFTER_MS;
  return isWorthIt ? askedMs + jitterMs : undefined;
}

/** `fetch` adds `no-cache` to a conditional request (Fetch, section 4.5), and Express then never answers 304. */
function revalidating(request: Request): Request {
  const { headers } = request;
  const isConditional = headers.has('if-none-match') || headers.has('if-modified-since');
  return isConditional && !headers.has('cache-control') ? withHeader(request, 'cache-control', 'max-age=0') : request;
}

export function withHeader(request: Request, name: string, value: string): Request {
  const headers = new Headers(request.headers);
  headers.set(name, value);
  return new Request(request, { headers });
}

/** A response that can no longer fail or hang. */
async function readWhole(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const body = await response.arrayBuffer().catch((error: unknown) => {
    throw toTruncatedError(response, error);
  });
  try {
    // null, since a Response with a status such as 204 takes no body, not even an empty one
    return new Response(body.byteLength === 0 ? null : body, response);
  } catch (cause) {
    // a status or a reason phrase that HTTP has and Response has not
    throw toFormError(response, cause);
  }
}

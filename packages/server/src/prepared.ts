/**
 * Answers out of the cache that are ready to be sent again: bytes, fields and validator, by the target as it was asked for.
 * A hit is answered from here at once, without a promise, before anything looks at its target. Whoever keeps an answer here
 * says for whom it is good and for how long; a request of which that cannot be told at a glance goes the long way.
 */
import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { toWritten } from './framing.ts';
import type { Answering } from './operations/requestContext.ts';
import { hitStatus } from './relay/headers.ts';

/** An answer that others may get, too. Moments are in ms since the epoch. */
export interface ReusableAnswer {
  /** Of the request, for log and metrics. */
  readonly route: string;
  readonly status: number;
  readonly reason: string;
  /** All of them, flat. `Age`, the last `Cache-Status`, and `X-Request-Id` if it is the relay's, are told anew each time. */
  readonly fields: readonly string[];
  readonly hasRequestId: boolean;
  /** Whether Node puts its own `Date` before it. */
  readonly sendsDate: boolean;
  readonly body: Buffer;
  /** What a client may hold against it in `If-None-Match`; undefined where there is nothing to compare. */
  readonly etag: string | undefined;
  /** From when its `Age` counts. */
  readonly bornAt: number;
  readonly freshUntil: number;
  /** Whether it would be made the same again. */
  readonly isCurrent: (now: number) => boolean;
  /** Whether it is for this request, too, which is a plain one. */
  readonly accepts: (request: IncomingMessage) => boolean;
  readonly onSent: () => void;
}

/** Fields of requests that want something else than what is stored, or that have to be looked at more closely. */
const NOT_PLAIN = [
  ...['authorization', 'range', 'if-match', 'if-unmodified-since', 'if-range', 'expect', 'te', 'via', 'max-forwards'],
  ...['transfer-encoding', 'content-length', 'upgrade'],
];

/** Whether it can be answered like any other for its target: it asks for the whole, or whether that has changed. */
export function isPlain({ method, httpVersion, headers }: IncomingMessage): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || httpVersion !== '1.1') return false;
  for (const field of NOT_PLAIN) if (headers[field] !== undefined) return false;
  const { connection } = headers;
  // any other option takes fields out of the request
  if (connection !== undefined && !/^(?:keep-alive|close)$/i.test(connection)) return false;
  return headers['if-modified-since'] === undefined || headers['if-none-match'] !== undefined;
}

export interface PreparedAnswers {
  /**
   * Keeps an answer for whoever asks for the same target, from the second time on that it is offered one; a few, where
   * requests differ in more.
   */
  readonly keep: (target: string, answer: ReusableAnswer) => void;
  /** Answers a request, if there is something for it; false if there is not. */
  readonly answer: (request: IncomingMessage, response: Answering) => boolean;
}

const MOST_OF_A_TARGET = 4;
const MOST_ASKED_ONCE = 1_000;
/** What objects and strings take beside the bytes of a body. */
const OVERHEAD_BYTES = 2_048;

/** `clock`: milliseconds since the epoch. */
export function createPreparedAnswers(maxBytes: number, clock: () => number): PreparedAnswers {
  const kept = new LRUCache<string, readonly Prepared[]>({
    maxSize: maxBytes,
    sizeCalculation: (answers, target) =>
      answers.reduce((sum, { body }) => sum + body.length + OVERHEAD_BYTES, 2 * target.length),
  });
  // searches are each another's, and most are made once
  const askedOnce = new LRUCache<string, true>({ max: MOST_ASKED_ONCE });

  return {
    keep(target, answer) {
      if (!kept.has(target) && !askedOnce.has(target)) {
        askedOnce.set(target, true);
        return;
      }
      const others = (kept.get(target) ?? []).filter((other) => other.isCurrent(clock()));
      kept.set(target, [prepare(answer), ...others].slice(0, MOST_OF_A_TARGET));
    },
    answer(request, response) {
      const found = kept.get(request.url ?? '');
      if (found === undefined || !isPlain(request)) return false;
      const now = clock();
      const prepared = found.find((one) => one.accepts(request) && one.isCurrent(now));
      const tags = request.headers['if-none-match'];
      if (prepared === undefined || (tags !== undefined && tags !== prepared.etag)) return false;
      response.locals.route = prepared.route;
      response.locals.cacheResult = 'hit';
      send(prepared, request, response, now);
      return true;
    },
  };
}

/** An answer, and what is made of it once. */
interface Prepared extends Omit<ReusableAnswer, 'body'> {
  /** As it is written (`framing.ts`). */
  readonly body: string | Buffer;
  readonly whole: Head;
  readonly notModified: Head;
  /** How its age was told last, which stays the same for up to a second. */
  told: { readonly ageS: number; readonly age: string; readonly ttlS: number; readonly cacheStatus: string };
}

/** Fields, and where among them stand those that are told anew; -1: nowhere. */
interface Head {
  readonly fields: readonly string[];
  readonly ageAt: number;
  readonly cacheStatusAt: number;
  readonly requestIdAt: number;
}

function prepare({ body, ...answer }: ReusableAnswer): Prepared {
  const { fields } = answer;
  const nameAt = (index: number) => fields[index - (index % 2)]?.toLowerCase() ?? '';
  // what a 304 says of the representation is said by its validators (RFC 9110, section 15.4.5)
  const isKept = (_: string, index: number) => !/^content-(?!location$)/.test(nameAt(index));
  return {
    ...answer,
    body: toWritten(body),
    whole: toHead(answer, fields),
    notModified: toHead(answer, fields.filter(isKept)),
    told: { ageS: -1, age: '', ttlS: -1, cacheStatus: '' },
  };
}

function toHead({ hasRequestId }: Pick<ReusableAnswer, 'hasRequestId'>, fields: readonly string[]): Head {
  const valueAt = (field: string) =>
    fields.findLastIndex((name, index) => index % 2 === 0 && name.toLowerCase() === field) + 1;
  return {
    fields,
    ageAt: valueAt('age'),
    cacheStatusAt: valueAt('cache-status'),
    requestIdAt: hasRequestId ? valueAt('x-request-id') : 0,
  };
}

function send(prepared: Prepared, request: IncomingMessage, response: Answering, now: number): void {
  const isNotModified = request.headers['if-none-match'] !== undefined;
  const { fields, ageAt, cacheStatusAt, requestIdAt } = isNotModified ? prepared.notModified : prepared.whole;
  const ageMs = Math.max(0, now - prepared.bornAt);
  const { age, cacheStatus } = tell(prepared, ageMs, now);
  const head = fields.slice();
  head[ageAt] = age;
  head[cacheStatusAt] = cacheStatus;
  if (requestIdAt > 0) head[requestIdAt] = response.locals.requestId;
  if (!prepared.sendsDate) response.sendDate = false;
  if (isNotModified) response.writeHead(304, 'Not Modified', head).end();
  else {
    response.writeHead(prepared.status, prepared.reason, head);
    if (request.method === 'HEAD') response.end();
    else response.end(prepared.body, 'latin1');
  }
  prepared.onSent();
}

function tell(prepared: Prepared, ageMs: number, now: number): Prepared['told'] {
  const ageS = Math.floor(ageMs / 1000);
  const ttlS = Math.floor((prepared.freshUntil - now) / 1000);
  const { told } = prepared;
  if (told.ageS !== ageS || told.ttlS !== ttlS)
    prepared.told = { ageS, age: String(ageS), ttlS, cacheStatus: hitStatus(ttlS) };
  return prepared.told;
}

/** A stored response as the answer to a request: whole, in part, or that nothing has changed. */
import type { IncomingMessage } from 'node:http';
import { type FlatHeaders, fieldValue, filterFields } from '../headers.ts';
import type { RelayAnswer } from '../origin.ts';
import { isUnchanged, partOf, rangeOf, toNotModifiedHeaders } from './conditions.ts';
import type { StoredResponse } from './store.ts';

/** What is said of its age, in ms; `ttlMs` is negative where it is past its freshness. */
export interface Told {
  readonly ageMs: number;
  readonly ttlMs: number;
}

/** `how` begins Cache-Status, `detail` ends it (RFC 9211). */
export function answerFrom(
  { method, rawHeaders }: IncomingMessage,
  stored: StoredResponse,
  { ageMs, ttlMs }: Told,
  how: string,
  detail?: string,
): RelayAnswer {
  const whole = wholeOf(stored, { ageMs, ttlMs }, how, detail);
  const { headers } = whole;
  const answer = { ...whole, body: method === 'HEAD' ? Buffer.alloc(0) : stored.body };
  if (stored.status === 200 && isUnchanged(rawHeaders, stored)) {
    return {
      ...answer,
      status: 304,
      reason: 'Not Modified',
      headers: toNotModifiedHeaders(headers),
      body: Buffer.alloc(0),
    };
  }
  return method === 'GET' ? inRange(rawHeaders, stored, answer) : answer;
}

/** A stored response as it is, whoever asks. */
export function wholeOf(stored: StoredResponse, { ageMs, ttlMs }: Told, how: string, detail?: string) {
  const ttl = `ttl=${Math.floor(ttlMs / 1000)}`;
  return {
    ...stored,
    headers: withAge(stored.headers, ageMs),
    trailers: () => [],
    isFramed: true,
    cacheStatus: `${how}; ${ttl}${detail === undefined ? '' : `; detail=${detail}`}`,
  };
}

/** Whether a stored part holds what is asked for. */
export function holdsRange(rawHeaders: FlatHeaders, stored: StoredResponse): boolean {
  const part = partOf(stored.headers);
  if (!part) return false;
  const range = rangeOf(rawHeaders, stored, part.size);
  if (range === undefined) return false;
  if (fieldValue(rawHeaders, 'range') === stored.range) return true;
  return range !== 'unsatisfiable' && range.first >= part.first && range.last < part.first + stored.body.length;
}

function inRange(rawHeaders: FlatHeaders, stored: StoredResponse, answer: RelayAnswer): RelayAnswer {
  if (stored.status !== 200 && stored.status !== 206) return answer;
  if (stored.status === 206 && fieldValue(rawHeaders, 'range') === stored.range) return answer;
  const { first, size } = partOf(stored.headers) ?? { first: 0, size: stored.body.length };
  const range = rangeOf(rawHeaders, stored, size);
  if (range === undefined) return answer;
  if (range === 'unsatisfiable') {
    const headers = withLength(answer.headers, 0, `bytes */${size}`);
    return { ...answer, status: 416, reason: 'Range Not Satisfiable', headers, body: Buffer.alloc(0) };
  }
  const body = stored.body.subarray(range.first - first, range.last + 1 - first);
  const headers = withLength(answer.headers, body.length, `bytes ${range.first}-${range.last}/${size}`);
  return { ...answer, status: 206, reason: 'Partial Content', headers, body };
}

/** RFC 9111, section 5.1. */
const withAge = (headers: FlatHeaders, ageMs: number) => [
  ...filterFields(headers, (field) => field !== 'age'),
  'Age',
  String(Math.floor(ageMs / 1000)),
];

const withLength = (headers: FlatHeaders, length: number, range: string) => [
  ...filterFields(headers, (field) => field !== 'content-length' && field !== 'content-range'),
  'Content-Length',
  String(length),
  'Content-Range',
  range,
];

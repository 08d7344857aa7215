/**
 * What a client asks of a stored response: whether it has changed (RFC 9110, section 13), and which bytes of it
 * (section 14). And what the cache asks of the upstream to learn whether it has changed (RFC 9111, section 4.3.1).
 */
import { type FlatHeaders, fieldValue, fieldValues, filterFields } from '../headers.ts';
import { type Head, parseDate } from './policy.ts';

const CONDITIONAL = new Set(['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range']);

export const isConditional = (headers: FlatHeaders) =>
  headers.some((name, index) => index % 2 === 0 && CONDITIONAL.has(name.toLowerCase()));

const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** The request without the client's conditions and ranges, and with the cache's own. */
export function toValidationHeaders(rawHeaders: FlatHeaders, stored?: Head): string[] {
  const kept = filterFields(rawHeaders, (field) => !CONDITIONAL.has(field) && field !== 'range');
  const tag = fieldValue(stored?.headers ?? [], 'etag');
  const modified = fieldValue(stored?.headers ?? [], 'last-modified');
  if (tag !== undefined && ENTITY_TAG.test(tag)) kept.push('If-None-Match', tag);
  if (modified !== undefined) kept.push('If-Modified-Since', modified);
  return kept;
}

export const hasValidator = ({ headers }: Head) =>
  ENTITY_TAG.test(fieldValue(headers, 'etag') ?? '') || fieldValue(headers, 'last-modified') !== undefined;

const weak = (tag: string) => tag.replace(/^W\//, '');

/** Whether a 304 speaks of this stored response (RFC 9111, section 4.3.4). */
export function isSame(stored: Head, newer: FlatHeaders): boolean {
  const tag = fieldValue(newer, 'etag');
  const storedTag = fieldValue(stored.headers, 'etag');
  return tag === undefined || storedTag === undefined || weak(tag) === weak(storedTag);
}

/** Whether an answer to HEAD speaks of this stored response (RFC 9111, section 4.3.5). */
export function isSameByHead(stored: Head & { readonly body: Buffer }, newer: FlatHeaders): boolean {
  const agrees = (field: string, known: string | undefined) => [undefined, known].includes(fieldValue(newer, field));
  const isOfTheSameState = ['etag', 'last-modified'].every((field) => agrees(field, fieldValue(stored.headers, field)));
  return isOfTheSameState && agrees('content-length', String(stored.body.length));
}

/** Whether the client has it already: a 304 is the answer then (RFC 9111, section 4.3.2). */
export function isUnchanged(rawHeaders: FlatHeaders, stored: Head): boolean {
  const tags = fieldValues(rawHeaders, 'if-none-match').join(',');
  if (tags !== '') return isAmong(fieldValue(stored.headers, 'etag'), tags);
  const since = parseDate(fieldValue(rawHeaders, 'if-modified-since') ?? '');
  if (since === undefined) return false;
  const changed =
    parseDate(fieldValue(stored.headers, 'last-modified') ?? '') ??
    parseDate(fieldValue(stored.headers, 'date') ?? '') ??
    stored.respondedAt;
  return changed <= since;
}

/** Whether an entity tag is one of those in `If-None-Match` (RFC 9110, section 13.1.2). */
export function isAmong(own: string | undefined, tags: string): boolean {
  if (tags.trim() === '*') return true;
  return own !== undefined && (tags.match(/(?:W\/)?"[^"]*"/g) ?? [tags.trim()]).some((tag) => weak(tag) === weak(own));
}

/** What a 304 says of the representation is said by its validators (RFC 9110, section 15.4.5). */
export const toNotModifiedHeaders = (headers: FlatHeaders) =>
  filterFields(headers, (field) => !/^content-(?!location$)/.test(field));

export interface ByteRange {
  readonly first: number;
  /** The last byte, itself included. */
  readonly last: number;
}

/** Where a part belongs (RFC 9110, section 14.4): undefined for what is no single range of a known whole. */
export function partOf(headers: FlatHeaders): { first: number; size: number } | undefined {
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(fieldValue(headers, 'content-range') ?? '') ?? [];
  const isPart = Number(first) <= Number(last) && Number(last) < Number(size);
  return isPart ? { first: Number(first), size: Number(size) } : undefined;
}

/**
 * The one range that a client asks for: undefined where all of it is to be sent (no range, several, one that cannot be
 * read, or one of another state of it), `unsatisfiable` where it lies beyond the end.
 */
export function rangeOf(rawHeaders: FlatHeaders, stored: Head, size: number): ByteRange | 'unsatisfiable' | undefined {
  const asked = fieldValue(rawHeaders, 'range');
  if (asked === undefined || !isOfState(rawHeaders, stored)) return undefined;
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(asked.trim()) ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  if (to !== '' && Number(to) < Number(from)) return undefined;
  if (Number(from) >= size) return 'unsatisfiable';
  return { first: Number(from), last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

/** Only a strong validator tells that a part belongs to the rest (RFC 9110, section 13.1.5). */
function isOfState(rawHeaders: FlatHeaders, { headers }: Head): boolean {
  const condition = fieldValue(rawHeaders, 'if-range');
  if (condition === undefined) return true;
  return condition === fieldValue(headers, condition.startsWith('"') ? 'etag' : 'last-modified');
}

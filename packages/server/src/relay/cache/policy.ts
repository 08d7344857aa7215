/**
 * RFC 9111 for a shared cache, as a set of pure questions: may it be stored, how old is it, may it be used again, and how
 * is it brought up to date. Times are in ms since the epoch and come in as parameters. Section numbers are the RFC's.
 */
import { isForwardingField } from '../forwarding.ts';
import { type FlatHeaders, fieldValue, fieldValues, filterFields, pairs } from '../headers.ts';
import { type Directives, parseDirectives, responseDirectives, secondsOf } from './directives.ts';

/** What is known of a response, its body apart. */
export interface Head {
  readonly status: number;
  /** The end-to-end fields, flat. */
  readonly headers: FlatHeaders;
  /** When the request was sent that it answers, and when its head came. */
  readonly requestedAt: number;
  readonly respondedAt: number;
}

export interface CachedRequest {
  readonly method: string;
  readonly rawHeaders: FlatHeaders;
}

export interface PolicySettings {
  /** Whether the client's Cache-Control and Pragma count. */
  readonly honoursRequests: boolean;
  /** Freshness of a response that says nothing of it; 0: none. */
  readonly defaultTtlMs: number;
  /** How long after its freshness a response may be used if there is no newer one, unless it says otherwise. */
  readonly staleIfErrorMs: number;
}

/** Final statuses whose meaning for a cache is known here (section 3, `must-understand`). */
const UNDERSTOOD = new Set([
  200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414,
  415, 416, 417, 421, 422, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505,
]);

/**
 * They say what became of one request's conditions, range or expectation, and nothing of what it is for: stored, they would
 * answer those who ask for it without (RFC 9110, sections 15.4.5, 15.5.13, 15.5.17 and 15.5.18).
 */
const OF_ONE_REQUEST = new Set([304, 412, 416, 417]);

/** RFC 9110, section 15.1. */
const HEURISTICALLY_CACHEABLE = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);

const HEURISTIC_SHARE = 0.1;
const MOST_HEURISTIC_MS = 24 * 3_600_000;

/** Section 3. A part (206) needs to say for how long, and where it belongs. */
export function isStorable(request: CachedRequest, head: Head, settings: PolicySettings): boolean {
  const { status, headers } = head;
  if (request.method !== 'GET' || status < 200 || OF_ONE_REQUEST.has(status)) return false;
  const { directives } = responseDirectives(headers);
  const understands = UNDERSTOOD.has(status);
  if (directives.has('must-understand') ? !understands : directives.has('no-store')) return false;
  if (settings.honoursRequests && requestDirectives(request).has('no-store')) return false;
  if (directives.get('private') === '') return false;
  if (hasAuthorization(request) && !['must-revalidate', 'public', 's-maxage'].some((name) => directives.has(name)))
    return false;
  // who asks is told by the relay, in fields that are not what the client sent in them
  if (varyOf(headers).some((name) => name === '*' || name === 'host' || name === 'via' || isForwardingField(name)))
    return false;
  const hasExplicit = explicitLifetime(headers) !== undefined;
  // a response with a cookie is somebody's, unless its server says for how long it may be shared (section 7.3)
  if (fieldValue(headers, 'set-cookie') !== undefined || status === 206) return hasExplicit;
  return hasExplicit || directives.has('public') || HEURISTICALLY_CACHEABLE.has(status);
}

export const hasAuthorization = ({ rawHeaders }: CachedRequest) =>
  fieldValue(rawHeaders, 'authorization') !== undefined;

/** Section 5.2.1, and 5.4 for older clients. */
export function requestDirectives({ rawHeaders }: CachedRequest): Directives {
  const fields = fieldValues(rawHeaders, 'cache-control');
  if (fields.length > 0) return parseDirectives(fields);
  const pragma = parseDirectives(fieldValues(rawHeaders, 'pragma'));
  return new Map(pragma.has('no-cache') ? [['no-cache', '']] : []);
}

/**
 * The fields that a response is kept without: those that `no-cache` or `private` names (sections 5.2.2.4 and 5.2.2.7), and
 * the one that announces trailers, which are not kept.
 */
export function toStoredHeaders(headers: FlatHeaders): string[] {
  const { directives } = responseDirectives(headers);
  const named = ['no-cache', 'private'].flatMap((name) => listOf(directives.get(name) ?? ''));
  return filterFields(headers, (field) => field !== 'trailer' && !named.includes(field));
}

const listOf = (text: string) => text.split(',').flatMap((member) => member.trim().toLowerCase() || []);

/** Section 4.2.1, without heuristics; undefined if the response says nothing of its freshness. */
export function explicitLifetime(headers: FlatHeaders, respondedAt = 0): number | undefined {
  const { directives, isTargeted } = responseDirectives(headers);
  const seconds = secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age');
  if (seconds !== undefined || isTargeted) return seconds;
  const [expires] = fieldValues(headers, 'expires');
  if (expires === undefined) return undefined;
  const expiresAt = parseDate(expires);
  return expiresAt === undefined ? 0 : Math.max(0, expiresAt - dateOf(headers, respondedAt));
}

/** How long it is fresh, counted from when its server made it. */
export function freshnessLifetime({ status, headers, respondedAt }: Head, { defaultTtlMs }: PolicySettings): number {
  const explicit = explicitLifetime(headers, respondedAt);
  if (explicit !== undefined) return explicit;
  const { directives } = responseDirectives(headers);
  if (!HEURISTICALLY_CACHEABLE.has(status) && !directives.has('public')) return 0;
  const modifiedAt = parseDate(fieldValue(headers, 'last-modified') ?? '');
  // section 4.2.2
  const heuristic =
    modifiedAt === undefined ? 0 : Math.max(0, dateOf(headers, respondedAt) - modifiedAt) * HEURISTIC_SHARE;
  return Math.max(Math.min(heuristic, MOST_HEURISTIC_MS), defaultTtlMs);
}

/** How long it may be sent without waiting for its server, counted likewise (RFC 5861, section 3). */
export function usableLifetime(head: Head, settings: PolicySettings): number {
  const { directives } = responseDirectives(head.headers);
  return freshnessLifetime(head, settings) + (secondsOf(directives, 'stale-while-revalidate') ?? 0);
}

/** Section 4.2.3. */
export function currentAge({ headers, requestedAt, respondedAt }: Head, now: number): number {
  const apparentAge = Math.max(0, respondedAt - dateOf(headers, respondedAt));
  const correctedAge = parseAge(headers) + Math.max(0, respondedAt - requestedAt);
  return Math.max(apparentAge, correctedAge) + Math.max(0, now - respondedAt);
}

/** Of a list the first counts, and what is no number of seconds counts for nothing (section 5.1). */
function parseAge(headers: FlatHeaders): number {
  const first = fieldValue(headers, 'age')?.split(',')[0]?.trim() ?? '';
  return /^\d+$/.test(first) ? Math.min(Number(first), 2 ** 31) * 1000 : 0;
}

const dateOf = (headers: FlatHeaders, otherwise: number) => parseDate(fieldValue(headers, 'date') ?? '') ?? otherwise;

const IMF_FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** The three forms of RFC 9110, section 5.6.7; undefined for anything else. */
export function parseDate(text: string): number | undefined {
  if (!IMF_FIXDATE.test(text) && !RFC_850.test(text) && !ASCTIME.test(text)) return undefined;
  const at = Date.parse(ASCTIME.test(text) ? `${text} GMT` : text);
  return Number.isNaN(at) ? undefined : at;
}

/** The names in Vary, in lower case; `*` if it is anywhere among them. */
export function varyOf(headers: FlatHeaders): string[] {
  return fieldValues(headers, 'vary').flatMap(listOf);
}

/** What a request sends in the fields that a response varies with, in one spelling (section 4.1). */
export function variantOf(names: readonly string[], { rawHeaders }: CachedRequest): string {
  const value = (name: string) =>
    fieldValues(rawHeaders, name)
      .join(',')
      .split(',')
      .map((member) => member.trim().replace(/\s+/g, ' '))
      .join(',');
  const has = (name: string) => fieldValue(rawHeaders, name) !== undefined;
  return JSON.stringify(
    [...new Set(names)].sort().map((name) => [name, has(name) ? normalised(name, value(name)) : null]),
  );
}

/**
 * Lists whose case says nothing; nor does the order of codings. That of languages is read as a preference (RFC 9110,
 * section 12.5.4).
 */
function normalised(name: string, value: string): string {
  if (name !== 'accept-encoding' && name !== 'accept-language') return value;
  const members = value
    .toLowerCase()
    .replace(/\s*;\s*/g, ';')
    .split(',');
  return (name === 'accept-encoding' ? members.sort() : members).join(',');
}

/** What may be done with a stored response. */
export type Use =
  | { readonly kind: 'fresh'; readonly ttlMs: number }
  /** It may be sent as it is; a newer one is to be asked for at the same time (RFC 5861, section 3). */
  | { readonly kind: 'stale-while-revalidate' }
  /** It may be sent only if its server agrees, or, where `ifErrorMs` is more than 0, does not answer. */
  | { readonly kind: 'validate'; readonly reason: 'stale' | 'request'; readonly ifErrorMs: number };

/** Section 4: whether a stored response answers a request, as far as its age goes. */
export function useOf(request: CachedRequest, head: Head, now: number, settings: PolicySettings): Use {
  const { directives } = responseDirectives(head.headers);
  const asked = settings.honoursRequests ? requestDirectives(request) : new Map<string, string>();
  const age = currentAge(head, now);
  const ttlMs = freshnessLifetime(head, settings) - age;
  const forbidsStale = ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name));
  const isStrict = forbidsStale || directives.get('no-cache') === '';
  const allowedMs = isStrict ? 0 : (secondsOf(directives, 'stale-if-error') ?? settings.staleIfErrorMs);
  const ifErrorMs = Math.max(0, allowedMs + Math.min(ttlMs, 0));
  if (asked.has('no-cache')) return { kind: 'validate', reason: 'request', ifErrorMs };
  if (directives.get('no-cache') === '') return { kind: 'validate', reason: 'stale', ifErrorMs };
  const maxAge = secondsOf(asked, 'max-age');
  const isTooOld = maxAge !== undefined && age > maxAge;
  const staleMs = Math.max(0, -ttlMs);
  const accepted = asked.get('max-stale') === '' ? Number.POSITIVE_INFINITY : (secondsOf(asked, 'max-stale') ?? 0);
  if (isTooOld && (forbidsStale || accepted === 0)) return { kind: 'validate', reason: 'request', ifErrorMs };
  if (ttlMs > 0) {
    const minFresh = secondsOf(asked, 'min-fresh') ?? 0;
    return ttlMs >= minFresh ? { kind: 'fresh', ttlMs } : { kind: 'validate', reason: 'request', ifErrorMs };
  }
  if (!forbidsStale && asked.has('max-stale') && staleMs <= accepted) return { kind: 'fresh', ttlMs };
  const wantsFresher = asked.has('min-fresh') || (maxAge !== undefined && accepted === 0);
  if (wantsFresher) return { kind: 'validate', reason: 'request', ifErrorMs };
  const whileRevalidate = forbidsStale ? undefined : secondsOf(directives, 'stale-while-revalidate');
  if (whileRevalidate !== undefined && staleMs < whileRevalidate) return { kind: 'stale-while-revalidate' };
  return { kind: 'validate', reason: 'stale', ifErrorMs };
}

/**
 * Whether an answer is as good as none: then a stored response may stand in (section 4.3.3; RFC 5861, section 4). 429 is
 * how the ingress in front of the upstream says what it may as well say by 503.
 */
export const isFailure = (status: number) => [429, 500, 502, 503, 504].includes(status);

/** Of the stored fields these stay, whatever a 304 or HEAD says of them: they tell how to read the body (section 3.2). */
const NEVER_UPDATED = new Set(['content-length', 'content-encoding', 'content-range']);

/** Section 3.2: the stored fields, brought up to date by those of a newer answer without a body. */
export function toUpdatedHeaders(stored: FlatHeaders, newer: FlatHeaders): string[] {
  const replacing = filterFields(newer, (field) => !NEVER_UPDATED.has(field));
  const replaced = new Set([...pairs(replacing)].map(([name]) => name.toLowerCase()));
  return [...filterFields(stored, (field) => !replaced.has(field)), ...replacing];
}

/** Methods after which stored responses are as good as before (RFC 9110, section 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'REPORT', 'SEARCH', 'QUERY']);

/** Section 4.4. */
export const invalidates = (method: string, status: number) => !SAFE.has(method) && status >= 200 && status < 400;

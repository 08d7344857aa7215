/**
 * Header hygiene of the raw relay: which fields pass from client to upstream and back (RFC 9110, section 7.6).
 * Fields keep their order, spelling and number; only what belongs to one connection is taken out.
 */
import type { IncomingMessage } from 'node:http';
import { isForwardingField, type Trust, toForwardingFields } from './forwarding.ts';

/** The name of the relay in `Via` and `Cache-Status`. */
export const RELAY_NAME = 'lunch-relay';

/** `Cache-Status` of what came out of the cache and is fresh for so long (RFC 9211). */
export const hitStatus = (ttlS: number) => `${RELAY_NAME}; hit; ttl=${ttlS}`;

/** Pairs of name and value, flat, as `rawHeaders` and `writeHead` have them. */
export type FlatHeaders = readonly string[];

/**
 * Fields of one connection (RFC 9110, section 7.6.1), and those that older peers treat as such. `Trailer` is not one: it
 * announces trailers, which are passed on.
 */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Fields that frame or route a message. A client's `Connection` must not be able to take them out on the way: the
 * upstream would then read another message than the relay did.
 */
const NEVER_DROPPED = new Set(['content-length', 'transfer-encoding', 'host']);

/** No trailer may frame, route or authenticate a message (RFC 9110, section 6.5.1). */
const NEVER_TRAILERS = new Set([
  ...NEVER_DROPPED,
  ...['authorization', 'www-authenticate', 'cookie', 'set-cookie', 'via', 'trailer', 'expect', 'max-forwards'],
  ...['content-encoding', 'content-range', 'content-type', 'range', 'location', 'retry-after', 'vary'],
  ...['cache-control', 'pragma', 'age', 'date', 'expires'],
]);

/** Looked up in lower case only, by http-proxy-middleware and by us. */
const LOWER_CASE = new Set(['content-length', 'transfer-encoding', 'host', 'expect']);

export function* pairs(flat: FlatHeaders): Generator<[name: string, value: string]> {
  for (let index = 0; index < flat.length; index += 2) yield [flat[index] ?? '', flat[index + 1] ?? ''];
}

/** The members of a list field, lower-cased. */
function listed(flat: FlatHeaders, field: string): string[] {
  const values = fieldValues(flat, field);
  if (values.length === 0) return values;
  return values.flatMap((value) => value.split(',')).map((member) => member.trim().toLowerCase());
}

/** What `Connection` names: the fields that end with it. */
function connectionOptions(flat: FlatHeaders): ReadonlySet<string> {
  const options = listed(flat, 'connection');
  // what it says most often is a field that ends here anyway
  const saysMore = options.length > 1 || (options[0] ?? 'keep-alive') !== 'keep-alive';
  return saysMore ? new Set(options) : NONE;
}

const NONE: ReadonlySet<string> = new Set();

const endsHere = (field: string, options: ReadonlySet<string>) => HOP_BY_HOP.has(field) || options.has(field);

/** The fields whose names, in lower case, are to be kept. */
export function filterFields(flat: FlatHeaders, isKept: (field: string) => boolean): string[] {
  const kept: string[] = [];
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index] ?? '';
    if (isKept(name.toLowerCase())) kept.push(name, flat[index + 1] ?? '');
  }
  return kept;
}

/** Fields for the upstream, from name as it is spelt to value or values. */
export type UpstreamHeaders = Record<string, string | string[]>;

/**
 * Without the names that every object has: `constructor` and `__proto__` are names of fields like any other. Of a class,
 * since what `Object.create(null)` makes is a dictionary to V8, and several times as slow to copy.
 */
class NoFields {
  [name: string]: string | string[];
}
Object.setPrototypeOf(NoFields.prototype, null);
Reflect.deleteProperty(NoFields.prototype, 'constructor');

/** Fields in the making, each under the spelling that it came in first. */
class Fields {
  readonly headers: UpstreamHeaders = new NoFields();
  readonly #spelling = new Map<string, string>();

  has(field: string): boolean {
    return this.#spelling.has(field);
  }

  valuesOf(field: string): string[] {
    return [this.headers[this.#spelling.get(field) ?? field] ?? []].flat();
  }

  set(field: string, value: string, name: string = field): void {
    const known = this.#spelling.get(field);
    if (known === undefined) this.#spelling.set(field, name);
    this.headers[known ?? name] = value;
  }

  add(field: string, value: string, name: string): void {
    const known = this.#spelling.get(field);
    if (known === undefined) this.set(field, value, name);
    else this.headers[known] = [...this.valuesOf(field), value];
  }

  delete(field: string): void {
    const name = this.#spelling.get(field);
    if (name !== undefined && this.#spelling.delete(field)) delete this.headers[name];
  }
}

export interface UpstreamHeaderRules {
  readonly trust: Trust;
  /**
   * Whether `Cache-Control` and `Pragma` of clients are passed on. Else they stay here: `no-cache` makes the upstream read
   * the restaurant's page anew, for one client and at the cost of all.
   */
  readonly passesDirectives: boolean;
}

/** The fields for the upstream, from what the client sent. */
export function toUpstreamHeaders(
  request: IncomingMessage,
  upstreamHost: string,
  rules: UpstreamHeaderRules,
): UpstreamHeaders {
  const { rawHeaders, httpVersion, method } = request;
  const isFromProxy = rules.trust(request.socket.remoteAddress ?? '', 0);
  const fields = passedOn(request, rules, isFromProxy);
  const isCoded = fields.has('transfer-encoding');
  // without chunks there is no place for what it announces: Node throws where nobody can catch it
  if (!isCoded) fields.delete('trailer');
  fields.set('host', upstreamHost);
  for (const [field, value] of toForwardingFields(request, isFromProxy)) fields.set(field, value);
  fields.set('via', [...fields.valuesOf('via'), `${httpVersion} ${RELAY_NAME}`].join(', '));
  // the relay passes trailers on, so it may ask for them on behalf of who does (RFC 9110, section 10.1.4); not where
  // http-proxy-middleware closes the connection, and has no place for a second option
  if (!isCoded && listed(rawHeaders, 'te').includes('trailers')) {
    fields.set('te', 'trailers');
    fields.set('connection', 'TE');
  }
  const forwards = countsForwards(method) ? fields.valuesOf('max-forwards')[0] : undefined;
  if (forwards !== undefined && /^\d{1,9}$/.test(forwards)) fields.set('max-forwards', String(Number(forwards) - 1));
  return fields.headers;
}

/** What of the client's fields the upstream gets as it is. */
function passedOn(
  { rawHeaders, httpVersion }: IncomingMessage,
  { passesDirectives }: UpstreamHeaderRules,
  isFromProxy: boolean,
): Fields {
  const options = connectionOptions(rawHeaders);
  const fields = new Fields();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const field = name.toLowerCase();
    if (endsHere(field, options) && !NEVER_DROPPED.has(field)) continue;
    if (!passesDirectives && (field === 'cache-control' || field === 'pragma')) continue;
    // HTTP/1.0 has no interim responses to wait for (RFC 9110, section 10.1.1)
    if (field === 'expect' && httpVersion === '1.0') continue;
    if (!isFromProxy && isForwardingField(field)) continue;
    fields.add(field, rawHeaders[index + 1] ?? '', LOWER_CASE.has(field) ? field : name);
  }
  return fields;
}

/** How many relays of this kind a request has passed (RFC 9110, section 7.6.3). */
export function passedRelays({ headers }: Pick<IncomingMessage, 'headers'>): number {
  if (headers.via === undefined) return 0;
  const passed = headers.via.split(',').map((member) => member.trim().split(/\s+/)[1]);
  return passed.filter((name) => name === RELAY_NAME).length;
}

/** Whether `Max-Forwards` counts (RFC 9110, section 7.6.2). */
const countsForwards = (method: string | undefined) => method === 'TRACE' || method === 'OPTIONS';

/** Whether a request has been forwarded as often as it may be: it is the relay's own to answer. */
export function isForTheRelay({ method, headers }: IncomingMessage): boolean {
  return countsForwards(method) && /^0+$/.test(headers['max-forwards']?.toString() ?? '');
}

/** The fields for the client, from what the upstream sent: all but those of the connection. */
export function toClientHeaders(rawHeaders: FlatHeaders): string[] {
  const options = connectionOptions(rawHeaders);
  return filterFields(
    rawHeaders,
    (field) => !HOP_BY_HOP.has(field) && (!options.has(field) || NEVER_DROPPED.has(field)),
  );
}

/**
 * A client's fields without those of its connection, `TE` apart, which is answered for: what the upstream will be sent, and
 * so what an answer may be stored under.
 */
export function toEndToEnd(rawHeaders: FlatHeaders): string[] {
  const fields = toClientHeaders(rawHeaders);
  const te = fieldValues(rawHeaders, 'te');
  if (te.length > 0) fields.push('TE', te.join(', '));
  return fields;
}

/** The value of a field, of the first if there are several; undefined if there is none. */
export function fieldValue(flat: FlatHeaders, field: string): string | undefined {
  for (let index = 0; index < flat.length; index += 2) if (isNamed(flat[index], field)) return flat[index + 1];
  return undefined;
}

/** The values of a field's lines, in order. */
export function fieldValues(flat: FlatHeaders, field: string): string[] {
  const values: string[] = [];
  for (let index = 0; index < flat.length; index += 2)
    if (isNamed(flat[index], field)) values.push(flat[index + 1] ?? '');
  return values;
}

/** Looked for many times in every request: most names differ in length already. */
const isNamed = (name: string | undefined, field: string) =>
  name !== undefined && name.length === field.length && name.toLowerCase() === field;

/** The trailers to pass on, in either direction. */
export function toTrailers(rawTrailers: FlatHeaders): Array<[name: string, value: string]> {
  return [...pairs(rawTrailers)].filter(([name]) => {
    const field = name.toLowerCase();
    const isCondition = field.startsWith('if-');
    return !HOP_BY_HOP.has(field) && !NEVER_TRAILERS.has(field) && !isCondition && !isForwardingField(field);
  });
}

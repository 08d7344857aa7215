/**
 * Header hygiene of the raw relay: which fields pass from client to upstream and back (RFC 9110, section 7.6).
 * Fields keep their order, spelling and number; only what belongs to one connection is taken out.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** The name of the relay in `Via` and `Cache-Status`. */
export const RELAY_NAME = 'lunch-relay';

/** Fields of one connection (RFC 9110, section 7.6.1), and those that older peers treat as such. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Fields that frame or route a message. A client's `Connection` must not be able to take them out on the way: the
 * upstream would then read another message than the relay did.
 */
const NEVER_DROPPED = new Set(['content-length', 'transfer-encoding', 'host']);

/** Pairs of name and value, flat, as `rawHeaders` and `writeHead` have them. */
type FlatHeaders = readonly string[];

function* pairs(flat: FlatHeaders): Generator<[name: string, value: string]> {
  for (let index = 0; index < flat.length; index += 2) yield [flat[index] ?? '', flat[index + 1] ?? ''];
}

function connectionOptions(flat: FlatHeaders): Set<string> {
  const named = [...pairs(flat)]
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(','))
    .map((option) => option.trim().toLowerCase());
  return new Set(named);
}

/**
 * The fields for the upstream, from what the client sent. `Cache-Control` and `Pragma` stay here: `no-cache` makes the
 * upstream read the restaurant's page anew, for one client and at the cost of all.
 */
export function toUpstreamHeaders(
  rawHeaders: FlatHeaders,
  upstreamHost: string,
  httpVersion: string,
): IncomingHttpHeaders {
  const options = connectionOptions(rawHeaders);
  // without a prototype: `constructor` and `__proto__` are names of fields like any other
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of pairs(rawHeaders)) {
    const field = name.toLowerCase();
    const isOfConnection = (HOP_BY_HOP.has(field) || options.has(field)) && !NEVER_DROPPED.has(field);
    if (isOfConnection || field === 'cache-control' || field === 'pragma') continue;
    const before = headers[field];
    headers[field] = before === undefined ? value : [before, value].flat();
  }
  headers['host'] = upstreamHost;
  headers['via'] = [headers['via'] ?? [], `${httpVersion} ${RELAY_NAME}`].flat().join(', ');
  return headers;
}

/** The fields for the client, from what the upstream sent: all but those of the connection, `replaced` put in place. */
export function toClientHeaders(rawHeaders: FlatHeaders, replaced: Readonly<Record<string, string>>): string[] {
  const options = connectionOptions(rawHeaders);
  const headers: string[] = [];
  for (const [name, value] of pairs(rawHeaders)) {
    const field = name.toLowerCase();
    const isOfConnection = HOP_BY_HOP.has(field) || (options.has(field) && !NEVER_DROPPED.has(field));
    if (!isOfConnection) headers.push(name, replaced[field] ?? value);
  }
  return headers;
}

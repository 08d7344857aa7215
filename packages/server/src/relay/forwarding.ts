/**
 * Who asks, told to the upstream: `Forwarded` (RFC 7239) and the older `X-Forwarded-*`. What a client says of itself there
 * is believed, and added to, only where it comes from a proxy of ours; from anybody else it is replaced.
 */
import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

/** Tells of an address, and of how many proxies stand between it and the relay, whether it is a proxy of ours. */
export type Trust = (address: string, hops: number) => boolean;

/**
 * Reads `TRUST_PROXY`: empty for nobody, a number of proxies in front of the relay, or a list, with commas, of addresses,
 * networks (`10.0.0.0/8`) and the names `loopback`, `linklocal`, `uniquelocal`. Throws a TypeError for anything else.
 */
export function parseTrust(setting: string): Trust {
  if (/^\d+$/.test(setting)) return (_, hops) => hops < Number(setting);
  return proxyAddr.compile(setting.split(',').flatMap((entry) => entry.trim() || []));
}

/** Whether a field (in lower case) tells who asks. */
export const isForwardingField = (field: string) => field === 'forwarded' || field.startsWith('x-forwarded-');

/** The fields for the upstream, by their names in lower case: added to what the client sent in them if it is trusted. */
export function toForwardingFields(
  { socket, headers }: IncomingMessage,
  isTrusted: boolean,
): ReadonlyArray<readonly [field: string, value: string]> {
  const address = plainAddress(socket.remoteAddress ?? 'unknown');
  const host = headers.host ?? '';
  const given = (field: string) => (isTrusted ? headers[field]?.toString() : undefined);
  const added = (field: string, value: string) => {
    const before = given(field);
    return before === undefined ? value : `${before}, ${value}`;
  };
  const element = `for=${quoted(address)};${host === '' ? '' : `host=${quoted(host)};`}proto=http`;
  const toldHost = given('x-forwarded-host') ?? host;
  const toldProto = given('x-forwarded-proto') ?? 'http';
  return [
    ['forwarded', added('forwarded', element)],
    ['x-forwarded-for', added('x-forwarded-for', address)],
    ...(toldHost === '' ? [] : [['x-forwarded-host', toldHost] as const]),
    ...(toldProto === '' ? [] : [['x-forwarded-proto', toldProto] as const]),
  ];
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.)/, '');

/** What is more than a token is quoted, an IPv6 address in brackets too (RFC 7239, sections 4 and 6). */
function quoted(value: string): string {
  const node = /^[\da-f]*:[\da-f:.]*$/i.test(value) ? `[${value}]` : value;
  return /^[\w.-]+$/.test(node) ? node : `"${node}"`;
}

/**
 * The upstream's base URL, and the translation between its URI space and the relay's. The only place where a path of one
 * becomes a path of the other.
 */
import { RelayError } from '../errors.ts';

export interface UpstreamBase {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The path under which the API lies, without a slash at its end: `/api`, or empty. */
  readonly basePath: string;
  /** The Host field for the upstream. */
  readonly host: string;
  /**
   * The upstream's path and query for a path and query of the relay's; `/` is the base URL itself. Throws `invalid_path`
   * for what the URL parser takes for a path outside the base path: the last look, whatever the path guard let pass.
   */
  toUpstream(target: string): string;
  /** The relay's path for a reference in an answer to `from` (an upstream path), or undefined if it leads elsewhere. */
  toRelay(reference: string, from: string): string | undefined;
  /** A reference in an answer to `from`, as an absolute URL; undefined if it is none. */
  resolve(reference: string, from: string): URL | undefined;
}

/** Nothing in it that the URL parser could take for something else: no dots, no escapes, no backslashes. */
const PLAIN = /^\/[\w~!$&'()*+,;=:@/-]*(?:\?[\w~!$&'()*+,;=:@/?.%-]*)?$/;

export function createUpstreamBase(baseUrl: string): UpstreamBase {
  const { origin, host, hostname, pathname } = new URL(baseUrl);
  const basePath = pathname.replace(/\/+$/, '');

  function resolve(reference: string, from: string): URL | undefined {
    return URL.canParse(reference, origin + from) ? new URL(reference, origin + from) : undefined;
  }

  /** Behind TLS the upstream redirects to `http:` on its own host (docs/upstream.md): the default ports count as one. */
  function isUpstream(url: URL): boolean {
    const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
    return (
      isHttp && (url.host === host || (url.hostname === hostname && url.port === '' && new URL(origin).port === ''))
    );
  }

  const isBelowBase = ({ pathname }: URL) => pathname === basePath || pathname.startsWith(`${basePath}/`);

  return {
    origin,
    host,
    basePath,
    resolve,
    toUpstream(target) {
      const isRoot = target === '/' || target.startsWith('/?');
      const path = isRoot ? (basePath || '/') + target.slice(1) : basePath + target;
      if (PLAIN.test(target)) return path;
      const url = resolve(origin + path, '/');
      if (url?.origin !== origin || !isBelowBase(url)) throw new RelayError('invalid_path');
      return path;
    },
    toRelay(reference, from) {
      const url = resolve(reference, from);
      if (!url || !isUpstream(url)) return undefined;
      if (!isBelowBase(url)) return undefined;
      return (url.pathname.slice(basePath.length) || '/') + url.search + url.hash;
    },
  };
}

/** The options of a client, checked once: mistakes are thrown where they are made, not at the first call. */
import type { EtagCache } from './etags.ts';
import { inRange } from './range.ts';

export interface LunchClientOptions {
  /** Where the relay is, such as `http://localhost:8080`; a path is kept, user name and password go into `Authorization`. */
  readonly baseUrl: string;
  /** Sends every request. Default: the global `fetch` at the time of the call. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** For one attempt, its body included. 1 to 2,147,483,647; default 15,000: the relay itself gives up after 10,000. */
  readonly timeoutMs?: number | undefined;
  /** For a whole call: attempts, the waiting between them, and parsing. 1 to 2,147,483,647; default 30,000. */
  readonly totalTimeoutMs?: number | undefined;
  /**
   * How often a GET is sent again after 429, 502, 503 or a lost connection; 0 to 10, default 1. Waits a random time of up
   * to 250 ms, doubled each time up to 2,000, and before it what `Retry-After` asks for; where that is more than 5,000 ms, or
   * than the time left, the call fails at once.
   */
  readonly retries?: number | undefined;
  /** Sent with every request. Those of `baseUrl` and `appInfo` give way to them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Names your program to whoever runs the relay, as `User-Agent`; some browsers keep their own. */
  readonly appInfo?: { readonly name: string; readonly version?: string | undefined } | undefined;
  /** Of `createEtagCache`. Default: none; browsers have a cache of their own. */
  readonly cache?: EtagCache | undefined;
}

export interface Settings {
  readonly baseUrl: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly retries: number;
  readonly headers: Headers;
  readonly cache: EtagCache;
}

/** What setTimeout takes; it fires at once for more. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Throws a TypeError or a RangeError that names the option. */
export function parseSettings(options: LunchClientOptions): Settings {
  const {
    baseUrl,
    timeoutMs = 15_000,
    totalTimeoutMs = 30_000,
    retries = 1,
    headers = {},
    appInfo,
    cache = (transport) => transport,
    fetch: send = (request) => fetch(request),
    // no object at all, perhaps, in a program without types
  } = Object(options) as LunchClientOptions;
  const url = parseBaseUrl(baseUrl);
  if (typeof send !== 'function') throw new TypeError('fetch must be a function');
  if (typeof cache !== 'function') throw new TypeError('cache must be made by createEtagCache');
  return {
    baseUrl: url.origin + url.pathname.replace(/\/+$/, ''),
    fetch: send,
    timeoutMs: inRange('timeoutMs', timeoutMs, 1, LONGEST_TIMEOUT_MS),
    totalTimeoutMs: inRange('totalTimeoutMs', totalTimeoutMs, 1, LONGEST_TIMEOUT_MS),
    retries: inRange('retries', retries, 0, 10),
    headers: toHeaders(url, appInfo, headers),
    cache,
  };
}

function parseBaseUrl(baseUrl: string): URL {
  if (/^\s*https?:[^?#]+$/i.test(baseUrl) && URL.canParse(baseUrl)) return new URL(baseUrl);
  // which one is not said: it may hold a password
  throw new TypeError('baseUrl must be an http: or https: URL without a query');
}

/** What the caller names wins over what is made of other options. */
function toHeaders(
  { username, password }: URL,
  appInfo: LunchClientOptions['appInfo'],
  named: Readonly<Record<string, string>>,
): Headers {
  try {
    const headers = new Headers(named);
    const add = (name: string, value: string) => headers.has(name) || headers.set(name, value);
    // `fetch` refuses a URL that holds them; `unescape`, since base64 is of bytes and not of characters
    if (username + password) add('authorization', `Basic ${btoa(unescape(`${username}:${password}`))}`);
    if (appInfo) add('user-agent', `${appInfo.name}${appInfo.version ? `/${appInfo.version}` : ''} lunch-relay-sdk`);
    return headers;
  } catch {
    // the reason is not handed on: it holds the value, which may be a secret
    throw new TypeError('headers and appInfo must be what HTTP allows');
  }
}

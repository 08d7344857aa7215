/** The options of a client, checked once: mistakes are thrown where they are made, not at the first call. */

export interface LunchClientOptions {
  /** Where the relay is, such as `http://localhost:8080`; a path is kept, user name and password go into `Authorization`. */
  readonly baseUrl: string;
  /** Sends every request. Default: the global `fetch` at the time of the call. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** For one attempt, its body included. 1 to 2,147,483,647; default 15,000: the relay itself gives up after 10,000. */
  readonly timeoutMs?: number;
  /** For a whole call: attempts, and the waiting between them. 1 to 2,147,483,647; default 30,000. */
  readonly totalTimeoutMs?: number;
  /**
   * How often a GET is sent again after 429, 502, 503 or a lost connection; 0 to 10, default 1. Waits a random time of up
   * to 250 ms, doubled each time up to 2,000, and before it what `Retry-After` asks for; where that is more than 5,000 ms, or
   * than the time left, the call fails at once.
   */
  readonly retries?: number;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names your program to whoever runs the relay, as `User-Agent`; some browsers keep their own. */
  readonly appInfo?: { readonly name: string; readonly version?: string };
  /**
   * Keeps answers in memory and asks the relay only whether they have changed. Default: false. `true` keeps the 100 that
   * were used last. Browsers have a cache of their own.
   */
  readonly cache?: boolean | { readonly maxEntries: number };
}

export interface Settings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly retries: number;
  readonly headers: Headers;
  /** 0: no cache. */
  readonly cacheEntries: number;
}

/** What setTimeout takes; it fires at once for more. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
const DEFAULT_CACHE_ENTRIES = 100;

/** Throws a TypeError or a RangeError that names the option. */
export function parseSettings(options: LunchClientOptions): Settings {
  const { cache } = options;
  const url = parseBaseUrl(options.baseUrl);
  const cacheEntries = cache === true ? DEFAULT_CACHE_ENTRIES : cache ? cache.maxEntries : 0;
  return {
    baseUrl: url.origin + url.pathname.replace(/\/+$/, ''),
    fetch: options.fetch ?? ((request) => fetch(request)),
    timeoutMs: inRange('timeoutMs', options.timeoutMs ?? 15_000, 1, LONGEST_TIMEOUT_MS),
    totalTimeoutMs: inRange('totalTimeoutMs', options.totalTimeoutMs ?? 30_000, 1, LONGEST_TIMEOUT_MS),
    retries: inRange('retries', options.retries ?? 1, 0, 10),
    headers: toHeaders(options, url),
    cacheEntries: inRange('cache.maxEntries', cacheEntries, 0, 10_000),
  };
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

function parseBaseUrl(baseUrl: string): URL {
  const url = /^https?:\/\//i.test(baseUrl) && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url && url.search === '' && url.hash === '') return url;
  // which one is not said: it may hold a password
  throw new TypeError('baseUrl must be an absolute http: or https: URL without a query');
}

/** `fetch` refuses a URL that holds a user name or a password. */
function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const bytes = `${username}:${password}`.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return `Basic ${btoa(bytes)}`;
}

function toHeaders({ headers: given = {}, appInfo }: LunchClientOptions, url: URL): Headers {
  const headers = new Headers(given);
  const authorization = authorizationOf(url);
  if (authorization !== undefined) headers.set('authorization', authorization);
  if (appInfo) {
    const { name, version } = appInfo;
    headers.set('user-agent', `${name}${version === undefined ? '' : `/${version}`} lunch-relay-sdk`);
  }
  return headers;
}

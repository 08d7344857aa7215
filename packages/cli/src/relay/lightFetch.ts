/**
 * The parts of the Fetch standard that a GET of the SDK touches. Node's own classes take 35 ms to load, more than all the
 * rest of `lunch nanna`. `main.ts` puts these in their place, in a process that nothing else runs in.
 */

type HeaderList = Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

class LightHeaders {
  readonly #values = new Map<string, string>();

  constructor(init: HeaderList = []) {
    const pairs = Symbol.iterator in init ? (init as Iterable<readonly [string, string]>) : Object.entries(init);
    for (const [name, value] of pairs) this.append(name, value);
  }
  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }
  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), String(value));
  }
  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }
  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }
  entries() {
    return this.#values.entries();
  }
  forEach(each: (value: string, name: string) => void): void {
    for (const [name, value] of this.#values) each(value, name);
  }
  [Symbol.iterator]() {
    return this.#values.entries();
  }
}

interface RequestInit {
  readonly method?: string;
  readonly headers?: HeaderList;
  readonly signal?: AbortSignal | null;
}

class LightRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: LightHeaders;
  readonly signal: AbortSignal;

  constructor(from: string | URL | LightRequest, init: RequestInit = {}) {
    const known = from instanceof LightRequest ? from : undefined;
    this.url = from instanceof LightRequest ? from.url : new URL(from).href;
    this.method = init.method ?? known?.method ?? 'GET';
    this.headers = new LightHeaders(init.headers ?? known?.headers);
    this.signal = init.signal ?? known?.signal ?? new AbortController().signal;
  }
}

interface ResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: HeaderList;
}

class LightResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: LightHeaders;
  /** Whole in memory. */
  readonly body: Uint8Array | null;

  constructor(body: Uint8Array | ArrayBuffer | null = null, init: ResponseInit = {}) {
    const { status = 200, statusText = '', headers } = init;
    this.status = status;
    this.statusText = statusText;
    this.ok = status >= 200 && status < 300;
    this.headers = new LightHeaders(headers);
    this.body = body instanceof ArrayBuffer ? new Uint8Array(body) : body;
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(Uint8Array.from(this.body ?? []).buffer);
  }
  text(): Promise<string> {
    return Promise.resolve(new TextDecoder().decode(this.body ?? new Uint8Array()));
  }
  clone(): LightResponse {
    return new LightResponse(this.body, this);
  }
}

/** To be done before the SDK makes its first call. */
export function installLightFetch(globals: typeof globalThis): void {
  Object.assign(globals, { Headers: LightHeaders, Request: LightRequest, Response: LightResponse });
}

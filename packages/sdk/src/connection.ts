/** How the calls of one client go out: one transport for all, the typed ones and those that the document does not know. */
import createClient, { type Client } from 'openapi-fetch';
import { within } from './deadline.ts';
import type { paths } from './generated/schema.gen.ts';
import { type LunchClientOptions, parseSettings } from './settings.ts';
import { createTransport, type Fetch } from './transport.ts';

export interface CallOptions {
  /** Ends the call at once; its reason is then thrown as it is. */
  readonly signal?: AbortSignal | undefined;
  /** Sent with this call, in place of those of the client with the same name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Connection {
  /** Sends nothing by itself: every call needs the `fetch` that `run` gives. */
  readonly client: Client<paths>;
  /** The same, each call run by itself. */
  readonly raw: Client<paths>;
  /** Runs a whole call, the parsing of its answer included, until its time is up or its caller aborts. */
  readonly run: <Result>(
    signal: AbortSignal | null | undefined,
    work: (fetch: Fetch, signal: AbortSignal) => Promise<Result>,
  ) => Promise<Result>;
}

/** Throws as `parseSettings` does. */
export function connect(options: LunchClientOptions): Connection {
  const settings = parseSettings(options);
  const { baseUrl, headers, totalTimeoutMs, cache } = settings;
  const transport = cache(createTransport(settings));
  const client = createClient<paths>({ baseUrl, headers });
  const run: Connection['run'] = (signal, work) => {
    const deadlineAt = performance.now() + totalTimeoutMs;
    return within(totalTimeoutMs, signal, (own) => work((request) => transport(request, own, deadlineAt), own));
  };
  return { client, run, raw: runningItself(client, run) };
}

type RawInit = { readonly signal?: AbortSignal | null; readonly fetch?: Fetch };

/** The caller's signal stays out of the Request, which would listen to it until it is collected. */
function runningItself(client: Client<paths>, run: Connection['run']): Client<paths> {
  const ask = client.request as (method: string, path: string, init: object) => Promise<unknown>;
  const request = (method: string, path: string, init: RawInit = {}) =>
    run(init.signal, (fetch, signal) => ask(method, path, { fetch, ...init, signal }));
  const raw: Record<string, unknown> = { ...client, request };
  for (const name in client)
    if (/[A-Z]/.test(name)) raw[name] = (path: string, init?: RawInit) => request(name, path, init);
  return raw as unknown as Client<paths>;
}

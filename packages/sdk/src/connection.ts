/** How the calls of one client go out: one transport for all, the typed ones and those that the document does not know. */
import createClient, { type Client } from 'openapi-fetch';
import { rememberingEtags } from './etags.ts';
import type { paths } from './generated/schema.gen.ts';
import { type LunchClientOptions, parseSettings } from './settings.ts';
import { createTransport } from './transport.ts';

export interface CallOptions {
  /** Ends the call at once; its reason is then thrown as it is. */
  readonly signal?: AbortSignal;
  /** Sent with this call, in place of those of the client with the same name. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Connection {
  readonly raw: Client<paths>;
  /** `raw` without its types. */
  readonly ask: (method: string, path: string, init: object) => Promise<{ error?: unknown; response: Response }>;
  /** What a call of `raw` needs to be sent as these options say, and to give its body as text. */
  readonly sending: (options: CallOptions) => {
    readonly headers: Readonly<Record<string, string>>;
    readonly parseAs: 'text';
    readonly fetch: (request: Request) => Promise<Response>;
  };
}

/** Throws as `parseSettings` does. */
export function connect(options: LunchClientOptions): Connection {
  const settings = parseSettings(options);
  const { baseUrl, headers, cacheEntries } = settings;
  const plain = createTransport(settings);
  const transport = cacheEntries > 0 ? rememberingEtags(plain, cacheEntries) : plain;
  const raw = createClient<paths>({ baseUrl, headers, fetch: (request) => transport(request) });
  return {
    raw,
    ask: raw.request as Connection['ask'],
    sending: ({ signal, headers = {} }) => ({
      headers,
      parseAs: 'text',
      // the signal not in the init: every Request would listen to the caller's until it is collected
      fetch: (request) => transport(request, signal),
    }),
  };
}

/** Calls of the lunch-menu API itself, by way of the relay. */
import { parseJson, toFormError } from './answers.ts';
import { type LunchResponse, toLunchResponse } from './call.ts';
import type { CallOptions, Connection } from './connection.ts';
import { LunchError, toResponseError } from './errors.ts';

export interface RelayRequest {
  /** Default: `GET`. Nothing else is ever sent twice. */
  readonly method?: string;
  readonly body?: string | Blob | ArrayBuffer | Uint8Array | FormData | URLSearchParams;
}

export interface ParsedRelayRequest<Data> extends RelayRequest {
  /** Makes the data of a response, whose body is whole in memory. What it throws is the cause of an `invalid_response`. */
  readonly parse: (response: Response) => Data | Promise<Data>;
}

/** Without `parse` the data is of a type that nobody has claimed. */
export type AnyRelayRequest<Data> = RelayRequest & Partial<ParsedRelayRequest<Data>>;

const PREFIX = '/relay_anything';

/** The path to ask the relay for. Throws `invalid_request` where dot segments lead out of the lunch-menu API. */
function toRelayedPath(path: string): string {
  // the origin does not matter: what counts is where the dots lead
  if (!new URL(`http://x${PREFIX}${path}`).pathname.startsWith(`${PREFIX}/`))
    throw new LunchError('invalid_request', `The path must stay below its slash, not "${path}".`);
  return PREFIX + path;
}

/** Throws what an answer that is no success says, in the relay's words or in the API's own. */
export async function askRelayed<Data>(
  { ask, sending }: Connection,
  path: string,
  { method = 'GET', body, parse = parseRelayed as () => Promise<Data> }: AnyRelayRequest<Data>,
  options: CallOptions,
): Promise<LunchResponse<Data>> {
  const { error, response } = await ask(method, toRelayedPath(path), {
    ...sending(options),
    parseAs: 'stream',
    body,
    bodySerializer: () => body,
    // null: what fits the body, and not JSON always
    headers: { 'Content-Type': null, ...options.headers },
  });
  if (!response.ok) throw toResponseError(response, error, true);
  try {
    return toLunchResponse(await parse(response), response);
  } catch (cause) {
    throw toFormError(response, cause);
  }
}

/** Where no `parse` is given, the data is of unknown type; undefined for an empty answer, such as one to DELETE. */
async function parseRelayed(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : parseJson(text, response);
}

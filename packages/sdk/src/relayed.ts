/** Calls of the lunch-menu API itself, by way of the relay. */
import { readJson } from './answers.ts';
import type { Answer, CallInit } from './call.ts';
import { LunchError } from './errors.ts';

export interface RelayRequest {
  /** Default: `GET`. Nothing else is ever sent twice. */
  readonly method?: string | undefined;
  readonly body?: string | Blob | ArrayBuffer | Uint8Array | FormData | URLSearchParams | undefined;
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
    throw new LunchError('invalid_request', 'The path leads out of the lunch-menu API.');
  return PREFIX + path;
}

/** Without the types of the document, which does not know the path. */
export type Ask = (method: string, path: string, init: object) => Promise<Answer>;

export const askRelayed = (ask: Ask, path: string, { method = 'GET', body }: RelayRequest, init: CallInit) =>
  ask(method, toRelayedPath(path), {
    ...init,
    body,
    bodySerializer: () => body,
    // null: what fits the body, and not JSON always
    headers: { 'Content-Type': null, ...init.headers },
  });

/** Where no `parse` is given, the data is of unknown type; undefined for an empty answer, such as one to DELETE. */
export const readAny = async (response: Response): Promise<unknown> =>
  response.body === null ? undefined : readJson(response);

/**
 * A bare HTTP client for the tests: one connection per request, nothing added, followed or decoded.
 */
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly text: string;
  /** What a test expects of the parsed body is what it asserts. */
  json<T>(): T;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
  readonly signal?: AbortSignal;
}

/** Sends a request and resolves with the head of its answer. */
export function openReply(
  url: string,
  { method = 'GET', headers = {}, body, signal }: Ask = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const target = url.slice(new URL(url).origin.length);
    const sent = request(url, { agent: false, method, headers, path: target, ...(signal && { signal }) }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Sends a request and resolves with the whole answer; rejects when it breaks. */
export async function ask(url: string, options: Ask = {}): Promise<Reply> {
  const message = await openReply(url, options);
  const body = await buffer(message);
  const text = body.toString();
  return {
    status: message.statusCode ?? 0,
    reason: message.statusMessage ?? '',
    headers: message.headers,
    rawHeaders: message.rawHeaders,
    body,
    text,
    json: () => JSON.parse(text) as never,
  };
}

/** The lines of a menu in any wire version. */
export async function menuLines(url: string, headers: Record<string, string> = {}): Promise<string[]> {
  const reply = await ask(url, { headers });
  return reply.json<{ restaurant: { menu: { dish: string }[] } }>().restaurant.menu.map(({ dish }) => dish);
}

/** The code of the error with which a promise rejects; undefined when it does not. */
export async function errorCode(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code,
  );
}

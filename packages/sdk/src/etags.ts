/**
 * A bounded memory of what was answered, by ETag: an answer that has not changed comes from here instead of over the wire.
 * The relay is asked every time, so nothing is ever older than it says.
 */
import { type Transport, withHeader } from './transport.ts';

interface Copy {
  readonly etag: string;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

const LARGEST_COPY_BYTES = 1_048_576;

/** Keeps the `maxEntries` answers that were used last, none above 1 MiB. */
export function rememberingEtags(transport: Transport, maxEntries: number): Transport {
  const copies = new Map<string, Copy>();

  function touch(key: string, copy: Copy): void {
    copies.delete(key);
    copies.set(key, copy);
    const [oldest] = copies.keys();
    if (copies.size > maxEntries && oldest !== undefined) copies.delete(oldest);
  }

  return async (request, signal = request.signal) => {
    // a caller's own condition is the caller's own business
    if (request.method !== 'GET' || request.headers.has('if-none-match')) return transport(request, signal);
    // with all that is sent: what one user is answered is not another's
    const key = JSON.stringify([request.url, ...request.headers]);
    const copy = copies.get(key);
    const response = await transport(copy ? withHeader(request, 'if-none-match', copy.etag) : request, signal);
    if (copy && response.status === 304) {
      const updated = { ...copy, headers: mergeHeaders(copy.headers, response.headers) };
      touch(key, updated);
      return new Response(updated.body, { headers: updated.headers });
    }
    // a fault says nothing against the copy
    if (response.status !== 200) return response;
    copies.delete(key);
    const etag = response.headers.get('etag');
    if (etag === null || /no-store/i.test(response.headers.get('cache-control') ?? '')) return response;
    const body = await response.clone().arrayBuffer();
    if (body.byteLength <= LARGEST_COPY_BYTES) touch(key, { etag, headers: new Headers(response.headers), body });
    return response;
  };
}

/** RFC 9111, section 3.2: what a 304 says of the content is not about the copy. */
function mergeHeaders(stored: Headers, fresh: Headers): Headers {
  const merged = new Headers(stored);
  for (const [name, value] of fresh) if (!name.startsWith('content-')) merged.set(name, value);
  return merged;
}

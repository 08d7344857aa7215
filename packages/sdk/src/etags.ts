/**
 * A bounded memory of what was answered, by ETag: an answer that has not changed comes from here instead of over the wire.
 * The relay is asked every time, so nothing is ever older than it says.
 */
import { inRange } from './range.ts';
import type { Transport } from './transport.ts';

interface Copy {
  readonly etag: string;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

const LARGEST_COPY_BYTES = 1_048_576;

/** A memory for answers, made by `createEtagCache`; clients may share one. */
export type EtagCache = (transport: Transport) => Transport;

/**
 * Keeps the answers that were used last, none above 1 MiB, and asks the relay only whether they have changed. `maxEntries`: 1
 * to 10,000, default 100. No option of the client by itself, so that programs without it do not carry it.
 */
export function createEtagCache({ maxEntries = 100 }: { readonly maxEntries?: number | undefined } = {}): EtagCache {
  inRange('maxEntries', maxEntries, 1, 10_000);
  const copies = new Map<string, Copy>();

  return (transport) =>
    async (request, ...words) => {
      const { headers } = request;
      // a caller's own condition is the caller's own business
      if (request.method !== 'GET' || headers.has('if-none-match')) return transport(request, ...words);
      // with all that is sent: what one user is answered is not another's
      const key = JSON.stringify([request.url, ...headers]);
      let copy = copies.get(key);
      if (copy) headers.set('if-none-match', copy.etag);
      const response = await transport(request, ...words);
      if (copy && response.status === 304) {
        // RFC 9111, section 3.2: what a 304 says of the content is not about the copy
        for (const [name, value] of response.headers) if (!name.startsWith('content-')) copy.headers.set(name, value);
      } else if (response.status === 200) {
        copy = await copyOf(response);
      } else {
        // a fault says nothing against the copy
        return response;
      }
      copies.delete(key);
      if (!copy) return response;
      copies.set(key, copy);
      for (const oldest of copies.keys()) if (copies.size > maxEntries) copies.delete(oldest);
      return new Response(copy.body, { headers: copy.headers });
    };
}

/** Undefined for what is not to be kept. */
async function copyOf(response: Response): Promise<Copy | undefined> {
  const { headers } = response;
  const etag = headers.get('etag');
  if (etag === null || response.body === null || /no-store/i.test(headers.get('cache-control') ?? '')) return undefined;
  const body = await response.clone().arrayBuffer();
  return body.byteLength > LARGEST_COPY_BYTES ? undefined : { etag, headers, body };
}

/** Under which key a response is stored, and which of a key's responses a request may have. */
import type { IncomingMessage } from 'node:http';
import type { UpstreamBase } from '../../upstream/base.ts';
import { fieldValue } from '../headers.ts';
import type { RelayCall } from '../origin.ts';
import { holdsRange } from './answer.ts';
import { type CachedRequest, variantOf } from './policy.ts';
import type { StoredResponse } from './store.ts';

/**
 * The upstream's path and query, and whether the request has `Origin`: the upstream says more to who sends it, and does not
 * say in Vary that it does. Nothing else that a client sends is part of it.
 */
export function keyOf({ request, target }: RelayCall, base: UpstreamBase): string {
  const [plain, withOrigin] = keysOf(target, base);
  return fieldValue(request.rawHeaders, 'origin') === undefined ? plain : withOrigin;
}

/** All keys of a path and query of the relay's. */
export function keysOf(target: string, base: UpstreamBase): [plain: string, withOrigin: string] {
  const path = base.toUpstream(target);
  return [`- ${path}`, `o ${path}`];
}

export const toCached = ({ method = 'GET', rawHeaders }: IncomingMessage): CachedRequest => ({ method, rawHeaders });

/** The newest response that answers the request, its age apart (section 4). */
export function selectFrom(resource: readonly StoredResponse[], request: CachedRequest): StoredResponse | undefined {
  return resource.find(
    (stored) =>
      variantOf(stored.variesWith, request) === stored.variant &&
      (stored.status !== 206 || holdsRange(request.rawHeaders, stored)),
  );
}

/** What requests have in common that one answer may be for. */
export function flightOf(key: string, resource: readonly StoredResponse[], request: CachedRequest): string {
  const names = resource.flatMap(({ variesWith }) => variesWith);
  return `${key} ${variantOf(names, request)}`;
}

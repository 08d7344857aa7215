/**
 * Stored responses by resource: in the process as they are sent, and in the shared tier, where there is one, as JSON. Never
 * throws; what cannot be had is not there.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { LRUCache } from 'lru-cache';
import { fieldValue, pairs } from '../headers.ts';
import type { Head } from './policy.ts';

/** A response that has come whole (of a 206: all of the part), ready to be sent. */
export interface StoredResponse extends Head {
  readonly reason: string;
  readonly httpVersion: string;
  readonly body: Buffer;
  /** Path and query of the upstream that references in it are relative to. */
  readonly path: string;
  /** The fields that it varies with, and what the request sent in them. */
  readonly variesWith: readonly string[];
  readonly variant: string;
  /** Of a 206: the Range that was asked for. */
  readonly range?: string | undefined;
}

/** The responses of one resource, the newest first. */
type Resource = readonly StoredResponse[];

/** What the store needs of the shared tier. */
export interface SharedTier {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}

interface StoreParts {
  readonly maxBytes: number;
  readonly shared: SharedTier | undefined;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface Store {
  /** In this process, at once. */
  readonly peek: (key: string) => Resource;
  /** In the shared tier, if there is one; what is found there is kept in this process, too. */
  readonly fetch: ((key: string) => Promise<Resource>) | undefined;
  /**
   * Takes the place of what is stored under the same variant; what Node could not send is not stored. `keepMs` is how long
   * it can be of use at all. Says whether it is stored.
   */
  readonly put: (key: string, response: StoredResponse, keepMs: number) => boolean;
  /** In this process at once; resolves when the shared tier has let go of it, too. */
  readonly remove: (key: string) => Promise<void>;
  /** Of this process; the shared tier is cleared by its owner. */
  readonly clear: () => void;
}

const MOST_VARIANTS = 8;
const VERSION = 1;
const PREFIX = 'raw:';

export function createStore({ maxBytes, shared, clock }: StoreParts): Store {
  const memory = new LRUCache<string, Resource>({
    maxSize: maxBytes,
    sizeCalculation: (resource, key) => resource.reduce((sum, response) => sum + sizeOf(response), 2 * key.length + 1),
  });

  function keep(key: string, resource: Resource): void {
    if (resource.length > 0) memory.set(key, resource);
    else memory.delete(key);
  }

  return {
    peek: (key) => memory.get(key) ?? [],
    fetch:
      shared &&
      (async (key) => {
        const found = fromShared(await shared.get(PREFIX + key), clock());
        const here = memory.get(key) ?? [];
        const merged = found.reduce(withResponse, here);
        if (found.length > 0) keep(key, merged);
        return merged;
      }),
    put(key, response, keepMs) {
      if (!isSendable(response)) return false;
      const resource = withResponse(memory.get(key) ?? [], response);
      keep(key, resource);
      void shared?.set(PREFIX + key, toShared(resource), keepMs);
      return true;
    },
    async remove(key) {
      memory.delete(key);
      await shared?.delete(PREFIX + key);
    },
    clear: () => memory.clear(),
  };
}

/** A response in the place of an older one of the same variant; the newest first. */
function withResponse(resource: Resource, response: StoredResponse): Resource {
  const isTwin = (other: StoredResponse) =>
    other.variant === response.variant &&
    other.variesWith.join() === response.variesWith.join() &&
    other.range === response.range;
  const twin = resource.find(isTwin);
  if (twin && twin.respondedAt > response.respondedAt) return resource;
  return [response, ...resource.filter((other) => !isTwin(other))]
    .sort((one, other) => other.respondedAt - one.respondedAt)
    .slice(0, MOST_VARIANTS);
}

/** What an object and its strings take beside the bytes of the body. */
const OVERHEAD_BYTES = 512;

const sizeOf = ({ body, headers, variant, path }: StoredResponse) =>
  body.length + 2 * (headers.join('').length + variant.length + path.length) + OVERHEAD_BYTES;

const toShared = (resource: Resource) => ({
  version: VERSION,
  responses: resource.map((response) => ({ ...response, body: response.body.toString('base64') })),
});

/** Relays whose clocks differ by more than this do not share. */
const CLOCK_SKEW_MS = 60_000;

/** Others write there, too, and other versions of the relay. */
function fromShared(value: unknown, now: number): Resource {
  const { version, responses } = (value ?? {}) as { version?: unknown; responses?: unknown };
  if (version !== VERSION || !Array.isArray(responses)) return [];
  return responses
    .filter(isShared)
    .map((response) => ({ ...response, body: Buffer.from(response.body, 'base64') }))
    .filter((response) => response.respondedAt <= now + CLOCK_SKEW_MS)
    .filter(isSendable);
}

type SharedResponse = Omit<StoredResponse, 'body'> & { readonly body: string };

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((member) => typeof member === 'string');

function isShared(value: unknown): value is SharedResponse {
  const response = (value ?? {}) as Partial<Record<keyof StoredResponse, unknown>>;
  const isNumber = (name: keyof StoredResponse) => Number.isInteger(response[name]);
  const isText = (name: keyof StoredResponse) => typeof response[name] === 'string';
  return (
    (['status', 'requestedAt', 'respondedAt'] as const).every(isNumber) &&
    (['reason', 'httpVersion', 'body', 'path', 'variant'] as const).every(isText) &&
    (response.range === undefined || isText('range')) &&
    isTexts(response.headers) &&
    isTexts(response.variesWith)
  );
}

/** Whether it can be written as a response at all, and its length is that of its body. */
function isSendable({ status, reason, headers, body }: StoredResponse): boolean {
  const length = fieldValue(headers, 'content-length');
  const isFramed = length === undefined || status === 204 || Number(length) === body.length;
  // Node's client reads what its server does not send; and behind a whole body there is no place for trailers
  const isHead = status >= 200 && status <= 999 && headers.length % 2 === 0 && !/\p{Cc}/u.test(reason);
  if (!isHead || !isFramed || fieldValue(headers, 'trailer') !== undefined) return false;
  try {
    for (const [name, value] of pairs(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return true;
  } catch {
    return false;
  }
}

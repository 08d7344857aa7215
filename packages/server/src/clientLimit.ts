/**
 * How many requests of one client may start a call to the upstream. Counted where a call starts, which typed and relayed
 * requests have in common, and once for a request: what the cache answers never counts, nor does waiting for a call that
 * another has started. Counts are in Redis where it answers, and in the process where it does not: a Redis that is down
 * neither lets everybody in nor keeps everybody out.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request, Response } from 'express';
import { ipKeyGenerator, MemoryStore, rateLimit, type Store } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import proxyAddr from 'proxy-addr';
import { RedisStore } from 'rate-limit-redis';
import { RelayError, toRelayError } from './errors.ts';
import { type Answering, requestContext } from './operations/requestContext.ts';
import type { Trust } from './relay/forwarding.ts';
import type { Evaluate } from './upstream/rate.ts';

export interface ClientLimit {
  /** For whoever starts a call on behalf of the request that is being answered. Rejects with `client_rate_limited`. */
  readonly admit: () => Promise<void>;
  /**
   * Whether an error tells of the limit of somebody else, whose call was waited for: the request that is being answered
   * may then start its own.
   */
  readonly isAnothers: (error: unknown) => boolean;
  readonly stop: () => void;
}

interface ClientLimitParts {
  /** Requests a minute; 0: no bound. */
  readonly limit: number;
  readonly trust: Trust;
  readonly evaluate: Evaluate | undefined;
  readonly log: Record<'warn' | 'error', (details: object, message: string) => void>;
  readonly onLimited: () => void;
}

const WINDOW_MS = 60_000;
/** What one subscriber has: within it addresses are free to change. */
const IPV6_PREFIX = 64;
const MOST_REMEMBERED = 10_000;

export function createClientLimit({ limit, trust, evaluate, log, onLimited }: ClientLimitParts): ClientLimit {
  if (limit === 0) return { admit: () => Promise.resolve(), isAnothers: () => false, stop: () => {} };
  const memory = new MemoryStore();
  const limited = new LRUCache<string, true>({ max: MOST_REMEMBERED, ttl: WINDOW_MS });
  const clientOf = (request: IncomingMessage) => {
    const address = request.socket.remoteAddress === undefined ? '' : bare(proxyAddr(request, trust));
    return address.includes('.') ? address.replace(/^::ffff:/i, '') : ipKeyGenerator(address, IPV6_PREFIX);
  };
  const count = rateLimit({
    windowMs: WINDOW_MS,
    limit,
    identifier: 'upstream-calls',
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: clientOf,
    store: evaluate
      ? withFallback(new RedisStore({ sendCommand: senderOf(evaluate), prefix: 'client:' }), memory)
      : memory,
    // it is given no response of Express's: `admit` makes of it what is sent
    handler: (_request, _response, next) => next(new RelayError('client_rate_limited')),
    logger: { warn: (error) => tell(error), error: (error) => tell(error) },
  });
  const tell = (error: unknown) => log.error({ err: error }, 'the limit for clients cannot be counted');

  let isWarned = false;
  /** The most likely mistake, and one that nobody would see until everybody is limited. */
  function warnOfProxy({ headers, socket }: IncomingMessage): void {
    if (isWarned || headers['x-forwarded-for'] === undefined || trust(socket.remoteAddress ?? '', 0)) return;
    isWarned = true;
    log.warn(
      { code: 'proxy_not_trusted', help: 'docs/operations.md#run' },
      'A request came through a proxy that TRUST_PROXY does not name: all behind it count as one client',
    );
  }

  async function admitRequest({ req, locals }: Answering): Promise<void> {
    warnOfProxy(req);
    const fields = new Map<string, string>();
    const keep = (name: string, value: string) => void fields.set(name, value);
    // what of a response express-rate-limit touches: a relayed answer gets its fields in one piece, and in its own order
    const sink = { headersSent: false, setHeader: keep, append: keep };
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    void count(req as Request, sink as unknown as Response, (error?: unknown) =>
      error === undefined ? resolve() : reject(error),
    );
    try {
      await promise;
    } catch (error) {
      if (toRelayError(error).code !== 'client_rate_limited') throw error;
      const retryAfter = Number(fields.get('Retry-After') ?? WINDOW_MS / 1_000);
      limited.set(clientOf(req), true, { ttl: retryAfter * 1_000 });
      onLimited();
      throw new RelayError('client_rate_limited', { members: { retryAfter } });
    } finally {
      fields.delete('Retry-After'); // it goes with the error
      locals.fields = [...fields].flat();
    }
  }

  return {
    async admit() {
      const answering = requestContext.getStore();
      // what nobody asked for (warming) is the relay's own
      if (answering === undefined) return;
      answering.locals.admission ??= admitRequest(answering);
      await answering.locals.admission;
    },
    isAnothers(error) {
      if (toRelayError(error).code !== 'client_rate_limited') return false;
      const answering = requestContext.getStore();
      return answering === undefined || !limited.has(clientOf(answering.req));
    },
    stop: () => memory.shutdown(),
  };
}

/** An address as proxies write it, without the port that some put behind it: every connection would be another client. */
const bare = (address: string) => /^\[([^\]]*)\]/.exec(address)?.[1] ?? address.replace(/^([\d.]+):\d+$/, '$1');

/** What Redis does not count, the process counts. */
function withFallback(shared: RedisStore, memory: MemoryStore): Store {
  return {
    async init(options) {
      memory.init(options);
      await shared.init(options);
    },
    increment: (key) => shared.increment(key).catch(() => memory.increment(key)),
    decrement: (key) => memory.decrement(key),
    resetKey: (key) => memory.resetKey(key),
  };
}

/**
 * rate-limit-redis loads its scripts once, when it is made: Redis need not be there then, and may have forgotten them after
 * a restart. So they are kept here, and sent with each call.
 */
function senderOf(evaluate: Evaluate) {
  const scripts = new Map<string, string>();
  return async (...words: string[]): Promise<string | number[]> => {
    const [command, first = '', second = '', key = '', ...values] = words;
    if (command === 'SCRIPT') {
      const digest = createHash('sha1').update(second).digest('hex');
      scripts.set(digest, second);
      return digest;
    }
    const answer = await evaluate(scripts.get(first) ?? '', [key], values);
    if (!Array.isArray(answer)) throw new Error('Redis does not answer');
    return answer as number[];
  };
}

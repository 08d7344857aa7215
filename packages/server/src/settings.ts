/**
 * Every setting there is: its form, unit, default, range and purpose, in one schema. `config.ts` reads an environment by
 * it; `--help` and docs/configuration.md are written from it.
 */
import { z } from 'zod';
import { parseTrust, type Trust } from './relay/forwarding.ts';

/** What is told of a setting beside its purpose. */
export interface SettingFacts {
  /** Of its number; undefined where it is none. */
  readonly unit?: string;
  readonly range: string;
  /** As it would be written in an environment; empty for none. */
  readonly fallback: string;
  /** Never shown, and also read from the file that `NAME_FILE` names. */
  readonly isSecret?: boolean;
}

const facts = z.registry<SettingFacts>();

function wholeNumber(unit: string, fallback: number, [least, most]: [number, number], purpose: string) {
  const error = `must be a number of ${unit} from ${least} to ${most}`;
  // only figures: Number would take blanks for 0
  const figures = z.string().trim().regex(/^\d+$/, { error }).transform(Number);
  return figures
    .refine((value) => value >= least && value <= most, { error })
    .default(fallback)
    .describe(purpose)
    .register(facts, { unit, range: `${least} to ${most}`, fallback: String(fallback) });
}

const port = (fallback: number, purpose: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,5}$/, { error: 'must be a port: 0 to 65535' })
    .transform(Number)
    .refine((value) => value <= 65_535, { error: 'must be a port: 0 to 65535' })
    .default(fallback)
    .describe(purpose)
    .register(facts, { range: '0 to 65535', fallback: String(fallback) });

const milliseconds = (fallback: number, range: [number, number], purpose: string) =>
  wholeNumber('milliseconds', fallback, range, purpose);

const calls = (fallback: number, range: [number, number], purpose: string) =>
  wholeNumber('calls', fallback, range, purpose);

const oneOf = <const Word extends string>(words: readonly Word[], fallback: NoInfer<Word>, purpose: string) =>
  z
    .enum(words, { error: `must be ${words.slice(0, -1).join(', ')} or ${words.at(-1)}` })
    .default(fallback)
    .describe(purpose)
    .register(facts, { range: words.join(', '), fallback });

const onOff = (fallback: boolean, purpose: string) =>
  z
    .enum(['0', '1'], { error: 'must be 0 (off) or 1 (on)' })
    .transform((text) => text === '1')
    .default(fallback)
    .describe(purpose)
    .register(facts, { range: '0 (off), 1 (on)', fallback: fallback ? '1' : '0' });

const urlWith = (protocols: readonly string[], what: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), { error: what });

const upstreamUrl = (fallback: string, purpose: string) =>
  urlWith(['http:', 'https:'], 'must be an http: or https: URL')
    .refine((text) => !URL.canParse(text) || (new URL(text).search === '' && new URL(text).hash === ''), {
      error: 'must not have a query or a fragment',
    })
    .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), {
      error: 'must not hold a user name or password',
    })
    .default(fallback)
    .describe(purpose)
    .register(facts, { range: 'an http: or https: URL', fallback });

/** What the Redis client would refuse later, with an error that shows the password. */
function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return true; // said already
  const { pathname, username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
  } catch {
    return false;
  }
  return /^\/?\d*$/.test(pathname);
}

const REDIS_FORM = 'redis[s]://[user:password@]host[:port][/number of the database]';

const redisUrl = (purpose: string) =>
  urlWith(['redis:', 'rediss:'], 'must be a redis: or rediss: URL')
    .refine(isRedisUrl, { error: `must be ${REDIS_FORM}` })
    .optional()
    .describe(purpose)
    .register(facts, { range: REDIS_FORM, fallback: '', isSecret: true });

const PROXIES = 'a number of proxies, or a list of addresses, networks (10.0.0.0/8), loopback, linklocal, uniquelocal';

function toTrust(text: string, context: z.core.$RefinementCtx<string>): Trust {
  try {
    return parseTrust(text);
  } catch {
    context.addIssue({ code: 'custom', message: `must be ${PROXIES}`, input: text });
    return z.NEVER;
  }
}

const proxies = (purpose: string) =>
  z.string().trim().prefault('').transform(toTrust).describe(purpose).register(facts, { range: PROXIES, fallback: '' });

const MOST_WORKERS = 64;
const WORKERS = `must be auto, or a number of processes from 1 to ${MOST_WORKERS}`;

const workers = (purpose: string) =>
  z
    .string()
    .trim()
    .regex(/^(?:auto|\d{1,3})$/, { error: WORKERS })
    .transform((text) => (text === 'auto' ? text : Number(text)))
    .refine((value) => value === 'auto' || (value >= 1 && value <= MOST_WORKERS), { error: WORKERS })
    .default(1)
    .describe(purpose)
    .register(facts, { range: `1 to ${MOST_WORKERS} processes, or auto (one for each core)`, fallback: '1' });

const address = (fallback: string, purpose: string) =>
  z.string().default(fallback).describe(purpose).register(facts, { range: 'an address or a host name', fallback });

export const schema = z.object({
  HOST: z
    .string()
    .optional()
    .describe('Address of the public listener; unset: every interface')
    .register(facts, { range: 'an address or a host name', fallback: '' }),
  PORT: port(8080, 'Port of the public listener; 0: a free one'),
  ADMIN_HOST: address('127.0.0.1', 'Address of the admin listener; never make it public'),
  ADMIN_PORT: port(8081, 'Port of the admin listener, another than PORT; 0: a free one'),
  WORKERS: workers('Processes that serve; more than one share the ports, and need Redis to share what they know'),
  UPSTREAM_URL: upstreamUrl('https://menu.dckube.scilifelab.se/api', 'Base URL of the lunch-menu API'),
  UPSTREAM_TIMEOUT_MS: milliseconds(
    10_000,
    [100, 120_000],
    'How long an upstream call may take: whole for typed calls, and three times that where nobody waits for one; until the response headers for relayed calls',
  ),
  UPSTREAM_CONCURRENCY: calls(
    2,
    [0, 1_000],
    'Calls to the lunch-menu API at the same time, which works on one; divided among WORKERS, of which each may make at least one; uploads and large answers have 16 places of their own; 0: no bound',
  ),
  UPSTREAM_CALLS_PER_MINUTE: calls(
    60,
    [0, 1_000_000],
    'Calls to the lunch-menu API in a minute, shared by all relays of one Redis, and without Redis divided among WORKERS; what comes beyond waits, then gets 503 with Retry-After; 0: no bound',
  ),
  UPSTREAM_RETRIES: calls(
    1,
    [0, 5],
    'How often a GET or HEAD is sent again after a connection refused or reset, or a 502; a relayed one is sent once more in any case where a connection that had been kept was lost',
  ),
  UPSTREAM_BREAKER: onOff(true, 'Whether the lunch-menu API is left alone for a moment while it keeps failing'),
  UPSTREAM_WARMING: onOff(false, 'Whether list and menus are loaded at 05:05 and 10:30 in Stockholm on weekdays'),
  CLIENT_RATE_LIMIT: wholeNumber(
    'requests a minute',
    30,
    [0, 1_000_000],
    'Requests of one client in a minute that may start a call to the lunch-menu API; answers from the cache never count; a client is an IPv4 address or an IPv6 /64; 0: no bound',
  ),
  TRUST_PROXY: proxies(
    'Proxies in front of the relay whose X-Forwarded-For says who a client is, and whose Forwarded and X-Forwarded-* are passed on (of GET and HEAD X-Forwarded-For alone); unset: none, so that all behind a proxy are one client; the balancer of docker-compose.yml is one, so with another in front of it there are 2',
  ),
  SHED_LAG_MS: milliseconds(
    1_000,
    [0, 60_000],
    'Event-loop lag from which requests are refused with 503 until it is over; 0: never',
  ),
  BODY_IDLE_TIMEOUT_MS: milliseconds(
    30_000,
    [100, 3_600_000],
    'How long a body may make no progress, to the relay or from it, before it is cut; one that a client sends more slowly than 1 kB/s on the whole is cut too, after longer',
  ),
  REDIS_URL: redisUrl('Redis that cache, leases and limits are shared through; unset: memory only'),
  CACHE_MEMORY_BYTES: wholeNumber(
    'bytes',
    // all that the lunch-menu API has takes less than one; with it full the relay stays below 150 MB (docs/capacity.md)
    12 * 1024 * 1024,
    [65_536, 64 * 1024 ** 3],
    'Bound of the cache in memory, of each worker: one half for relayed answers, a quarter for the typed routes, a quarter for answers that lie ready to be sent',
  ),
  RELAY_REQUEST_DIRECTIVES: oneOf(
    ['ignore', 'honour'],
    'ignore',
    'Whether Cache-Control of clients counts for relayed URIs and reaches the lunch-menu API',
  ),
  RELAY_DEFAULT_TTL_MS: milliseconds(
    0,
    [0, 86_400_000],
    'How long a relayed answer is fresh that says nothing of it; 0: not at all',
  ),
  RELAY_STALE_IF_ERROR_MS: milliseconds(
    3_600_000,
    [0, 604_800_000],
    'How long after its freshness a relayed answer stands in while the lunch-menu API fails, unless it forbids that',
  ),
  RELAY_UPGRADES: onOff(false, 'Whether WebSockets are relayed; without it Upgrade is ignored'),
  LOG_LEVEL: oneOf(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'Least level that is logged; requests are info',
  ),
  LOG_FORMAT: oneOf(['json', 'pretty'], 'json', 'json: a line of JSON for each event; pretty: for people'),
  LOG_HITS_ONE_IN: wholeNumber(
    'requests',
    100,
    [1, 1_000_000],
    'Of answers out of the cache one in so many is logged, and everything else always; 1: all',
  ),
  SHUTDOWN_GRACE_MS: milliseconds(
    1_000,
    [0, 120_000],
    'How long after SIGTERM requests are still taken while /readyz says 503, for balancers to notice; none after Ctrl-C',
  ),
  SHUTDOWN_TIMEOUT_MS: milliseconds(10_000, [0, 120_000], 'How long requests in flight may take to finish after that'),
});

export interface Setting extends SettingFacts {
  readonly name: string;
  readonly purpose: string;
}

/** In the order in which they are told. */
export const settings: readonly Setting[] = Object.entries(schema.shape).map(([name, setting]) => {
  const { range = '', fallback = '', ...more } = facts.get(setting) ?? {};
  return { name, purpose: setting.description ?? '', range, fallback, ...more };
});

/**
 * The configuration: one schema over the environment, one frozen object, or one error that lists every problem.
 * Promises: no default lies elsewhere, and no secret is ever part of a message.
 */
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { parseTrust, type Trust } from './relay/forwarding.ts';

/** Only figures: Number would take blanks for 0. */
function wholeNumber(unit: string, fallback: number, [least, most]: [number, number], purpose: string) {
  const error = `must be a number of ${unit} from ${least} to ${most}`;
  const figures = z.string().trim().regex(/^\d+$/, { error }).transform(Number);
  return figures
    .refine((value) => value >= least && value <= most, { error })
    .default(fallback)
    .describe(purpose);
}

const port = (fallback: number, purpose: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,5}$/, { error: 'must be a port: 0 to 65535' })
    .transform(Number)
    .refine((value) => value <= 65_535, { error: 'must be a port: 0 to 65535' })
    .default(fallback)
    .describe(purpose);

const milliseconds = (fallback: number, range: [number, number], purpose: string) =>
  wholeNumber('milliseconds', fallback, range, purpose);

const calls = (fallback: number, range: [number, number], purpose: string) =>
  wholeNumber('calls', fallback, range, purpose);

const onOff = (fallback: boolean, purpose: string) =>
  z
    .enum(['0', '1'], { error: 'must be 0 (off) or 1 (on)' })
    .transform((text) => text === '1')
    .default(fallback)
    .describe(purpose);

const urlWith = (protocols: readonly string[], what: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), { error: what });

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

function toTrust(text: string, context: z.core.$RefinementCtx<string>): Trust {
  try {
    return parseTrust(text);
  } catch {
    const what = 'a number of proxies, or a list of addresses, networks (10.0.0.0/8), loopback, linklocal, uniquelocal';
    context.addIssue({ code: 'custom', message: `must be ${what}`, input: text });
    return z.NEVER;
  }
}

const schema = z.object({
  HOST: z.string().optional().describe('Address of the public listener; unset: every interface'),
  PORT: port(8080, 'Port of the public listener; 0: a free one'),
  ADMIN_HOST: z.string().default('127.0.0.1').describe('Address of the admin listener; never make it public'),
  ADMIN_PORT: port(8081, 'Port of the admin listener; 0: a free one'),
  UPSTREAM_URL: urlWith(['http:', 'https:'], 'must be an http: or https: URL')
    .refine((text) => !URL.canParse(text) || (new URL(text).search === '' && new URL(text).hash === ''), {
      error: 'must not have a query or a fragment',
    })
    .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), {
      error: 'must not hold a user name or password',
    })
    .default('https://menu.dckube.scilifelab.se/api')
    .describe('Base URL of the lunch-menu API'),
  UPSTREAM_TIMEOUT_MS: milliseconds(
    10_000,
    [100, 120_000],
    'How long an upstream call may take: whole for typed calls, until the response headers for relayed ones',
  ),
  UPSTREAM_CONCURRENCY: calls(
    2,
    [0, 1_000],
    'Calls to the lunch-menu API at the same time, which works on one; 0: any number',
  ),
  UPSTREAM_CALLS_PER_MINUTE: calls(
    60,
    [0, 1_000_000],
    'Calls to the lunch-menu API in a minute, shared by all relays of one Redis; 0: any number',
  ),
  UPSTREAM_RETRIES: calls(1, [0, 5], 'How often a GET is sent again after a connection refused or reset, or a 502'),
  UPSTREAM_BREAKER: onOff(true, 'Whether the lunch-menu API is left alone for a moment while it keeps failing'),
  UPSTREAM_WARMING: onOff(false, 'Whether list and menus are loaded at 05:05 and 10:30 in Stockholm on weekdays'),
  REDIS_URL: urlWith(['redis:', 'rediss:'], 'must be a redis: or rediss: URL')
    .refine(isRedisUrl, { error: 'must be redis[s]://[user:password@]host[:port][/number of the database]' })
    .optional()
    .describe('Redis that the cache is shared through; unset: memory only'),
  TRUST_PROXY: z
    .string()
    .trim()
    .prefault('')
    .transform(toTrust)
    .describe('Proxies in front of the relay whose Forwarded and X-Forwarded-* are believed; unset: none'),
  BODY_IDLE_TIMEOUT_MS: milliseconds(
    30_000,
    [100, 3_600_000],
    'How long a body may make no progress, to the relay or from it, before it is cut',
  ),
  RELAY_REQUEST_DIRECTIVES: z
    .enum(['ignore', 'honour'], { error: 'must be ignore or honour' })
    .default('ignore')
    .transform((choice) => choice === 'honour')
    .describe('Whether Cache-Control of clients counts for relayed URIs and reaches the lunch-menu API'),
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
  CACHE_MEMORY_BYTES: wholeNumber(
    'bytes',
    32 * 1024 * 1024,
    [65_536, 64 * 1024 ** 3],
    'Bound of the in-process cache tier',
  ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least level that is logged'),
  SHUTDOWN_TIMEOUT_MS: milliseconds(
    10_000,
    [0, 120_000],
    'How long requests in flight may take to finish after SIGTERM',
  ),
});

export type Config = Readonly<z.infer<typeof schema>>;

/** Every problem of a configuration, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the configuration from an environment. An empty value counts as unset.
 * Throws a ConfigError that lists every problem, misspelt names included.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...misspeltNames(Object.keys(given)),
    ...(parsed.data && parsed.data.PORT !== 0 && parsed.data.PORT === parsed.data.ADMIN_PORT
      ? ['ADMIN_PORT: must be another port than PORT']
      : []),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(parsed.data);
}

const settings = Object.keys(schema.shape);

/** Foreign variables abound in an environment: only a name within two letters of one of
 * ours, or one that lacks the unit at its end, is taken for a mistake. */
function misspeltNames(names: readonly string[]): string[] {
  return names
    .filter((name) => name.includes('_') && !settings.includes(name))
    .flatMap((name) => {
      const meant = settings.find(
        (setting) => setting.includes('_') && (distance(name, setting) <= 2 || setting.startsWith(`${name}_`)),
      );
      return meant === undefined ? [] : [`${name}: no such setting; did you mean ${meant}?`];
    });
}

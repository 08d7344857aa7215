/**
 * The configuration: an environment, read by the schema of `settings.ts`, as one frozen object, or one error that lists
 * every problem. Promises: no secret is ever part of a message.
 */
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { schema, settings } from './settings.ts';

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

type Environment = Readonly<Record<string, string | undefined>>;

/** Gives the text of a file, or throws. */
export type ReadFile = (path: string) => string;

/**
 * Reads the configuration from an environment. An empty value counts as unset. A secret, such as `REDIS_URL`, may lie in the
 * file that `REDIS_URL_FILE` names; `readFile` reads it.
 * Throws a ConfigError that lists every problem, misspelt names included.
 */
export function parseConfig(environment: Environment, readFile?: ReadFile): Config {
  const set = Object.entries(environment).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  const { given, problems: unread } = withSecrets(Object.fromEntries(set), readFile);
  const parsed = schema.safeParse(given);
  const [port, adminPort] = (['PORT', 'ADMIN_PORT'] as const).map(
    (name) => schema.shape[name].safeParse(given[name]).data,
  );
  const problems = [
    ...unread,
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...unknownNames(set.map(([name]) => name)),
    ...(port && port === adminPort ? ['ADMIN_PORT: must be another port than PORT'] : []),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(parsed.data);
}

const secrets = settings.filter(({ isSecret }) => isSecret).map(({ name }) => name);

/** What is given, with the secrets that lie in files. */
function withSecrets(given: Readonly<Record<string, string>>, readFile: ReadFile | undefined) {
  const all: Record<string, string> = { ...given };
  const problems: string[] = [];
  for (const name of secrets) {
    const file = given[`${name}_FILE`];
    if (file === undefined) continue;
    if (given[name] !== undefined) problems.push(`${name}_FILE: must not be set together with ${name}`);
    try {
      // editors end a file with a line end, which is no part of a secret
      all[name] = readFile?.(file).trimEnd() ?? '';
      if (all[name] === '') problems.push(`${name}_FILE: the file must not be empty`);
    } catch (error) {
      const { code = 'unreadable' } = error as NodeJS.ErrnoException;
      problems.push(`${name}_FILE: the file must be readable (${code})`);
      delete all[name];
    }
  }
  return { given: all, problems };
}

const known = new Set([...settings.map(({ name }) => name), ...secrets.map((name) => `${name}_FILE`)]);

/** Names that only a setting of the relay's begins with. */
const OWN = /^(?:RELAY|UPSTREAM)_/;
/** What Kubernetes tells of a service: one may be called "relay" or "upstream". */
const OF_A_SERVICE = /_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP)(?:_\w+)?)?)$/;

/**
 * Foreign variables abound in an environment: a name is taken for a mistake only if it begins as ours do, is within two
 * letters of one of ours, or lacks the unit at its end. Of the short ones without an underline only WORKERS has no near
 * ones that are another's.
 */
function unknownNames(names: readonly string[]): string[] {
  return names
    .filter((name) => (name.includes('_') || distance(name, 'WORKERS') === 1) && !known.has(name))
    .filter((name) => !OF_A_SERVICE.test(name))
    .flatMap((name) => {
      const [nearest] = [...known]
        .filter((setting) => setting.includes('_') || setting === 'WORKERS')
        .map((setting) => ({ setting, far: setting.startsWith(`${name}_`) ? 0 : distance(name, setting) }))
        .toSorted((a, b) => a.far - b.far);
      const isOwn = OWN.test(name);
      // the longer a name, the more of it may be wrong where it is ours for certain
      const isNear = nearest !== undefined && nearest.far <= (isOwn ? name.length / 3 : 2);
      if (!isNear && !isOwn) return [];
      return [`${name}: no such setting${isNear ? `; did you mean ${nearest.setting}?` : ''}`];
    });
}

/** The settings in words: for `--help`, for `--check-config`, and for docs/configuration.md. */
import { type Setting, settings } from './settings.ts';

const HEAD = `The relay in front of the lunch-menu API. Settings are environment variables.

  --help           this text
  --check-config   read the settings, tell them or everything that is wrong with them, and stop
`;

const inUnit = ({ unit, range }: Setting) => (unit === undefined ? range : `${range} ${unit}`);

export function helpText(): string {
  const entries = settings.map((setting) => {
    const { name, fallback, purpose, isSecret } = setting;
    const file = isSecret ? `, or ${name}_FILE=<path of a file that holds it>` : '';
    return `  ${name}=${fallback}${file}\n      ${purpose}.\n      ${inUnit(setting)}\n`;
  });
  return `${HEAD}\n${entries.join('')}`;
}

/** The settings that count in an environment: `NAME=value`, what is not set as its default, and no secret. */
export function effectiveSettings(environment: Readonly<Record<string, string | undefined>>): string {
  return settings
    .map(({ name, fallback, isSecret }) => {
      const isSet = Boolean(environment[name] || (isSecret && environment[`${name}_FILE`]));
      const value = isSet ? (isSecret ? '(secret)' : environment[name]) : fallback;
      return `${name}=${value}${isSet ? '' : '  (default)'}\n`;
    })
    .join('');
}

/** docs/configuration.md. */
export function configurationPage(): string {
  const sections = settings.map((setting) => {
    const { name, fallback, purpose, isSecret } = setting;
    const file = isSecret
      ? `\n- \`${name}_FILE\`: path of a file that holds it, in its place. It is a secret: never printed, never logged`
      : '';
    return `## ${name}\n\n${purpose.replaceAll('*', '\\*')}.\n\n- default: ${fallback === '' ? 'none' : `\`${fallback}\``}\n- range: ${inUnit(setting)}${file}\n`;
  });
  return `# Configuration

<!-- generated from packages/server/src/settings.ts by "npx -y pnpm@12 generate" -->

Settings are environment variables; an empty one counts as not set. Durations are in milliseconds, sizes in bytes. The relay does not start with a wrong one, and lists every mistake at once; a name with an underscore that is nearly one of these, or begins with \`RELAY_\` or \`UPSTREAM_\` and is none, is a mistake too.

\`\`\`sh
npx -y pnpm@12 start --help           # this, in a terminal
npx -y pnpm@12 start --check-config   # what counts, or everything that is wrong: exit status 0 or 1
\`\`\`

${sections.join('\n')}`;
}

/** docs/licences.md: what is shipped that others have written, and under which licence. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const LICENCES = 'docs/licences.md';

/** All allow what is done here: use, change and distribution, with the notice kept. A new one is to be read first. */
export const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

interface Shipped {
  readonly name: string;
  readonly versions: readonly string[];
  readonly license: string;
}

/** Throws if something has a licence that nobody has looked at. */
export function licencesPage(): string {
  const known = installed();
  const more = bundled().filter(({ name }) => !known.some((one) => one.name === name));
  const shipped = [...known, ...more].toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  const unread = shipped.filter(({ license }) => !ALLOWED.has(license));
  if (unread.length > 0) {
    throw new Error(
      `Licences that nobody has looked at: ${unread.map(({ name, license }) => `${name} (${license})`).join(', ')}`,
    );
  }
  const sections = [...Map.groupBy(shipped, ({ license }) => license)]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([license, packages]) => `## ${license}\n\n${packages.map(asItem).join('\n')}\n`);
  return `# Licences

<!-- generated from the lockfile by "npx -y pnpm@12 generate" -->

What the relay, the SDK and the simulator install, and what the bundle of \`lunch\` holds (of that, what it names itself). Tools of development are not shipped. The image adds Node.js (MIT) and Debian.

${sections.join('\n')}`;
}

const asItem = ({ name, versions }: Shipped) => `- ${name} ${versions.join(', ')}`;

function installed(): Shipped[] {
  const listed = execFileSync('pnpm', ['licenses', 'list', '--prod', '--json', '--recursive'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return Object.values(JSON.parse(listed) as Record<string, Shipped[]>).flat();
}

/** Development dependencies of the CLI by name, but what it loads is inside the bundle. */
function bundled(): Shipped[] {
  const { devDependencies } = JSON.parse(readFileSync('packages/cli/package.json', 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  const names = Object.entries(devDependencies).filter(([name, version]) => /^\d/.test(version) && name !== 'rolldown');
  return names.map(([name]) => {
    const manifest = readFileSync(`packages/cli/node_modules/${name}/package.json`, 'utf8');
    const { version, license } = JSON.parse(manifest) as { version: string; license: string };
    return { name, versions: [version], license };
  });
}

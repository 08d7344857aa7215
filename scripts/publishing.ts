/**
 * The last step of a release: each tarball goes to the registry, and the commit gets the tag of its version at once. So a
 * release that was cut off can go on from a later commit, and every tag is on the commit that its version was made from.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export interface Release {
  readonly name: string;
  readonly version: string;
  readonly tarball: string;
}

/** Where git and npm run, and with which variables. */
export interface Place {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

type Version = Pick<Release, 'name' | 'version'>;

/** What npm installs where nobody names a version must not be a version that is to be tried first. */
export const distTagOf = ({ version }: Version): string => (version.includes('-') ? 'next' : 'latest');

export const refusal = (reasons: readonly string[]) => reasons.map((reason) => `Not released: ${reason}`).join('\n');

/** What is there already is left alone. Throws before anything is published where a tag would be on the wrong commit. */
export async function publishAll(releases: readonly Release[], place: Place, tell: (line: string) => void) {
  const states = await Promise.all(releases.map((release) => stateOf(release, place)));
  const reasons = states.flatMap((state) => whyNot(state) ?? []);
  if (reasons.length > 0) throw new Error(refusal(reasons));
  const commit = await run('git', ['rev-parse', 'HEAD'], place);
  for (const { release, integrity, isTagged } of states) {
    if (integrity === undefined) await publish(release, place);
    else tell(`${tagOf(release)} is there already`);
    if (!isTagged) await run('git', ['tag', '--message', tagOf(release), tagOf(release), commit], place);
  }
}

interface State {
  readonly release: Release;
  /** Of what is published under this version; undefined for nothing. */
  readonly integrity: string | undefined;
  readonly isTagged: boolean;
}

async function stateOf(release: Release, place: Place): Promise<State> {
  const isTagged = (await run('git', ['tag', '--list', tagOf(release)], place)) !== '';
  return { release, integrity: await publishedIntegrity(release, place), isTagged };
}

function whyNot({ release, integrity, isTagged }: State): string | undefined {
  const tag = tagOf(release);
  if (isTagged && integrity === undefined) return `there is a tag ${tag}, but no such version is published.`;
  if (isTagged || integrity === undefined || integrity === integrityOf(release.tarball)) return undefined;
  return `${tag} is published already, has no tag here, and was not made from this commit. Fetch the tags, or tag the commit that it was made from.`;
}

async function publish(release: Release, { folder, env }: Place): Promise<void> {
  const words = ['publish', release.tarball, '--access', 'public', '--tag', distTagOf(release)];
  // npm may ask for a second factor
  const npm = spawn('npm', words, { cwd: folder, env, stdio: 'inherit' });
  const [exitCode] = (await once(npm, 'close')) as [number | null];
  if (exitCode !== 0) throw new Error(`${tagOf(release)} could not be published: npm ended with ${exitCode}.`);
}

async function publishedIntegrity({ name, version }: Version, place: Place): Promise<string | undefined> {
  try {
    // nothing where there is the package, but not this version; errors are told whatever the user's level of the log
    const words = ['view', `${name}@${version}`, 'dist.integrity', '--loglevel', 'error'];
    return (await run('npm', words, place)) || undefined;
  } catch (error) {
    if ((error as { stderr?: string }).stderr?.includes('E404')) return undefined;
    throw error;
  }
}

const integrityOf = (file: string) => `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;

/** As changesets names it. */
const tagOf = ({ name, version }: Version) => `${name}@${version}`;

const runFile = promisify(execFile);

const run = async (program: string, words: readonly string[], { folder, env }: Place) =>
  (await runFile(program, words, { cwd: folder, env })).stdout.trimEnd();

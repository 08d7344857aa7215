/** The packages that are published, and what is to be known of each before it is. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Published {
  readonly name: string;
  readonly folder: string;
  readonly version: string;
}

export const RELEASE = path.resolve('release');

/** In the order in which they are published. */
const FOLDERS = ['packages/sdk', 'packages/cli'];

export function publishedPackages(): Published[] {
  return FOLDERS.map((folder) => {
    const manifest = readFileSync(path.join(folder, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(manifest) as { name: string; version: string };
    return { name, folder, version };
  });
}

/** As `pnpm pack` names it. */
export function tarballOf({ name, version }: Pick<Published, 'name' | 'version'>): string {
  return path.join(RELEASE, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
}

/** What a CHANGELOG.md as changesets writes it says of a version; undefined where it says nothing. */
export function changelogEntry(changelog: string, version: string): string | undefined {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.split('\n', 1)[0]?.trim() === version);
  return section?.slice(section.indexOf('\n')).trim() || undefined;
}

/** Changesets that no version has yet. */
export function pendingChangesets(folder = '.changeset'): string[] {
  return readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md');
}

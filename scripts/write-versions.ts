/** Writes the versions of the published packages where they stand beside their package.json: in the CLI, and in what people copy. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { publishedPackages, tarballOf } from './published.ts';

const PAGES = ['README.md', 'docs/sdk/README.md'];
const CLI_VERSION = 'packages/cli/src/version.ts';

for (const { name, version } of publishedPackages()) {
  const anyTarball = new RegExp(
    path.basename(tarballOf({ name, version: 'VERSION' })).replace('VERSION', '\\d[\\w.-]*?'),
    'g',
  );
  const tarball = path.basename(tarballOf({ name, version }));
  for (const page of PAGES) rewrite(page, (text) => text.replace(anyTarball, tarball));
  if (name === '@lunch-relay/cli') rewrite(CLI_VERSION, (text) => text.replace(/'.+'/, `'${version}'`));
}

function rewrite(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

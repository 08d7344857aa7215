/** What is installed is what was chosen: exact versions, and a lockfile that knows every byte. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const manifests = ['package.json', ...readdirSync('packages').map((name) => `packages/${name}/package.json`)];

describe('the supply chain', () => {
  it.each(manifests)('%s names exact versions', (file) => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect([name, version]).toEqual([name, expect.stringMatching(/^(?:workspace:\*|(?:npm:.+@)?\d+\.\d+\.\d+)$/)]);
    }
  });

  it('is locked with the digest of every package, from the registry alone', () => {
    // the first document of the file, where there are two, is pnpm's own
    const documents = readFileSync('pnpm-lock.yaml', 'utf8').split(/^---$/m);
    const packages = documents
      .map(
        (text) =>
          (parse(text) as { packages?: Record<string, { resolution: Record<string, string> }> } | null)?.packages,
      )
      .flatMap((found) => Object.entries(found ?? {}));
    expect(packages.length).toBeGreaterThan(100);
    for (const [name, { resolution }] of packages) {
      expect([name, resolution]).toEqual([name, { integrity: expect.stringMatching(/^sha512-/) }]);
    }
  });
});

/**
 * `pnpm mutate [area or file …]`: changes what decides, bit by bit, and says which changes no test notices.
 * Each area has the tests that look at it, since every change runs those of them that pass through it.
 */
import { globSync } from 'node:fs';
import path from 'node:path';
import { Stryker } from '@stryker-mutator/core';

const SOURCE = 'packages/server/src';
const TESTS = '<rootDir>/packages/server/test';

interface Area {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const AREAS: Readonly<Record<string, Area>> = {
  domain: {
    files: globSync(`${SOURCE}/restaurants/*.ts`, {
      exclude: ['seed', 'standing', 'documents', 'restaurants'].map((name) => `${SOURCE}/restaurants/${name}.ts`),
    }).toSorted(),
    tests: ['restaurants/*.test.ts'],
  },
  operations: {
    files: ['standing', 'documents', 'restaurants'].map((name) => `${SOURCE}/restaurants/${name}.ts`),
    tests: ['today.test.ts', 'typed.test.ts', 'faults.test.ts', 'prepared.test.ts'],
  },
  cache: { files: [`${SOURCE}/cache/*.ts`], tests: ['cache/*.test.ts', 'redis.test.ts'] },
  target: { files: [`${SOURCE}/relay/requestTarget.ts`], tests: ['relay/paths.test.ts'] },
  policy: {
    files: ['answer', 'conditions', 'directives', 'keys', 'policy'].map((name) => `${SOURCE}/relay/cache/${name}.ts`),
    // not those that ask a relay, of which each takes a second
    tests: ['conditions', 'directives', 'keys', 'rules'].map((name) => `relay/cache/${name}.test.ts`),
  },
};

for (const [area, { files, tests }] of Object.entries(AREAS)) {
  const wanted = process.argv.slice(2);
  const mutate = files.filter((file) => wanted.length === 0 || wanted.includes(area) || wanted.includes(file));
  if (mutate.length === 0) continue;
  const report = (kind: string) => path.join('reports', 'mutation', `${area}.${kind}`);
  const stryker = new Stryker({
    mutate: [...mutate],
    htmlReporter: { fileName: report('html') },
    jsonReporter: { fileName: report('json') },
    jest: {
      configFile: 'jest.config.js',
      config: { testMatch: tests.map((test) => `${TESTS}/${test}`) },
    },
  });
  await stryker.runMutationTest();
}

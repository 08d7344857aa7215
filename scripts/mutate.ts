/**
 * `pnpm mutate [area or file …]`: changes what decides, bit by bit, and says which changes no test notices.
 * Each area has the tests that look at it: fast ones, since every change runs those of them that pass through it.
 */
import { globSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';

const SOURCE = 'packages/server/src';
const TESTS = '<rootDir>/packages/server/test';

interface Area {
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const filesOf = (folder: string, names: readonly string[]) => names.map((name) => `${SOURCE}/${folder}/${name}.ts`);

/** What gets and joins documents is seen through a relay, and `seed.ts` decides nothing. */
const NOT_PURE = filesOf('restaurants', ['documents', 'restaurants', 'seed', 'standing', 'together']);

const AREAS: Readonly<Record<string, Area>> = {
  domain: {
    files: globSync(`${SOURCE}/restaurants/*.ts`, { exclude: NOT_PURE }).toSorted(),
    tests: ['restaurants/*.test.ts'],
  },
  target: { files: filesOf('relay', ['requestTarget']), tests: ['relay/paths.test.ts'] },
  policy: {
    files: filesOf('relay/cache', ['answer', 'conditions', 'directives', 'keys', 'policy']),
    // not those that ask a relay, of which each takes a second
    tests: ['conditions', 'directives', 'keys', 'rules'].map((name) => `relay/cache/${name}.test.ts`),
  },
  cache: { files: globSync(`${SOURCE}/cache/*.ts`).toSorted(), tests: ['cache/*.test.ts'] },
};

const wanted = process.argv.slice(2);
const runs = Object.entries(AREAS)
  .map(([area, { files, tests }]) => {
    const mutate = files.filter((file) => wanted.length === 0 || wanted.includes(area) || wanted.includes(file));
    return { area, mutate, tests };
  })
  .filter(({ mutate }) => mutate.length > 0);

if (runs.length === 0) {
  console.error(`Neither an area (${Object.keys(AREAS).join(', ')}) nor a file of one: ${wanted.join(' ')}`);
  process.exitCode = 2;
}

for (const { area, mutate, tests } of runs) {
  const stryker = new Stryker({
    mutate,
    htmlReporter: { fileName: `reports/mutation/${area}.html` },
    jsonReporter: { fileName: `reports/mutation/${area}.json` },
    jest: { configFile: 'jest.config.js', config: { testMatch: tests.map((test) => `${TESTS}/${test}`) } },
  });
  await stryker.runMutationTest();
}

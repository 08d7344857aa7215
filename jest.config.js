import path from 'node:path';

// programs that tests start are compiled by the first of them: a third of what each would spend until it listens
process.env['NODE_COMPILE_CACHE'] ??= path.resolve('node_modules/.cache/compiled');

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@lunch-relay/source', 'node', 'node-addons'] },
  testMatch: [
    '<rootDir>/packages/*/test/**/*.test.ts',
    '<rootDir>/test/**/*.test.ts',
    '<rootDir>/bench/test/**/*.test.ts',
  ],
  // Jest 30.5 strips the types itself (as Node does), so nothing needs to be compiled
  transform: {},
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/', '<rootDir>/release/', '<rootDir>/reports/'],
  // what hangs has failed; what is slow is the machine, which tests many things at once
  testTimeout: 30_000,
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!**/*.gen.ts', '!**/main.ts', '!**/write-openapi.ts'],
  // Jest would leave one core to itself, and half of a small machine idle
  maxWorkers: '100%',
  coverageProvider: 'v8',
};

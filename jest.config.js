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
  collectCoverageFrom: ['packages/*/src/**/*.ts', '!**/*.gen.ts', '!**/main.ts', '!**/write-openapi.ts'],
  coverageProvider: 'v8',
};

import base from './jest.config.js';

process.env['FUZZ_RUNS'] ??= '50000';

/** Properties alone, tried far more often than in tests: test/support/runs.ts says how. */
export default {
  ...base,
  testMatch: ['<rootDir>/packages/*/test/**/*.property.test.ts'],
  // a property ends by itself after FUZZ_SECONDS
  testTimeout: 600_000,
};

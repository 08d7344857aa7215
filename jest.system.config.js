import base from './jest.config.js';

/**
 * Tests that need more than Node and apt downloads: a browser, a terminal multiplexer, the registry. Two at a time, since
 * half of what they do is to wait; each has folders of its own, and the tarballs are packed before them all.
 */
export default {
  ...base,
  testMatch: ['<rootDir>/test/system/**/*.system.ts'],
  globalSetup: '<rootDir>/test/system/packOnce.ts',
  testSequencer: '<rootDir>/test/system/longestFirst.ts',
  maxWorkers: 2,
};

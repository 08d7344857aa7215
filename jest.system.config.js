import base from './jest.config.js';

/**
 * Tests that need more than Node and apt downloads: a browser, a terminal multiplexer. One after the other: several pack
 * into the same folder, and some look at memory and time.
 */
export default { ...base, maxWorkers: 1, testMatch: ['<rootDir>/test/system/**/*.system.ts'] };

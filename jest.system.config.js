import base from './jest.config.js';

/** Tests that need more than Node and apt downloads: a browser, a terminal multiplexer. */
export default { ...base, testMatch: ['<rootDir>/test/system/**/*.system.ts'] };

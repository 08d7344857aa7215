/**
 * Mutation testing of what decides: `npx -y pnpm@12 mutate`, or `… mutate domain`. `scripts/mutate.ts` adds to this
 * which files are changed and which tests look.
 * @type {ConstructorParameters<typeof import('@stryker-mutator/core').Stryker>[0]}
 */
export default {
  packageManager: 'pnpm',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  coverageAnalysis: 'perTest',
  // words of tables: each change of one would run every test, and says what the table says
  ignoreStatic: true,
  // Jest strips types and checks none, so there is nothing to silence
  disableTypeChecks: false,
  // modules that Jest has loaded as ECMAScript modules stay in memory for as long as the process lives
  maxTestRunnerReuse: 100,
  concurrency: 1,
  // a busy machine is no endless loop
  timeoutMS: 30_000,
  tempDirName: 'reports/mutation/sandbox',
  reporters: ['clear-text', 'html', 'json'],
  clearTextReporter: { logTests: false, reportTests: false },
  // a score is a reason to look, not to fail
  thresholds: { break: null },
};

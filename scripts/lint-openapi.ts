/** Fails when the OpenAPI document breaks a rule of redocly.yaml. */
import { formatProblems, getTotals, lint, loadConfig } from '@redocly/openapi-core';

const config = await loadConfig({ configPath: 'redocly.yaml' });
const problems = await lint({ ref: 'packages/server/openapi.json', config });
if (problems.length > 0) {
  formatProblems(problems, { format: 'codeframe', totals: getTotals(problems) });
  process.exitCode = 1;
}

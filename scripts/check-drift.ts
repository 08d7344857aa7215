/** Fails when something generated is not what its source makes today: OpenAPI document, SDK's types, README's screens and pictures, settings, licences. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { configurationPage } from '../packages/server/src/configText.ts';
import { createOpenApiDocument } from '../packages/server/src/openapi.ts';
import { LICENCES, licencesPage } from './licences.ts';
import { screensOf } from './screens.ts';

const DOCUMENT = 'packages/server/openapi.json';
const TYPES = 'packages/sdk/src/generated/schema.gen.ts';

const drifted = [];
const made: unknown = JSON.parse(JSON.stringify(createOpenApiDocument()));
if (!isDeepStrictEqual(made, JSON.parse(readFileSync(DOCUMENT, 'utf8')))) drifted.push(DOCUMENT);

const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-drift-'));
try {
  const types = path.join(folder, 'schema.gen.ts');
  // by the SDK's own script, so that the options stand in one place
  execFileSync('pnpm', ['--filter', '@lunch-relay/sdk', 'run', 'types', '-o', types], { stdio: 'pipe' });
  if (readFileSync(types, 'utf8') !== readFileSync(TYPES, 'utf8')) drifted.push(TYPES);
} finally {
  rmSync(folder, { recursive: true });
}

const readme = readFileSync('README.md', 'utf8');
const { text, pictures } = await screensOf(readme);
if (text !== readme) drifted.push('README.md (its screens)');
for (const [file, picture] of pictures) {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== picture) drifted.push(file);
}

const CONFIGURATION = 'docs/configuration.md';
if (readFileSync(CONFIGURATION, 'utf8') !== configurationPage()) drifted.push(CONFIGURATION);
if (readFileSync(LICENCES, 'utf8') !== licencesPage()) drifted.push(LICENCES);

if (drifted.length > 0) {
  console.error(`Out of date: ${drifted.join(', ')}. Run "npx -y pnpm@12 generate" and commit the result.`);
  process.exitCode = 1;
}

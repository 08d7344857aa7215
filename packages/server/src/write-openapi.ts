/** Writes `openapi.json`, from which the SDK is generated. */
import { writeFileSync } from 'node:fs';
import { createOpenApiDocument } from './openapi.ts';

writeFileSync(new URL('../openapi.json', import.meta.url), `${JSON.stringify(createOpenApiDocument(), null, 2)}\n`);

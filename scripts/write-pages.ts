/** Makes the pages of docs/ that have their source elsewhere. */
import { writeFileSync } from 'node:fs';
import { configurationPage } from '../packages/server/src/configText.ts';
import { LICENCES, licencesPage } from './licences.ts';

writeFileSync('docs/configuration.md', configurationPage());
writeFileSync(LICENCES, licencesPage());

/** Makes the screens of the README anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withScreens } from './screens.ts';

const README = 'README.md';
writeFileSync(README, await withScreens(readFileSync(README, 'utf8')));

/** Makes the screens of the README anew, and the pictures that it shows of a terminal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { screensOf } from './screens.ts';

const README = 'README.md';
const { text, pictures } = await screensOf(readFileSync(README, 'utf8'));
writeFileSync(README, text);
for (const [path, picture] of pictures) writeFileSync(path, picture);

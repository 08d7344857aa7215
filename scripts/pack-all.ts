/** `pnpm pack:all`: builds, and puts the tarballs of the published packages under `release/`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const PUBLISHED = ['@lunch-relay/sdk', '@lunch-relay/cli'];
const release = path.resolve('release');

rmSync(release, { recursive: true, force: true });
mkdirSync(release);
execFileSync('pnpm', ['run', 'build'], { stdio: 'inherit' });
for (const name of PUBLISHED) {
  execFileSync('pnpm', ['--filter', name, 'pack', '--pack-destination', release], { stdio: 'inherit' });
}
for (const file of readdirSync(release)) console.log(`release/${file}`);

/** `pnpm pack:all`: builds, and puts the tarballs of the published packages under `release/`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { publishedPackages, RELEASE } from './published.ts';

// what tsc has made stays where its source is no more, and would be published; rolldown clears its folder itself
for (const folder of [RELEASE, 'packages/sdk/dist']) rmSync(folder, { recursive: true, force: true });
mkdirSync(RELEASE);
execFileSync('pnpm', ['run', 'build'], { stdio: 'inherit' });
for (const { name } of publishedPackages()) {
  execFileSync('pnpm', ['--filter', name, 'pack', '--pack-destination', RELEASE], { stdio: 'inherit' });
}
for (const file of readdirSync(RELEASE)) console.log(`release/${file}`);

/** Sees to it that there is an image `nginx:stable-alpine`: without a registry, a stand-in with Debian's nginx. */
import { execFileSync } from 'node:child_process';

const IMAGE = 'nginx:stable-alpine';

const STAND_IN = `FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light curl && rm -rf /var/lib/apt/lists/*
`;

/** Gives what stands there now. */
export function provideNginx(): string {
  if (works('image', 'inspect', IMAGE)) return `${IMAGE} was there`;
  if (works('pull', '--quiet', IMAGE)) return `${IMAGE} was pulled`;
  execFileSync('docker', ['build', '--quiet', '--tag', IMAGE, '-'], {
    input: STAND_IN,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return `${IMAGE} is a stand-in: Debian's nginx, since there is no registry`;
}

function works(...words: string[]): boolean {
  try {
    execFileSync('docker', words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

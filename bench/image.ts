/** How the image runs the relay, out of the Dockerfile itself: what is measured is what is deployed. */
import { readFileSync } from 'node:fs';

export interface RelayImage {
  /** Variables that are set for it, by name. */
  readonly environment: Readonly<Record<string, string>>;
  /** For Node.js, before its program. */
  readonly nodeOptions: readonly string[];
}

const DOCKERFILE = new URL('../Dockerfile', import.meta.url);
const STAGE = /^FROM runtime AS relay$/m;

/** Throws where the Dockerfile does not say it in the form that is known here. */
export function readRelayImage(dockerfile = readFileSync(DOCKERFILE, 'utf8')): RelayImage {
  const [, stage = ''] = dockerfile.split(STAGE);
  const assignments = /^ENV (.+)$/m.exec(stage)?.[1]?.split(' ') ?? [];
  const entryPoint = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(stage)?.[1] ?? '[]') as string[];
  const [node, ...nodeOptions] = entryPoint.slice(0, -1);
  if (assignments.length === 0 || node !== 'node' || entryPoint.at(-1) !== 'dist/main.js') {
    throw new Error('the Dockerfile has no stage "relay" with an ENV and an ENTRYPOINT of node and dist/main.js');
  }
  const environment = Object.fromEntries(
    assignments.map((assignment) => {
      const [name = '', ...value] = assignment.split('=');
      return [name, value.join('=')];
    }),
  );
  return { environment, nodeOptions };
}

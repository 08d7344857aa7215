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
const NEXT_STAGE = /^FROM /m;
const ASSIGNMENT = /^(\w+)=([^\s"'\\$]+)$/;

/** Throws where the stage has not one `ENV A=1 B=2` and one `ENTRYPOINT ["node", …, "dist/main.js"]`, each on one line. */
export function readRelayImage(dockerfile = readFileSync(DOCKERFILE, 'utf8')): RelayImage {
  const [stage = ''] = dockerfile.split(STAGE)[1]?.split(NEXT_STAGE) ?? [];
  const environment = Object.fromEntries(
    onlyLine(stage, 'ENV')
      .split(' ')
      .map((word) => {
        const [, name, value] = ASSIGNMENT.exec(word) ?? [];
        if (name === undefined || value === undefined) throw new Error(`ENV in the Dockerfile: "${word}" is not A=1`);
        return [name, value];
      }),
  );
  const [node, ...words] = JSON.parse(onlyLine(stage, 'ENTRYPOINT')) as string[];
  if (node !== 'node' || words.pop() !== 'dist/main.js')
    throw new Error('ENTRYPOINT in the Dockerfile is not node with dist/main.js');
  return { environment, nodeOptions: words };
}

function onlyLine(stage: string, instruction: string): string {
  const [line, ...more] = stage.split('\n').filter((text) => text.startsWith(`${instruction} `));
  if (line === undefined || more.length > 0)
    throw new Error(
      `the stage "relay" of the Dockerfile has ${more.length + (line ? 1 : 0)} lines of ${instruction}, not one`,
    );
  return line.slice(instruction.length + 1);
}

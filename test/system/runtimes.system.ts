/** The packed SDK on every Node.js that it promises, on Bun and on Deno: against a real relay, and servers that break. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  cut,
  hang,
  hangInBody,
  reset,
  type ScriptedServer,
  startScripted,
} from '../../packages/sdk/test/support/scripted.ts';
import { startTestRelay, type TestRelay } from '../../packages/server/test/support/relay.ts';
import { NODE_BINARY, NODE_PACKAGE, SDK_NODES } from '../support/nodes.ts';
import { npm, runFile, tarball, writeProject } from '../support/tarballs.ts';
import { ANSWERED, ASKING, watchLists } from './asking.ts';
import { describeWith, fromRegistry } from './programs.ts';

const PROGRAM = `${ASKING}
const [relay, broken] = process.argv.slice(2);
async function main() {
  const lunch = createLunchClient({ baseUrl: relay });
  const strict = createLunchClient({ baseUrl: broken, retries: 0, timeoutMs: 500 });
  const leaving = new AbortController();
  setTimeout(() => leaving.abort('left'), 100);
  const { signal } = leaving;
  console.log(JSON.stringify({
    ...(await askRelay(relay)),
    reset: await kindOf(strict.relay('/reset')),
    cut: await kindOf(strict.relay('/cut')),
    hang: await kindOf(strict.relay('/hang')),
    hangInBody: await kindOf(strict.relay('/hangInBody')),
    left: await kindOf(createLunchClient({ baseUrl: broken }).relay('/hang', {}, { signal })),
    relayed: typeof (await lunch.relay('/restaurant/nanna/')),
    raw: (await lunch.raw.GET('/restaurant')).data.restaurants.length,
  }));
}
void main();
`;
const NAMES = '{ createEtagCache, createLunchClient, isLunchError }';
const FILES = {
  'package.json': '{"private":true}',
  'service.mjs': `import ${NAMES} from '@lunch-relay/sdk';${PROGRAM}`,
  'service.cjs': `const ${NAMES} = require('@lunch-relay/sdk');${PROGRAM}`,
};

const EXPECTED = {
  ...ANSWERED,
  reset: 'connection',
  cut: 'invalid_response',
  hang: 'timeout',
  hangInBody: 'timeout',
  left: 'left',
  relayed: 'object',
  raw: 18,
};

const FAULTS = { reset, cut, hang, hangInBody };

interface World {
  readonly test: TestRelay;
  readonly broken: ScriptedServer;
  /** Where the SDK is installed. */
  readonly folder: string;
}

async function setUp(): Promise<World> {
  const folder = writeProject(mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-runtimes-')), FILES);
  await npm(['install', tarball('sdk')], folder);
  const test = await startTestRelay();
  const broken = await startScripted((response, nth, request) => {
    const fault = path.basename(request.url ?? '') as keyof typeof FAULTS;
    FAULTS[fault](response, nth, request);
  });
  return { test, broken, folder };
}

/** Once for all runtimes, and not at all where there is none. */
let world: Promise<World> | undefined;
afterAll(async () => {
  if (world === undefined) return;
  const { test, broken, folder } = await world;
  await broken.close();
  await test.close();
  rmSync(folder, { recursive: true });
});

const RUNTIMES = [
  ...SDK_NODES.map((version) => ({ name: 'node', from: NODE_PACKAGE, version, binary: NODE_BINARY, words: [] })),
  { name: 'bun', from: 'bun', version: '1.4.5', binary: '@oven/*/bin/bun*', words: [] },
  {
    name: 'deno',
    from: 'deno',
    version: '2.9.6',
    binary: '@deno/*/deno*',
    words: ['run', '--no-prompt', '--allow-net=127.0.0.1', '--allow-read=.'],
  },
];

for (const { name, from, version, binary, words } of RUNTIMES) {
  const tests = (executable: string) => {
    beforeAll(() => (world ??= setUp()), 120_000);
    it.each(['service.mjs', 'service.cjs'])(
      'works in %s, and gets its 304',
      async (file) => {
        const { test, broken, folder } = await (world as Promise<World>);
        const listStatuses = watchLists(test);
        const { stdout } = await runFile(executable, [...words, file, test.relay.url, broken.url], { cwd: folder });
        expect(JSON.parse(stdout)).toEqual(EXPECTED);
        expect(await listStatuses(3)).toEqual([200, 304, 200]);
      },
      30_000,
    );
  };
  describeWith(name, `the packed SDK on ${name} ${version}`, tests, fromRegistry(from, version, binary));
}

/** The packed CLI on each Node.js that it promises to run on; the SDK is in runtimes.system.ts. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestRelay, type TestRelay } from '../../packages/server/test/support/relay.ts';
import { CLI_NODES, NODE_BINARY, NODE_PACKAGE, SDK_NODES } from '../support/nodes.ts';
import { npm, runFile, tarball } from '../support/tarballs.ts';
import { describeWith, fromRegistry } from './programs.ts';

interface World {
  readonly test: TestRelay;
  readonly folder: string;
  readonly lunch: string;
}

async function setUp(): Promise<World> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-nodes-'));
  await npm(['install', '--global', '--prefix', folder, '--offline', tarball('cli')], folder);
  return { test: await startTestRelay(), folder, lunch: path.join(folder, 'bin/lunch') };
}

/** Once for all versions, and not at all where there is none. */
let world: Promise<World> | undefined;
afterAll(async () => {
  if (world === undefined) return;
  const { test, folder } = await world;
  await test.close();
  rmSync(folder, { recursive: true });
});

for (const version of CLI_NODES) {
  const tests = (node: string) => {
    beforeAll(() => (world ??= setUp()), 120_000);
    it('shows menus, completes, and says what is wrong', async () => {
      const { test, folder, lunch } = await (world as Promise<World>);
      const env = { XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, LUNCH_RELAY_URL: test.relay.url };
      const run = (words: string[], more = {}) =>
        runFile(node, [lunch, ...words], { cwd: folder, env: { ...env, ...more } });
      const { stdout, stderr } = await run(['nanna']);
      expect(stdout).toMatch(/^Restaurang Nanna Svartz · Solna\nServes \d dishes · Monday 23 November/);
      // no warning of what this Node thinks experimental or deprecated
      expect(stderr).toBe('');
      expect((await run(['list', '--json'])).stdout).toContain('"schemaVersion": 1');
      expect((await run(['__complete', 'nan'])).stdout).toBe('nanna\tRestaurang Nanna Svartz, Solna\n');
      await expect(run(['nana'])).rejects.toMatchObject({ code: 3 });
      // undici, which is loaded for proxies only, promises no older Node than this
      const proxied = run(['jons'], { LUNCH_RELAY_URL: 'http://relay.invalid', http_proxy: 'http://127.0.0.1:1' });
      await expect(proxied).rejects.toMatchObject({
        code: 5,
        stderr: expect.stringContaining('127.0.0.1:1)') as unknown,
      });
    }, 30_000);
  };
  describeWith('node', `the packed CLI on node ${version}`, tests, fromRegistry(NODE_PACKAGE, version, NODE_BINARY));
}

describe('the oldest Node.js that is tried', () => {
  it.each([
    ['packages/sdk/package.json', SDK_NODES],
    ['packages/cli/package.json', CLI_NODES],
  ])('is the one that %s promises', (file, [oldest = '']) => {
    const { engines } = JSON.parse(readFileSync(file, 'utf8')) as { engines: { node: string } };
    expect(oldest.replace(/(?:\.0)+$/, '')).toBe(engines.node.replace('>=', '').replace(/(?:\.0)+$/, ''));
  });
});

/** The tarballs, as users install them: in clean folders, without the repository around them. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publint } from 'publint';
import { isOldNode, OLDEST_NODE, VERSION } from '../packages/cli/src/version.ts';
import { readSnippets } from '../packages/sdk/test/support/snippets.ts';
import { startTestRelay, type TestRelay } from '../packages/server/test/support/relay.ts';
import { ALLOWED } from '../scripts/licences.ts';
import { rehearse } from '../scripts/rehearsal.ts';
import { bundle, npm, packAll, runFile, runTool, tarball, writeProject } from './support/tarballs.ts';

let test: TestRelay;
let folder: string;
beforeAll(async () => {
  test = await startTestRelay();
  folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-packed-'));
  // as builds leave them behind whose sources are no more
  for (const file of LEFT_BEHIND) writeProject('packages', { [file]: '' });
  packAll();
}, 120_000);
afterAll(async () => {
  await test.close();
  rmSync(folder, { recursive: true });
});

const LEFT_BEHIND = ['sdk/dist/deleted.js', 'sdk/dist/commonjs/deleted.d.ts', 'cli/bundle/deleted.cjs'];

it.each(['sdk', 'cli'])('the packed %s holds nothing of earlier builds', (name) => {
  expect(execFileSync('tar', ['-tzf', tarball(name)], { encoding: 'utf8' })).not.toContain('deleted');
});

/** Every Node on the PATH: the one of this repository, and that of the machine, which may be too old for `lunch`. */
const nodes = [
  ...new Set(
    (process.env['PATH'] ?? '')
      .split(path.delimiter)
      .map((entry) => path.join(entry, 'node'))
      .filter(existsSync)
      .map((file) => realpathSync(file)),
  ),
];

describe('the packed CLI', () => {
  it('has the notices of whatever it holds of others, under licences that somebody has looked at', () => {
    const notices = readFileSync('packages/cli/bundle/LICENCES.txt', 'utf8');
    for (const name of ['chalk', 'commander', 'openapi-fetch', 'ora', 'string-width', 'undici'])
      expect(notices).toMatch(new RegExp(`^${name} [\\d.]+ \\(MIT\\)\\n\\n[\\s\\S]*?copyright`, 'im'));
    expect(execFileSync('tar', ['-tzf', tarball('cli')], { encoding: 'utf8' })).toContain(
      'package/bundle/LICENCES.txt',
    );
    // the page of licences knows what the CLI names, not what that brings along
    const licences = [...notices.matchAll(/^\S+ \d\S+ \((.+)\)$/gm)].map(([, licence = '']) => licence);
    expect(licences.length).toBeGreaterThan(6);
    expect(licences.filter((licence) => !ALLOWED.has(licence))).toEqual([]);
  });

  it('puts lunch on the PATH and needs nothing else', async () => {
    const prefix = path.join(folder, 'prefix');
    await npm(['install', '--global', '--prefix', prefix, '--offline', tarball('cli')], folder);
    const env = { ...process.env, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, LUNCH_RELAY_URL: test.relay.url };
    for (const node of nodes) {
      const lunch = (...words: string[]) =>
        runFile(node, [path.join(prefix, 'bin/lunch'), ...words], { cwd: folder, env });
      const { stdout: version } = await runFile(node, ['-p', 'process.versions.node']);
      if (isOldNode(version)) {
        const stderr = `lunch: Node.js ${OLDEST_NODE} or newer is needed, and this is ${version.trim()}\n`;
        await expect(lunch('nanna')).rejects.toMatchObject({ code: 1, stdout: '', stderr });
        continue;
      }
      const { stdout, stderr } = await lunch('nanna');
      expect(stdout).toMatch(/^Restaurang Nanna Svartz · Solna\nServes \d dishes · Monday 23 November/);
      expect(stdout).toContain('  • ');
      expect(stderr).toBe('');
      expect((await lunch('--help')).stdout).toContain('Usage: lunch');
      expect((await lunch('list', '--json')).stdout).toContain('"schemaVersion": 1');
      expect((await lunch('__complete', 'nan')).stdout).toBe('nanna\tRestaurang Nanna Svartz, Solna\n');
      await expect(lunch('nana')).rejects.toMatchObject({ code: 3 });
      // each of what is loaded only when it is needed
      expect(await lunch('find', 'xyzzy', '--timeout', '9').catch(({ code }: { code: number }) => ({ code }))).toEqual({
        code: 4,
      });
      const proxied = runFile(node, [path.join(prefix, 'bin/lunch'), 'nanna'], {
        env: { ...env, LUNCH_RELAY_URL: 'http://relay.invalid', http_proxy: 'http://127.0.0.1:1' },
      });
      await expect(proxied).rejects.toMatchObject({
        code: 5,
        stderr: expect.stringContaining('127.0.0.1:1)') as unknown,
      });
    }
    // what costs most at the start: 34 ms and 5 ms
    const report = `data:text/javascript,process.on('exit', () =>
      console.error(process.moduleLoadList.filter((name) => /undici\\/undici|child_process/.test(name)).join()))`;
    const words = ['--import', report, path.join(prefix, 'bin/lunch'), 'nanna'];
    expect((await runFile(process.execPath, words, { env })).stderr).toBe('\n');
    const onPath = await runFile(path.join(prefix, 'bin/lunch'), ['--version'], { cwd: folder, env });
    expect(onPath.stdout).toBe(`${VERSION}\n`);
  }, 60_000);
});

/** What every project does with the client, in JavaScript that is TypeScript too. */
const SERVICE = `
const lunch = createLunchClient({ baseUrl: process.argv[2] ?? '' });
async function main() {
  const { today } = await lunch.getRestaurant('nanna');
  const { data } = await lunch.raw.GET('/restaurant');
  const listed = data?.restaurants[0]?.publishesMenu;
  const kind = await lunch.getRestaurant('nana').catch((error) => isLunchError(error, 'not_found') && error.suggestions[0]);
  console.log(today.name, today.dishes.length > 0, listed, kind);
}
void main();
`;
const SERVED = 'Restaurang Nanna Svartz true true nanna\n';
const IMPORT = `import { createLunchClient, isLunchError } from '@lunch-relay/sdk';\n`;
const TYPED = `declare const process: { argv: string[] };
const isTyped: 0 extends 1 & typeof lunch.raw ? false : true = true;
void isTyped;
`;

describe('the packed SDK', () => {
  let installed: string;
  beforeAll(async () => {
    installed = writeProject(path.join(folder, 'installed'), { 'package.json': '{"name":"service","private":true}' });
    await npm(['install', tarball('sdk')], installed);
  }, 60_000);

  /** A project of its own with what npm has installed, without asking the registry for each. */
  function project(name: string, files: Record<string, string>): string {
    const place = writeProject(path.join(folder, name), files);
    cpSync(path.join(installed, 'node_modules'), path.join(place, 'node_modules'), { recursive: true });
    return place;
  }
  const run = (cwd: string, file: string, node = process.execPath) => runFile(node, [file, test.relay.url], { cwd });

  it.each(nodes)('runs as ES module and as CommonJS on %s', async (node) => {
    const esm = project('esm', { 'package.json': '{"type":"module"}', 'service.js': IMPORT + SERVICE });
    expect((await run(esm, 'service.js', node)).stdout).toBe(SERVED);
    const commonjs = project('commonjs', {
      'package.json': '{"type":"commonjs"}',
      'service.js': `const { createLunchClient, isLunchError } = require('@lunch-relay/sdk');${SERVICE}`,
    });
    expect((await run(commonjs, 'service.js', node)).stdout).toBe(SERVED);
  });

  it('knows the errors of its other copy, ES module here and CommonJS there', async () => {
    const mixed = project('mixed', {
      'service.mjs': `import { createRequire } from 'node:module';
        import { isLunchError, LunchError } from '@lunch-relay/sdk';
        const other = createRequire(import.meta.url)('@lunch-relay/sdk');
        const error = new other.LunchError('timeout', 'x');
        console.log(error instanceof LunchError, isLunchError(error, 'timeout'));`,
    });
    expect((await run(mixed, 'service.mjs')).stdout).toBe('false true\n');
  });

  it('has types for ES modules and for CommonJS with moduleResolution nodenext, and so have all snippets', async () => {
    const snippets = readSnippets().map(({ name, code }) => [`src/${name}.mts`, code] as const);
    const nodenext = project('nodenext', {
      'package.json': '{"type":"module"}',
      'tsconfig.json': tsconfig({ module: 'nodenext' }),
      'src/service.mts': IMPORT + TYPED + SERVICE,
      'src/legacy.cts': IMPORT + TYPED + SERVICE,
      ...Object.fromEntries(snippets),
    });
    await runTool('tsc', [], nodenext);
    expect((await run(nodenext, 'out/service.mjs')).stdout).toBe(SERVED);
    expect((await run(nodenext, 'out/legacy.cjs')).stdout).toBe(SERVED);
  }, 30_000);

  it('has types with moduleResolution bundler, and runs bundled for a browser without anything of Node’s', async () => {
    const bundled = project('bundler', {
      'package.json': '{"type":"module"}',
      'tsconfig.json': tsconfig({ module: 'preserve', moduleResolution: 'bundler' }),
      'src/service.ts': IMPORT + TYPED + SERVICE,
    });
    await runTool('tsc', [], bundled);
    await bundle(bundled, 'out/service.js', 'bundle.js');
    expect(readFileSync(path.join(bundled, 'bundle.js'), 'utf8')).not.toMatch(/\brequire\(|node:/);
    expect((await run(bundled, 'bundle.js')).stdout).toBe(SERVED);
  }, 30_000);

  it('leaves nothing in a bundle that does not use it', async () => {
    const unused = project('unused', { 'index.js': `import '@lunch-relay/sdk';\nconsole.log('nothing');` });
    await bundle(unused, 'index.js', 'bundle.js');
    expect(readFileSync(path.join(unused, 'bundle.js'), 'utf8')).not.toContain('LunchError');
  });

  it('is clean under publint and attw', async () => {
    const bytes = new Uint8Array(readFileSync(tarball('sdk')));
    expect((await publint({ pack: { tarball: bytes.buffer }, strict: true })).messages).toEqual([]);
    expect(await checkPackage(createPackageFromTarballData(bytes))).toMatchObject({ problems: [] });
  }, 30_000);

  it('passes the rehearsal of a release with the CLI, whatever colours and proxies the environment names', async () => {
    const told: string[] = [];
    const proxies = { http_proxy: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1', no_proxy: '', NO_PROXY: '' };
    // what the registry is asked for was asked for above
    const environment = { ...process.env, ...proxies, FORCE_COLOR: '1', npm_config_prefer_offline: 'true' };
    const tarballs = { files: ['sdk', 'cli'].map(tarball), cliVersion: VERSION };
    await rehearse(tarballs, environment, (line) => told.push(line));
    expect(told.at(-1)).toBe('a program with the SDK: the same menu, and a typed error');
  }, 60_000);
});

function tsconfig(options: Record<string, string>): string {
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true };
  // the declarations are checked too, in a project that has no types of Node
  const compilerOptions = { ...strict, ...options, target: 'es2022', lib: ['es2023', 'dom'], types: [], outDir: 'out' };
  return JSON.stringify({
    compilerOptions: { ...compilerOptions, rootDir: 'src', skipLibCheck: false },
    include: ['src'],
  });
}

/** Every snippet of the documents runs, against a relay with faults, and prints what its comments say. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLunchClient } from '@lunch-relay/sdk';
import { startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { closedUrl } from './support/scripted.ts';
import { documents, readSnippets } from './support/snippets.ts';

/** What stands at http://localhost:9090 in the documents: a login page, and a relay that fails. */
const elsewhere = http.createServer((request, response) => {
  if (request.url?.startsWith('/login')) response.setHeader('Content-Type', 'text/html').end('<p>Log in</p>');
  else
    response
      .writeHead(500, { 'X-Request-Id': '4711' })
      .end(
        JSON.stringify({ type: '/docs/errors#internal_error', code: 'internal_error', detail: 'The relay failed.' }),
      );
});

/** Runs the modules one after the other and gives what each has printed. */
const RUNNER = `
for (const file of process.argv.slice(2)) {
  console.log('=== ' + file);
  await import(file).catch((error) => console.log(error));
}`;

const snippets = readSnippets();

/** The pages of a folder by name; each is in the folder's index, and has its name for a title and a snippet. */
function pagesIn(folder: string): string[] {
  const pages = readdirSync(folder).filter((file) => file !== 'README.md');
  const index = readFileSync(path.join(folder, 'README.md'), 'utf8');
  for (const page of pages) {
    const text = readFileSync(path.join(folder, page), 'utf8');
    expect([page, index.includes(`](${page})`)]).toEqual([page, true]);
    expect([page, text.startsWith(`# ${page.replace('.md', '')}`), text.includes('```ts')]).toEqual([page, true, true]);
  }
  return pages.map((page) => page.replace('.md', '')).sort();
}

describe('the documents', () => {
  let test: TestRelay;
  let folder: string;
  const printed = new Map<string, string[]>();
  beforeAll(async () => {
    test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '600', RELAY_REQUEST_DIRECTIVES: 'honour' } });
    test.simulator.setFault('/restaurant/bikupan', { kind: 'reset-before-headers' });
    test.simulator.setFault('/restaurant/dufva', { kind: 'status', status: 429 });
    test.simulator.setFault('/restaurant/elma', { kind: 'hang' });
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const { port } = elsewhere.address() as AddressInfo;
    const nowhere = await closedUrl();
    folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-snippets-'));
    mkdirSync(path.join(folder, 'node_modules/@lunch-relay'), { recursive: true });
    symlinkSync(path.resolve('packages/sdk'), path.join(folder, 'node_modules/@lunch-relay/sdk'));
    writeFileSync(path.join(folder, 'runner.mjs'), RUNNER);
    for (const { name, code } of snippets) {
      const here = code
        .replaceAll('http://localhost:8080', test.relay.url)
        .replaceAll('http://localhost:9090', `http://127.0.0.1:${port}`)
        .replaceAll('http://localhost:9091', nowhere);
      writeFileSync(path.join(folder, `${name}.mts`), here);
    }
    const files = snippets.map(({ name }) => `./${name}.mts`);
    const words = ['--conditions=@lunch-relay/source', 'runner.mjs', ...files];
    const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder });
    for (const part of stdout.split(/^=== /m).slice(1)) {
      const [file = '', ...lines] = part.trimEnd().split('\n');
      printed.set(path.basename(file, '.mts'), lines);
    }
  }, 30_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    elsewhere.closeAllConnections();
    elsewhere.close();
    await test.close();
  });

  it.each(snippets)('$name runs and prints what it says', ({ name, prints }) => {
    const lines = printed.get(name) ?? [];
    expect(lines).toEqual(expect.arrayContaining([...prints]));
    expect(lines.join('\n')).toMatch(/\S/);
    expect(lines.join('\n')).not.toContain('Error');
  });

  it('has a page for every method and for every kind of error, and an index of both', () => {
    const call = createLunchClient({ baseUrl: test.relay.url }).listMenus({ restaurants: [] });
    const methods = [...Object.keys(createLunchClient({ baseUrl: test.relay.url })), ...Object.keys(call)];
    expect(methods).toContain('withResponse');
    const kinds = readFileSync('packages/sdk/src/errors.ts', 'utf8').matchAll(/^ {2}\| '(\w+)'$/gm);
    expect(pagesIn('docs/sdk/methods')).toEqual(expect.arrayContaining(methods));
    expect(pagesIn('docs/sdk/errors')).toEqual([...kinds].map(([, kind]) => kind).sort());
  });

  it('leads nowhere that is not there', () => {
    for (const file of documents()) {
      const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^):#]+\.md)[^)]*\)/g)].map(([, link = '']) => link);
      expect(links.filter((link) => !existsSync(path.resolve(path.dirname(file), link)))).toEqual([]);
    }
  });
});

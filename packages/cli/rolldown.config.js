import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'rolldown';

/** Commander starts programs for commands that are programs; ours are not, and to load this module takes 5 ms. */
const withoutChildProcess = {
  name: 'commander-without-child-process',
  resolveId: {
    filter: { id: /^node:child_process$/ },
    handler: (_source, importer) => (importer?.includes('commander') ? { id: '\0no-child-process' } : null),
  },
  load: { filter: { id: /^\0no-child-process$/ }, handler: () => 'export default {};' },
};

/** Minified code has lost the notices that the licences of others ask to be kept: they lie beside it. */
const withNotices = {
  name: 'notices-of-others',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
    const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? []);
    const notices = [...new Set(folders)].sort().map(noticeOf);
    this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source: notices.join('\n\n') });
  },
};

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}`;
  return `${name} ${version} (${license})${text}`;
}

// One self-contained folder. The entry holds commander and the help, one more file all commands and the SDK: each further
// file takes 1 to 2 ms. What is large and seldom needed (spinner, tables of widths, proxies, picker) is loaded when it is.
export default defineConfig({
  input: { lunch: 'src/main.ts' },
  platform: 'node',
  tsconfig: false,
  resolve: { conditionNames: ['@lunch-relay/source', 'node', 'import', 'default'] },
  plugins: [withoutChildProcess, withNotices],
  output: {
    dir: 'bundle',
    // as CommonJS: to import a module of Node's reads every export, the lazy ones too
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    minify: true,
    cleanDir: true,
  },
});

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

// One self-contained folder. The entry holds commander and the help, one more file all commands and the SDK: each further
// file takes 1 to 2 ms. What is large and seldom needed (spinner, tables of widths, proxies, picker) is loaded when it is.
export default defineConfig({
  input: { lunch: 'src/main.ts' },
  platform: 'node',
  tsconfig: false,
  resolve: { conditionNames: ['@lunch-relay/source', 'node', 'import', 'default'] },
  plugins: [withoutChildProcess],
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

import { defineConfig } from 'rolldown';

// One self-contained folder: the entry holds commander, the rest is loaded when a command needs it.
export default defineConfig({
  input: { lunch: 'src/main.ts' },
  platform: 'node',
  tsconfig: false,
  resolve: { conditionNames: ['@lunch-relay/source', 'node', 'import', 'default'] },
  output: { dir: 'bundle', format: 'esm', minify: true, cleanDir: true },
});

/**
 * Fails when the SDK, with all that it needs, is larger in a browser than it promises: minified and compressed.
 * A bundler is here for the CLI anyway, so these lines stand in for size-limit and the bundler that it would bring.
 */
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const LARGEST_BYTES = 6_000;
const SDK = path.resolve('packages/sdk/src/index.ts');

/** What a program bundles, and the compression that it is to fit with. */
const PROGRAMS = [
  { what: 'everything', program: `export * from '${SDK}'`, heldWith: ['Brotli'] },
  {
    what: 'without the optional cache',
    program: `export { createLunchClient, isLunchError, LunchError } from '${SDK}'`,
    heldWith: ['Brotli', 'gzip'],
  },
];

/** The text of a bundle of the program that lies at no file. */
async function bundle(program: string): Promise<string> {
  const input = 'program';
  const build = await rolldown({
    input,
    platform: 'browser',
    tsconfig: false,
    resolve: { conditionNames: ['import', 'default'] },
    plugins: [
      { name: input, resolveId: (id) => (id === input ? id : null), load: (id) => (id === input ? program : null) },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true, comments: false });
  await build.close();
  return output[0].code;
}

for (const { what, program, heldWith } of PROGRAMS) {
  const code = await bundle(program);
  const sizes: Record<string, number> = {
    Brotli: brotliCompressSync(code).length,
    gzip: gzipSync(code, { level: constants.Z_BEST_COMPRESSION }).length,
  };
  const told = Object.entries(sizes).map(([name, bytes]) => `${bytes} with ${name}`);
  console.log(`The SDK, ${what}: ${code.length} bytes minified, ${told.join(', ')}.`);
  for (const name of heldWith) {
    if ((sizes[name] ?? Infinity) <= LARGEST_BYTES) continue;
    console.log(`That is more than ${LARGEST_BYTES} with ${name}.`);
    process.exitCode = 1;
  }
}

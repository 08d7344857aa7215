/**
 * Fails when the SDK, with all that it needs, is larger in a browser than it promises: minified and compressed.
 * A bundler is here for the CLI anyway, so these lines stand in for size-limit and the bundler that it would bring.
 */
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const LARGEST_BYTES = 6_000;

const bundle = await rolldown({
  input: 'packages/sdk/src/index.ts',
  platform: 'browser',
  tsconfig: false,
  resolve: { conditionNames: ['import', 'default'] },
});
const { output } = await bundle.generate({ format: 'esm', minify: true });
await bundle.close();
const code = output[0].code;
const compressedBytes = brotliCompressSync(code).length;
const sizes = `${code.length} minified, ${compressedBytes} with Brotli, ${gzipSync(code).length} with gzip`;
console.log(`The SDK in bytes: ${sizes}; ${LARGEST_BYTES} are allowed with Brotli.`);
if (compressedBytes > LARGEST_BYTES) process.exitCode = 1;

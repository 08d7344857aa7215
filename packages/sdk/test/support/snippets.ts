/** The TypeScript in the SDK's documents. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface Snippet {
  /** Of the document and the number in it: fit for a file. */
  readonly name: string;
  readonly code: string;
  /** What it prints, line by line, as its comments `// → …` say. */
  readonly prints: readonly string[];
}

const FOLDER = path.resolve('docs/sdk');

/** docs/sdk, and the README of the repository and of the package. */
export function documents(): string[] {
  const pages = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
  const others = ['README.md', 'packages/sdk/README.md'].map((file) => path.resolve(file));
  return [...pages.map((file) => path.join(FOLDER, file)), ...others];
}

export function readSnippets(): Snippet[] {
  return documents().flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ''], index) => ({
      name: `${path.relative('.', file).replace(/\W+/g, '-')}-${index + 1}`,
      code,
      prints: [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line = '']) => line),
    })),
  );
}

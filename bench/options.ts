/** The command lines of the suite. A word that cannot be understood is an error that says what can. */
import { parseArgs } from 'node:util';

/** Texts of `--name value`; a name that is not among `defaults` is refused. */
export function readOptions<Name extends string>(defaults: Readonly<Record<Name, string>>): Record<Name, string> {
  const entries = Object.entries<string>(defaults);
  const options = Object.fromEntries(entries.map(([name, text]) => [name, { type: 'string' as const, default: text }]));
  // `pnpm bench -- --seconds 2` hands the dashes on
  const words = process.argv.slice(2).filter((word) => word !== '--');
  return parseArgs({ args: words, options }).values as Record<Name, string>;
}

/** Throws unless the text is a number from `least` to `most`. */
export function numberFrom(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} must be a number from ${least} to ${most}, not "${text}"`);
  return value;
}

/** Of names with commas between them, those that are meant; all for an empty text. */
export function namesFrom<Name extends string>(option: string, text: string, all: readonly Name[]): Name[] {
  const wanted = text.split(',').flatMap((name) => name.trim() || []);
  const unknown = wanted.find((name) => !(all as readonly string[]).includes(name));
  if (unknown !== undefined) throw new Error(`--${option}: there is no ${unknown}, only ${all.join(', ')}`);
  return wanted.length === 0 ? [...all] : all.filter((name) => wanted.includes(name));
}

/** The exit status is the answer: a fault of a measurement is told in one line, and its stack is of no use. */
export function run(main: () => Promise<void>): void {
  main().then(
    () => process.exit(),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}

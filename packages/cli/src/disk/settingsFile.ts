/** The files that the user may edit: config.json and favourites.json. */
import path from 'node:path';
import { CommandError, ExitCode } from '../exitCodes.ts';
import type { Io } from '../io.ts';
import { readJson, withLock, writeJson } from './files.ts';
import { configFolder } from './paths.ts';

type FileName = 'config.json' | 'favourites.json';

type Config = Readonly<Record<string, unknown>>;

/** Where config.json is, or would be. Throws CommandError (1) where there is no home. */
export const configFile = (io: Io): string => fileIn(io, 'config.json');

/** The members of config.json; none where there is no file. Throws CommandError (1) for a file that cannot be read. */
export function readConfig(io: Io): Config {
  return read(io, 'config.json', isRecord, {}, 'an object');
}

/** Identifiers, in the user's order. Throws CommandError (1) for a file that cannot be read. */
export function readFavourites(io: Io): readonly string[] {
  return read(io, 'favourites.json', isTexts, [], 'a list of identifiers');
}

/** Members that this version does not know are kept. Throws CommandError (1) where it cannot be written. */
export function changeConfig(io: Io, change: (config: Config) => Config): Promise<void> {
  return rewrite(io, 'config.json', () => change(readConfig(io)));
}

/** Throws CommandError (1) where it cannot be written. */
export function changeFavourites(io: Io, change: (favourites: readonly string[]) => readonly string[]): Promise<void> {
  return rewrite(io, 'favourites.json', () => change(readFavourites(io)));
}

function fileIn(io: Io, name: FileName): string {
  const folder = configFolder(io);
  if (folder === undefined) throw new CommandError('there is no home directory to keep settings in', ExitCode.fault);
  return path.join(folder, name);
}

/** `none` where there is no file, nor a home for one. */
function read<T>(io: Io, name: FileName, isValue: (value: unknown) => value is T, none: T, form: string): T {
  if (configFolder(io) === undefined) return none;
  const file = fileIn(io, name);
  let value: unknown;
  try {
    value = readJson(file);
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is no JSON' : `cannot be read (${(error as Error).message})`;
    throw new CommandError(`${file} ${what}; mend it or delete it`, ExitCode.fault);
  }
  if (value === undefined) return none;
  if (isValue(value)) return value;
  throw new CommandError(`${file} must hold ${form}; mend it or delete it`, ExitCode.fault);
}

async function rewrite(io: Io, name: FileName, make: () => unknown): Promise<void> {
  const file = fileIn(io, name);
  try {
    await withLock(file, () => writeJson(file, make()));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${file} cannot be written: ${(error as Error).message}`, ExitCode.fault);
  }
}

const isRecord = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');

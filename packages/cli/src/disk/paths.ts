/** Where `lunch` keeps its files: the XDG base directories, on Windows AppData. */
import path from 'node:path';
import type { Io } from '../io.ts';

/** Of settings and favourites; undefined where there is no home. */
export const configFolder = (io: Io) => folder(io, 'XDG_CONFIG_HOME', 'APPDATA', '.config');

/** Of what can be had again; undefined where there is no home. */
export const cacheFolder = (io: Io) => folder(io, 'XDG_CACHE_HOME', 'LOCALAPPDATA', '.cache');

function folder({ environment, platform, homeDirectory }: Io, variable: string, onWindows: string, usual: string) {
  const named = environment[variable];
  // a relative one is to be ignored (XDG Base Directory Specification)
  if (named && path.isAbsolute(named)) return path.join(named, 'lunch');
  const onThisWindows = platform === 'win32' ? environment[onWindows] : undefined;
  if (onThisWindows) return path.join(onThisWindows, 'lunch');
  const home = environment['HOME'] || homeDirectory;
  return home ? path.join(home, usual, 'lunch') : undefined;
}

/**
 * The last answers, on disk: the list, and one menu for each restaurant, which counts on its own day only. Nothing here
 * fails: a disk that cannot be read or written is an empty one.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Io } from '../io.ts';
import { isRecord, type Listed, type Menu, toListing, toMenu } from '../relay/answers.ts';
import { isMoment, stockholmDate } from '../stockholm.ts';
import { quietly, readJson, writeJson } from './files.ts';
import { cacheFolder } from './paths.ts';

export interface KeptList {
  readonly restaurants: readonly Listed[];
  /** Milliseconds since the epoch. */
  readonly savedAt: number;
  /** The URL that it is from. */
  readonly relay: string;
}

export interface DiskCache {
  list(): KeptList | undefined;
  keepList(list: KeptList): void;
  /** Today's last answer, `offline`; undefined where there is none of today in Stockholm. */
  menu(identifier: string): Menu | undefined;
  /** Those of today. */
  menus(): Menu[];
  keepMenu(menu: Menu): void;
}

export function openCache(io: Io): DiskCache {
  const folder = cacheFolder(io);
  const menusFolder = path.join(folder ?? '', 'menus');
  const listFile = path.join(folder ?? '', 'restaurants.json');
  const read = (file: string) => (folder === undefined ? undefined : quietly(() => readJson(file)));
  const write = (file: string, value: unknown) => {
    if (folder !== undefined) quietly(() => writeJson(file, value));
  };
  const menuIn = (file: string) => {
    const menu = toMenu(read(path.join(menusFolder, file)), true);
    return menu?.date === stockholmDate(io.clock()) ? menu : undefined;
  };
  return {
    list() {
      const kept = read(listFile);
      if (!isRecord(kept)) return undefined;
      const { restaurants, savedAt, relay } = kept;
      const listing = toListing(restaurants);
      if (listing.length === 0 || typeof savedAt !== 'number' || typeof relay !== 'string') return undefined;
      if (!isMoment(savedAt)) return undefined;
      return { restaurants: listing, savedAt, relay };
    },
    keepList: (list) => write(listFile, list),
    menu(identifier) {
      const menu = menuIn(fileOf(identifier));
      return menu?.identifier === identifier ? menu : undefined;
    },
    menus() {
      const files = folder === undefined ? [] : (quietly(() => readdirSync(menusFolder)) ?? []);
      return files.filter((file) => file.endsWith('.json')).flatMap((file) => menuIn(file) ?? []);
    },
    keepMenu: (menu) => write(path.join(menusFolder, fileOf(menu.identifier)), menu),
  };
}

/** An identifier is whatever the relay says: as a file name it must lead nowhere else. */
const fileOf = (identifier: string) =>
  `${encodeURIComponent(identifier.toWellFormed()).replace(/[.*]/g, '_').slice(0, 200)}.json`;

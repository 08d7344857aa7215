/** One run of `lunch`: what its commands share, each part made when it is first needed. */
import { Chalk } from 'chalk';
import { type DiskCache, openCache } from './disk/cache.ts';
import type { Io } from './io.ts';
import { type ColourSetting, colourLevel, hasHyperlinks, textWidth } from './output/appearance.ts';
import type { Look } from './output/cards.ts';
import { openRelay, type Relay } from './relay/relay.ts';
import { readSettings, type SettingFlags, type Settings } from './settings.ts';
import { tell } from './tell.ts';

/** The flags that every command takes. */
export interface Flags extends SettingFlags {
  readonly json?: boolean;
  readonly plain?: boolean;
}

export interface Session {
  readonly io: Io;
  /** How standard output is written. */
  readonly format: 'cards' | 'json' | 'plain';
  readonly cache: DiskCache;
  /** Throws CommandError (2) for a setting that is none. */
  readonly settings: () => Settings;
  /** The same relay, and the same deadline, for the whole command. Throws CommandError (2). */
  relay(): Promise<Relay>;
  /** How cards may look on standard output. */
  look(): Look;
  print(text: string): void;
  /** A line on standard error. */
  readonly tell: (message: string) => void;
}

export function createSession(io: Io, flags: Flags): Session {
  let settings: Settings | undefined;
  let relay: Promise<Relay> | undefined;
  const session: Session = {
    io,
    format: flags.json ? 'json' : flags.plain ? 'plain' : 'cards',
    cache: openCache(io),
    settings: () => (settings ??= readSettings(flags, io, session.tell)),
    relay: () => (relay ??= openRelay(session.settings(), io)),
    look: () => lookOf(io, session.settings().color.value),
    print: (text) => void io.stdout.write(text),
    tell: (message) => tell(io, message),
  };
  return session;
}

function lookOf({ stdout, environment }: Io, setting: ColourSetting): Look {
  return {
    chalk: new Chalk({ level: colourLevel(stdout, environment, setting) }),
    width: textWidth(stdout),
    hasLinks: hasHyperlinks(stdout, environment, setting),
  };
}

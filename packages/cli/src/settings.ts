/** What a command goes by: flags, then LUNCH_* variables, then the configuration file, then defaults. Decided here only. */
import { readConfig } from './disk/settingsFile.ts';
import { CommandError, ExitCode } from './exitCodes.ts';
import type { Io } from './io.ts';
import { COLOUR_SETTINGS, type ColourSetting } from './output/appearance.ts';
import { safe, withoutCredentials } from './output/safe.ts';

/** A value, and where it is from: `--relay`, `LUNCH_RELAY_URL`, a file, or `default`. */
export interface Setting<T> {
  readonly value: T;
  readonly from: string;
}

export interface Settings {
  /** Default: `http://localhost:8080`. */
  readonly relay: Setting<string>;
  /** For all questions of a command together, in milliseconds. 1 to 3,600,000; default 15,000. */
  readonly timeoutMs: Setting<number>;
  /** Default: `auto`. */
  readonly color: Setting<ColourSetting>;
}

/** The flags as commander gives them. */
export interface SettingFlags {
  readonly relay?: string;
  readonly timeout?: string;
  /** False: `--no-color`. */
  readonly color?: boolean;
}

interface Definition {
  readonly variable: string;
  readonly byDefault: string;
  readonly form: string;
  readonly isValid: (text: string) => boolean;
}

/** Every setting of the configuration file, as text. */
const DEFINITIONS = {
  relay: {
    variable: 'LUNCH_RELAY_URL',
    byDefault: 'http://localhost:8080',
    form: 'an http: or https: URL without "?" and "#"',
    isValid: isRelayUrl,
  },
  timeout: {
    variable: 'LUNCH_TIMEOUT',
    byDefault: '15',
    form: 'seconds, from 0.001 to 3600',
    isValid: (text) => /^\d*\.?\d+$/.test(text) && Number(text) >= 0.001 && Number(text) <= 3600,
  },
  color: {
    variable: 'LUNCH_COLOR',
    byDefault: 'auto',
    form: 'auto, always or never',
    isValid: (text) => COLOUR_SETTINGS.some((setting) => setting === text),
  },
} as const satisfies Record<string, Definition>;

export type SettingName = keyof typeof DEFINITIONS;

export const SETTING_NAMES = Object.keys(DEFINITIONS) as SettingName[];

/**
 * `warn` hears of a configuration file that cannot be read, and then does not count. Throws CommandError (2) for a value
 * that is none, and names where it stands.
 */
export function readSettings(flags: SettingFlags, io: Io, warn: (message: string) => void): Settings {
  const config = readConfigOr(io, warn);
  const setting = (name: SettingName, flag: string | undefined) => toSetting(name, flag, config, io);
  const timeout = setting('timeout', flags.timeout);
  return {
    relay: setting('relay', flags.relay),
    timeoutMs: { ...timeout, value: Math.max(1, Math.round(Number(timeout.value) * 1000)) },
    color: setting('color', flags.color === false ? 'never' : undefined) as Setting<ColourSetting>,
  };
}

function readConfigOr(io: Io, warn: (message: string) => void): Readonly<Record<string, unknown>> {
  try {
    return readConfig(io);
  } catch (error) {
    warn(`${(error as Error).message}. Going on without it.`);
    return {};
  }
}

/** An empty variable is one that is not set. */
function toSetting(
  name: SettingName,
  flag: string | undefined,
  config: Readonly<Record<string, unknown>>,
  { environment }: Io,
): Setting<string> {
  const { variable, byDefault } = DEFINITIONS[name];
  if (flag !== undefined) return checked(name, flag, name === 'color' ? '--no-color' : `--${name}`);
  if (environment[variable]) return checked(name, environment[variable], variable);
  const kept = config[name];
  if (kept !== undefined)
    return checked(
      name,
      typeof kept === 'string' ? kept : JSON.stringify(kept),
      'config.json, see "lunch config path"',
    );
  return { value: byDefault, from: 'default' };
}

/** Throws CommandError (2). */
export function checked(name: SettingName, value: string, from: string): Setting<string> {
  const { form, isValid } = DEFINITIONS[name];
  if (isValid(value)) return { value, from };
  const shown = name === 'relay' ? withoutCredentials(value) : safe(value);
  throw new CommandError(`${name} must be ${form}, not "${shown}" (${from})`, ExitCode.usage);
}

function isRelayUrl(text: string): boolean {
  // of the text: an empty query or fragment leaves no trace in the members of a URL
  return /^https?:\/\/[^?#]+$/i.test(text) && URL.canParse(text);
}

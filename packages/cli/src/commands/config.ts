/** `lunch config get|set|unset|path`: the settings, and where each is from. */
import { changeConfig, configFile } from '../disk/settingsFile.ts';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { hintAt } from '../names.ts';
import { jsonDocument } from '../output/json.ts';
import { safe, withoutCredentials } from '../output/safe.ts';
import type { Session } from '../session.ts';
import { checked, SETTING_NAMES, type SettingName } from '../settings.ts';

/** The whole value that counts now, whatever it is from; without a name all of them, and without the passwords of URLs. */
export function getSetting(session: Session, name: string | undefined): void {
  const { relay, timeoutMs, color } = session.settings();
  const all = { relay, timeout: { ...timeoutMs, value: String(timeoutMs.value / 1000) }, color };
  const shown = { ...all, relay: { ...relay, value: withoutCredentials(relay.value) } };
  const chosen = name === undefined ? undefined : toName(name);
  if (session.format === 'json') {
    const settings = chosen === undefined ? shown : { [chosen]: all[chosen] };
    session.print(jsonDocument('settings', { settings }));
  } else if (chosen !== undefined) session.print(`${safe(all[chosen].value)}\n`);
  else {
    const isPlain = session.format === 'plain';
    for (const setting of SETTING_NAMES) {
      const { value, from } = shown[setting];
      session.print(isPlain ? `${setting}\t${value}\t${from}\n` : `${setting.padEnd(8)} ${value}  (${from})\n`);
    }
  }
}

/** Throws CommandError (2) for a setting or a value that is none, (1) where the file cannot be written. */
export async function setSetting(session: Session, name: string, value: string): Promise<void> {
  const setting = toName(name);
  const { value: kept } = checked(setting, value.trim(), `lunch config set ${setting}`);
  await changeConfig(session.io, (config) => ({ ...config, [setting]: setting === 'timeout' ? Number(kept) : kept }));
}

/** Back to the default. Throws as `setSetting` does. */
export async function unsetSetting(session: Session, name: string): Promise<void> {
  const setting = toName(name);
  await changeConfig(session.io, (config) =>
    Object.fromEntries(Object.entries(config).filter(([member]) => member !== setting)),
  );
}

/** Throws CommandError (1) where there is no home directory. */
export function showConfigPath(session: Session): void {
  session.print(`${configFile(session.io)}\n`);
}

function toName(name: string): SettingName {
  const known = SETTING_NAMES.find((setting) => setting === name);
  if (known) return known;
  throw new CommandError(`there is no setting "${name}". ${hintAt(name, SETTING_NAMES)}`, ExitCode.usage);
}

/** How an output may look: colours, links, width. Decided from the terminal, the environment and the settings. */
import type { Io, Output } from '../io.ts';

export const COLOUR_SETTINGS = ['auto', 'always', 'never'] as const;

export type ColourSetting = (typeof COLOUR_SETTINGS)[number];

type Environment = Io['environment'];

/**
 * Chalk's level: 0 is no colour. `never`, which `--no-color` is, goes before NO_COLOR, this before FORCE_COLOR, and that before
 * `always`, which no flag says. An empty variable is one that is not set.
 */
export function colourLevel(output: Output, environment: Environment, setting: ColourSetting): 0 | 1 {
  if (setting === 'never' || environment['NO_COLOR']) return 0;
  const forced = environment['FORCE_COLOR'];
  if (forced) return isOn(forced) ? 1 : 0;
  if (setting === 'always') return 1;
  return output.isTTY === true && environment['TERM'] !== 'dumb' ? 1 : 0;
}

const isOn = (value: string) => value !== '0' && value !== 'false';

/** Terminals that are known to follow OSC 8 links as they are installed, by what they set. Inside tmux and screen nobody knows. */
const FOLLOWS_LINKS: ReadonlyArray<(environment: Environment) => boolean> = [
  ({ TERM_PROGRAM = '' }) =>
    ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'zed', 'Hyper', 'rio'].includes(TERM_PROGRAM),
  ({ TERM = '' }) => ['xterm-kitty', 'alacritty', 'xterm-ghostty', 'foot', 'foot-extra', 'contour'].includes(TERM),
  // 0.50; before it, a link crashed the terminal
  ({ VTE_VERSION = '0' }) => Number(VTE_VERSION) >= 5000,
  ({ WT_SESSION }) => WT_SESSION !== undefined,
];

/** Whether text may be a link (OSC 8). `never` means no sequences at all; else FORCE_HYPERLINK decides, even without colours. */
export function hasHyperlinks(output: Output, environment: Environment, setting: ColourSetting): boolean {
  const forced = environment['FORCE_HYPERLINK'];
  if (setting !== 'never' && forced) return isOn(forced);
  const isInside = environment['TMUX'] !== undefined || /^(screen|tmux)/.test(environment['TERM'] ?? '');
  const isSeen = output.isTTY === true && !isInside && colourLevel(output, environment, setting) > 0;
  return isSeen && FOLLOWS_LINKS.some((follows) => follows(environment));
}

/** Longer lines are hard to read, shorter ones no longer text: what is narrower still, the terminal wraps. */
const [WIDEST, NARROWEST, UNKNOWN] = [100, 20, 80] as const;

/** In cells, for text to be wrapped; Infinity where it goes to a file or another program. */
export function textWidth(output: Output): number {
  if (output.isTTY !== true) return Number.POSITIVE_INFINITY;
  return Math.min(WIDEST, Math.max(NARROWEST, output.columns || UNKNOWN));
}

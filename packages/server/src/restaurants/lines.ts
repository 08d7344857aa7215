/**
 * What a menu line is. `readLine` classifies one raw line; `readMenu` reads a whole raw menu, in which labels reach down
 * to the dishes after them and fragments join the line before. Promises to take no long time over any line, to say
 * `vegetarian` or `vegan` without the mark of a guess only where the restaurant says it of that dish, and to give no dish
 * that stands under another day than the date asked for.
 */
import { cleanText } from './cleanText.ts';
import { closingOf } from './closings.ts';
import { type Diet, dietOf } from './diet.ts';
import { isFragment, isWeight, joinFragments } from './fragments.ts';
import { isKindOfDish, isLabel, isVagueLabel, splitLabel } from './labels.ts';
import type { Line } from './line.ts';
import { createMenuDays } from './menuDays.ts';
import { foodBesideNotice, noticeOf } from './notices.ts';
import { isTerms } from './terms.ts';

export type { Line };

export interface Dish {
  readonly name: string;
  readonly label?: string;
  readonly diet?: Diet;
  readonly dietIsGuess?: true;
}

export interface Notice {
  readonly text: string;
  /** True when it says that the restaurant is closed. */
  readonly closes: boolean;
}

export interface MenuLines {
  readonly dishes: readonly Dish[];
  /** Each text once. */
  readonly notices: readonly Notice[];
  /** True where dishes of other days were left out. */
  readonly hasOtherDays?: true;
}

const BULLET = /^(?:[-–—•·*▪●◦►➤✓>]+ |[•·▪●◦►➤✓]+ ?|[A-E]\. (?=\p{Lu})|\d{1,2}[.)] (?=\p{L}))/u;

/** Reads one raw line by itself. */
export function readLine(raw: string): Line {
  const line = read(textOf(raw));
  if (line.kind === 'label') return { ...line, ...dietOf('', line.clean) };
  return line.kind === 'dish' ? { ...line, ...dietOf(line.clean, line.label) } : line;
}

const textOf = (raw: string) => cleanText(raw).replace(BULLET, '');

function read(text: string, date?: string): Line {
  if (!/[\p{L}\p{N}]/u.test(text)) return { kind: 'empty', clean: '' };
  // `Stängt:` looks like one
  if (isLabel(text) && closingOf(text, date) === undefined) return { kind: 'label', clean: text };
  const notice = noticeIn(text, date);
  if (notice) return notice;
  const { label, rest } = splitLabel(text);
  if (label === undefined && isWeight(text)) return { kind: 'fragment', clean: text };
  if (isTerms(rest, label)) return { kind: 'terms', clean: text };
  if (label === undefined && isFragment(text)) return { kind: 'fragment', clean: text };
  return { kind: 'dish', clean: rest, ...(label === undefined ? {} : { label }) };
}

/** Under a kind of dish it is the house that speaks; any other label tells of what it speaks, or of which day. */
function noticeIn(text: string, date?: string): Line | undefined {
  const { label, rest } = splitLabel(text);
  const isKind = label !== undefined && isKindOfDish(label);
  const labelled = label === undefined ? {} : { label };
  const notice = noticeOf(rest, isKind ? undefined : label, date);
  if (!notice) return undefined;
  const food = notice.closes ? undefined : foodBesideNotice(rest);
  if (food !== undefined && read(food.trim()).kind === 'dish') return { kind: 'dish', clean: food.trim(), ...labelled };
  const closes = notice.closes ? ({ closes: true } as const) : {};
  return { kind: 'notice', ...(isKind ? { clean: rest, ...labelled } : { clean: text }), ...closes };
}

/**
 * Reads a whole raw menu. With the `date` it is for (`2026-11-23`), a notice of another day does not close, and dishes of
 * another day are left out.
 */
export function readMenu(rawLines: readonly string[], date?: string): MenuLines {
  const joined = joinFragments(rawLines.map(textOf), (text) => read(text, date));
  const days = createMenuDays(date);
  const dishes: Dish[] = [];
  const notices = new Map<string, Notice>();
  let above: { label: string; isSpent: boolean } | undefined;
  let hasOtherDays = false;
  for (const [index, line] of joined.entries()) {
    days.pass(line);
    if (line.kind === 'notice') addNotice(notices, days.noticeUnderDay(line));
    else if (line.kind === 'label' && !isDishAfterAll(line, joined[index + 1]))
      above = { label: line.clean.replace(/[ :]+$/u, ''), isSpent: false };
    else if (line.kind === 'dish' || line.kind === 'label') {
      // a line with a label of its own ends the reach of the label above
      if (line.label !== undefined) above = undefined;
      const isOther = days.isOther(line);
      hasOtherDays ||= isOther;
      if (!isOther) dishes.push(above ? dishUnder(line, above) : toDish(line, line.label));
      if (above) above.isSpent = true;
    }
  }
  return { dishes, notices: [...notices.values()], ...(hasOtherDays ? { hasOtherDays } : {}) };
}

/** Of notices that are alike one that closes is enough. */
function addNotice(notices: Map<string, Notice>, { clean, closes }: Line): void {
  notices.set(clean, { text: clean, closes: closes === true || notices.get(clean)?.closes === true });
}

function isDishAfterAll(line: Line, next: Line | undefined): boolean {
  return isVagueLabel(line.clean) && (next?.kind !== 'dish' || next.label !== undefined);
}

function toDish(line: Line, label: string | undefined): Dish {
  return { name: line.clean, ...(label === undefined ? {} : { label }), ...dietOf(line.clean, label) };
}

/** Nobody says how far a label reaches: of the second dish under it, its diet is a guess. */
function dishUnder(line: Line, { label, isSpent }: { label: string; isSpent: boolean }): Dish {
  const own = dietOf(line.clean);
  const isSaidOfDish = own.diet !== undefined && own.dietIsGuess === undefined;
  if (isSaidOfDish) return { name: line.clean, label, ...own };
  const dish = toDish(line, label);
  return isSpent && dish.diet !== undefined ? { ...dish, dietIsGuess: true } : dish;
}

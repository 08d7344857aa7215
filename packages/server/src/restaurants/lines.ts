/**
 * What a menu line is. `readLine` classifies one raw line; `readMenu` reads a whole raw menu, in which labels reach down
 * to the dishes after them and fragments join the line before. Promises to take no long time over any line, and to say
 * `vegetarian` or `vegan` without the mark of a guess only where the restaurant says it of that dish.
 */
import { cleanText } from './cleanText.ts';
import { closingOf } from './closings.ts';
import { type Diet, dietOf } from './diet.ts';
import { isKindOfDish, isLabel, isVagueLabel, splitLabel } from './labels.ts';
import { noticeOf } from './notices.ts';
import { isTerms } from './terms.ts';

/** One raw line, read by itself. */
export interface Line {
  readonly kind: 'dish' | 'label' | 'notice' | 'terms' | 'fragment' | 'empty';
  /** The clean text; of a dish, and of a notice under a kind of dish, without its label. */
  readonly clean: string;
  /** The label before the colon, without it. */
  readonly label?: string;
  readonly diet?: Diet;
  /** True where the diet is not said of the dish itself. */
  readonly dietIsGuess?: true;
  /** Of a notice: true when it says that the restaurant is closed. */
  readonly closes?: true;
}

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
}

const BULLET = /^(?:[-–—•·*▪●◦►➤✓>]+ |[•·▪●◦►➤✓]+ ?|[A-E]\. (?=\p{Lu})|\d{1,2}[.)] (?=\p{L}))/u;

const WEIGHT = /^(?:ca )?\d+ ?(?:g|gr|gram|kg|ml|cl|dl|st)\.?$/iu;
const FRAGMENT = [
  /^\([^()]*\)[.,]?$/u,
  WEIGHT,
  /^[,;&+/)]/u,
  /^(?:med|och|samt|eller|serveras|serverad|toppad|toppat|inkl|with|and|or|served|on|in|till|av|på|i) /u,
  // one or two words in lower case are the tail of a broken line; more may be a dish of somebody without a shift key
  /^\p{Ll}[\p{L}-]*(?: (?:(?:och|&|samt) )?[\p{Ll}-]+)?[.,!]?$/u,
];

/** Reads one raw line by itself. */
export function readLine(raw: string): Line {
  const line = read(raw);
  if (line.kind === 'label') return { ...line, ...dietOf('', line.clean) };
  return line.kind === 'dish' ? { ...line, ...dietOf(line.clean, line.label) } : line;
}

function read(raw: string, date?: string): Line {
  const text = cleanText(raw).replace(BULLET, '');
  if (!/[\p{L}\p{N}]/u.test(text)) return { kind: 'empty', clean: '' };
  // `Stängt:` looks like one
  if (isLabel(text) && closingOf(text, date) === undefined) return { kind: 'label', clean: text };
  const notice = noticeIn(text, date);
  if (notice) return notice;
  const { label, rest } = splitLabel(text);
  const labelled = label === undefined ? {} : { label };
  if (label === undefined && WEIGHT.test(text)) return { kind: 'fragment', clean: text };
  if (isTerms(rest, label)) return { kind: 'terms', clean: text };
  if (label === undefined && FRAGMENT.some((pattern) => pattern.test(text))) return { kind: 'fragment', clean: text };
  return { kind: 'dish', clean: rest, ...labelled };
}

/** Under a kind of dish it is the house that speaks; any other label tells of what it speaks, or of which day. */
function noticeIn(text: string, date?: string): Line | undefined {
  const { label, rest } = splitLabel(text);
  const isKind = label !== undefined && isKindOfDish(label);
  const notice = noticeOf(rest, isKind ? undefined : label, date);
  if (!notice) return undefined;
  return {
    kind: 'notice',
    ...(isKind ? { clean: rest, label } : { clean: text }),
    ...(notice.closes ? { closes: true } : {}),
  };
}

/** Reads a whole raw menu. With the `date` it is for (`2026-11-23`), a notice of another day does not close. */
export function readMenu(rawLines: readonly string[], date?: string): MenuLines {
  const joined = joinFragments(rawLines.map((raw) => read(raw, date)));
  const dishes: Dish[] = [];
  const notices = new Map<string, Notice>();
  let above: { label: string; isSpent: boolean } | undefined;
  for (const [index, line] of joined.entries()) {
    if (line.kind === 'notice') {
      const closes = line.closes === true || notices.get(line.clean)?.closes === true;
      notices.set(line.clean, { text: line.clean, closes });
    } else if (line.kind === 'label' && !isDishAfterAll(line, joined[index + 1]))
      above = { label: line.clean.replace(/[ :]+$/u, ''), isSpent: false };
    else if (line.kind === 'dish' || line.kind === 'label') {
      // a line with a label of its own ends the reach of the label above
      if (line.label !== undefined) above = undefined;
      dishes.push(above ? dishUnder(line, above) : toDish(line, line.label));
      if (above) above.isSpent = true;
    }
  }
  return { dishes, notices: [...notices.values()] };
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

/** A fragment with no line before it is a dish if it is a word, and nothing if it is only a weight or a bracket. */
function joinFragments(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    if (line.kind === 'empty') continue;
    if (line.kind !== 'fragment') joined.push(line);
    else if (before && before.kind !== 'label') {
      const glue = /^[,;).]/u.test(line.clean) ? '' : ' ';
      joined[joined.length - 1] = { ...before, clean: `${before.clean}${glue}${line.clean}` };
    } else if (/^\p{L}/u.test(line.clean)) joined.push({ ...line, kind: 'dish' });
  }
  return joined;
}

/** What the picker shows, as a function of what has been typed. Pure. */
import { wordsOf } from '../fold.ts';
import { type Measure, pad } from '../output/layout.ts';
import { safe } from '../output/safe.ts';
import type { Listed } from '../relay/answers.ts';

export interface PickerState {
  readonly query: string;
  /** Among those that match; 0 is the first. */
  readonly selected: number;
}

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly measure: Measure;
}

/** Of an own kind each, so that it can be coloured. */
export interface PickerLine {
  readonly kind: 'query' | 'selected' | 'other' | 'hint';
  readonly text: string;
}

export const PROMPT = 'Where to? ';
const HINT = '↑↓ choose · Enter shows · Esc leaves';

/** Those that hold every word that was typed, in identifier, name or region; those in which all begin a word come first. */
export function matching(restaurants: readonly Listed[], query: string): readonly Listed[] {
  const wanted = wordsOf(query);
  const fits = ({ identifier, name, region }: Listed, isFit: (word: string, sought: string) => boolean) => {
    const text = wordsOf(`${identifier} ${name} ${region}`);
    return wanted.every((sought) => text.some((word) => isFit(word, sought)));
  };
  const found = restaurants.filter((one) => fits(one, (word, sought) => word.includes(sought)));
  const [first, then] = [true, false].map((isBeginning) =>
    found.filter((one) => fits(one, (word, sought) => word.startsWith(sought)) === isBeginning),
  );
  return [...(first ?? []), ...(then ?? [])];
}

/** The lines of a screen of that size, none wider: the query first, then as many matches as there is room for. */
export function viewOf(restaurants: readonly Listed[], { query, selected }: PickerState, frame: Frame): PickerLine[] {
  const { columns, rows, measure } = frame;
  const matches = matching(restaurants, query);
  const gap = Math.max(0, ...restaurants.map(({ identifier }) => measure(safe(identifier))));
  const names = Math.max(0, ...restaurants.map(({ name }) => measure(safe(name))));
  const room = Math.max(0, rows - 2);
  const from = Math.max(0, Math.min(selected - Math.floor(room / 2), matches.length - room));
  const lines = matches.slice(from, from + room).map(({ identifier, name, region }, index): PickerLine => {
    const isSelected = from + index === selected;
    const cells = [pad(safe(identifier), gap, measure), pad(safe(name), names, measure), safe(region)];
    return { kind: isSelected ? 'selected' : 'other', text: `${isSelected ? '❯' : ' '} ${cells.join('  ')}` };
  });
  const none: PickerLine[] = matches.length === 0 && room > 0 ? [{ kind: 'other', text: '  nothing fits' }] : [];
  const hint: PickerLine[] = rows > 1 ? [{ kind: 'hint', text: HINT }] : [];
  const all: PickerLine[] = [{ kind: 'query', text: PROMPT + query }, ...lines, ...none, ...hint];
  return all.map(({ kind, text }) => ({ kind, text: clip(text, columns, measure).trimEnd() }));
}

/** As much of a text as fits. */
function clip(text: string, cells: number, measure: Measure): string {
  if (measure(text) <= cells) return text;
  let clipped = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (measure(clipped + segment) > cells) break;
    clipped += segment;
  }
  return clipped;
}

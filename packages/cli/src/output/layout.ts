/** Text in lines no wider than a terminal, by what the terminal shows and not by the number of characters. */

/** How many cells a text takes. */
export type Measure = (text: string) => number;

/** Text of one style. Begins a word of its own. */
export interface Piece {
  readonly text: string;
  readonly style?: (text: string) => string;
}

interface Frame {
  /** In cells; Infinity: nothing is wrapped. */
  readonly width: number;
  /** Before the first line; those after it are indented by as much. */
  readonly first: string;
  readonly measure: Measure;
}

/** Latin letters, and the punctuation of menus: one cell each, which nobody needs tables for. */
const SIMPLE = /^[\u0020-\u007E\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2022\u2026\u2030-\u205E]*$/;

/** The measure for these texts. The tables of emoji and scripts take 35 ms to load: they are loaded when there are any. */
export async function measureFor(texts: readonly string[]): Promise<Measure> {
  if (texts.every((text) => SIMPLE.test(text))) return (text) => text.length;
  return (await import('string-width')).default;
}

/** The lines of the pieces, with hanging indent. */
export function wrap(pieces: readonly Piece[], { width, first, measure }: Frame): string[] {
  const room = Math.max(1, width - measure(first));
  const words = pieces.flatMap(({ text, style = plain }) =>
    text
      .split(' ')
      .filter((word) => word !== '')
      .flatMap((word) => (measure(word) > room ? cut(word, room, measure) : [word]))
      .map((word) => ({ word, style, cells: measure(word) })),
  );
  const lines: Array<typeof words> = [[]];
  let used = 0;
  for (const word of words) {
    // a word may take no cell at all, and yet have a space before it or after it
    let space = lines.at(-1)?.length === 0 ? 0 : 1;
    if (space > 0 && used + space + word.cells > room) {
      lines.push([]);
      [used, space] = [0, 0];
    }
    lines.at(-1)?.push(word);
    used += space + word.cells;
  }
  const rest = ' '.repeat(measure(first));
  return lines.map((line, index) => (index === 0 ? first : rest) + inStyle(line));
}

/** Neighbours of one style are styled together, the space between them too. */
function inStyle(line: ReadonlyArray<{ word: string; style: (text: string) => string }>): string {
  const runs: Array<{ text: string; style: (text: string) => string }> = [];
  for (const { word, style } of line) {
    const last = runs.at(-1);
    if (last?.style === style) last.text += ` ${word}`;
    else runs.push({ text: word, style });
  }
  return runs.map(({ text, style }) => style(text)).join(' ');
}

const plain = (text: string) => text;

/** A word that is wider than a line: between its words where the script writes none apart (Thai), else between letters. */
function cut(word: string, room: number, measure: Measure): string[] {
  const partsOf = (text: string, granularity: 'word' | 'grapheme') =>
    Array.from(new Intl.Segmenter(undefined, { granularity }).segment(text), ({ segment }) => segment);
  const parts = partsOf(word, 'word').flatMap((part) => (measure(part) > room ? partsOf(part, 'grapheme') : [part]));
  const cuts: string[] = [];
  let current = '';
  for (const part of parts) {
    if (current !== '' && measure(current + part) > room) {
      cuts.push(current);
      current = '';
    }
    current += part;
  }
  return [...cuts, current];
}

/** Filled up with spaces to so many cells. */
export function pad(text: string, cells: number, measure: Measure): string {
  return text + ' '.repeat(Math.max(0, cells - measure(text)));
}

/**
 * A terminal as a picture. xterm.js, a whole terminal, says what stands in which cell and how; here that becomes SVG: dark for
 * readers who like it dark, every run of text as wide as its cells whatever the reader's font, and the same bytes every time.
 */
import unicode11 from '@xterm/addon-unicode11';
import xterm, { type IBufferLine } from '@xterm/headless';

const [CELL, LINE, FONT, MARGIN] = [8.4, 20, 14, 16] as const;

/** Of the colours that a program can ask for, those of GitHub's own terminals: readable on the background, dimmed text too. */
const LIGHT = { paper: '#fff', frame: '#d1d9e0', ink: '#1f2328', dim: '#59636e' };
const DARK = { paper: '#0d1117', frame: '#3d444d', ink: '#f0f6fc', dim: '#9198a1' };
const COLOURS = { red: 1, green: 2, yellow: 3, blue: 4, magenta: 5, cyan: 6 };
const ON_LIGHT = ['#cf222e', '#1a7f37', '#9a6700', '#0969da', '#8250df', '#1b7c83'];
const ON_DARK = ['#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf'];

interface Run {
  readonly from: number;
  cells: number;
  text: string;
  readonly look: string;
  /** One character in each cell. */
  readonly isSimple: boolean;
}

/** An SVG document: a command, and what it wrote to a terminal of so many columns. */
export async function terminalPicture(command: string, written: string, columns: number): Promise<string> {
  const rows = await rowsOf(`$ ${command}\n${written}`, columns);
  const [width, height] = [Math.ceil(columns * CELL) + 2 * MARGIN, rows.length * LINE + 2 * MARGIN];
  const texts = rows.flatMap((runs, row) => runs.map((run) => asText(run, MARGIN + row * LINE + FONT)));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escaped(command)}</title>
<style>
text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;white-space:pre}
.bold{font-weight:bold}.underline{text-decoration:underline}
${rulesOf(LIGHT, ON_LIGHT)}
@media(prefers-color-scheme:dark){
${rulesOf(DARK, ON_DARK)}
}
</style>
<rect class="paper" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join('\n')}
</svg>
`;
}

function rulesOf({ paper, frame, ink, dim }: typeof LIGHT, colours: readonly string[]): string {
  const named = Object.keys(COLOURS).map((name, index) => `.${name}{fill:${colours[index]}}`);
  return `.paper{fill:${paper};stroke:${frame}}text{fill:${ink}}.dim{fill:${dim}}${named.join('')}`;
}

async function rowsOf(written: string, columns: number): Promise<Run[][]> {
  // high enough for all of it: what scrolls out of the screen is seen no more
  const terminal = new xterm.Terminal({ cols: columns, rows: 500, convertEol: true, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11'; // since then emoji take two cells
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  const rows = Array.from({ length: terminal.rows }, (_, row) => {
    const line = terminal.buffer.active.getLine(row);
    return line === undefined ? [] : runsOf(line);
  });
  terminal.dispose();
  return rows.slice(0, rows.findLastIndex((runs) => runs.length > 0) + 1);
}

/** Neighbours of one look, but emoji and the like each by itself: fonts are least of one mind about their widths. */
function runsOf(line: IBufferLine): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < line.length; from++) {
    const cell = line.getCell(from);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const colour = Object.entries(COLOURS).find(([, number]) => cell.isFgPalette() && cell.getFgColor() === number);
    const marks = [cell.isBold() && 'bold', cell.isDim() && 'dim', cell.isUnderline() && 'underline', colour?.[0]];
    const [look, text, cells] = [marks.filter(Boolean).join(' '), cell.getChars() || ' ', cell.getWidth()];
    const isSimple = cells === 1 && text.length === 1;
    const last = runs.at(-1);
    if (last?.look === look && last.isSimple && isSimple) {
      last.text += text;
      last.cells += cells;
    } else runs.push({ from, cells, text, look, isSimple });
  }
  return runs.map(withoutBlanks).filter(({ text }) => text !== '');
}

function withoutBlanks(run: Run): Run {
  const text = run.text.trimStart();
  const before = run.text.length - text.length;
  const after = text.length - text.trimEnd().length;
  return { ...run, from: run.from + before, cells: run.cells - before - after, text: text.trimEnd() };
}

function asText({ from, cells, text, look }: Run, y: number): string {
  const [x, length] = [MARGIN + from * CELL, cells * CELL].map((pixels) => Number(pixels.toFixed(1)));
  return `<text x="${x}" y="${y}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${look && ` class="${look}"`}>${escaped(text)}</text>`;
}

const escaped = (text: string) => text.replace(/[&<>]/g, (found) => `&#${found.charCodeAt(0)};`);

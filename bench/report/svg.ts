/** Small SVG plots that GitHub shows in light and in dark: lines against a number, and bars. No dependency, no script. */

export interface Series {
  readonly name: string;
  readonly points: ReadonlyArray<{ readonly x: number; readonly y: number }>;
}

export interface LineChart {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Of the vertical axis, for what spans powers of ten. */
  readonly isLogarithmic?: boolean;
  /** Of the horizontal one. */
  readonly isLogarithmicX?: boolean;
}

export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly bars: ReadonlyArray<{ readonly name: string; readonly value: number; readonly isOurs?: boolean }>;
}

const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#8c564b'];
const WIDTH = 720;
const HEIGHT = 340;
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 20, 66, 50];
const INNER_WIDTH = WIDTH - LEFT - RIGHT;
const INNER_HEIGHT = HEIGHT - TOP - BOTTOM;

export function lineChart({ title, x, y, series, isLogarithmic = false, isLogarithmicX = false }: LineChart): string {
  const points = series.flatMap((one) => one.points).filter((point) => !isLogarithmic || point.y > 0);
  const width = [LEFT, LEFT + INNER_WIDTH] as const;
  const offered = points.map((point) => point.x);
  const across = isLogarithmicX ? logarithmic(offered, width) : scaleOf(offered, width);
  const values = points.map((point) => point.y);
  const up = isLogarithmic
    ? logarithmic(values, [TOP + INNER_HEIGHT, TOP])
    : scaleOf([0, ...values], [TOP + INNER_HEIGHT, TOP]);
  const lines = series.map(({ name, points: own }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? 'black';
    const path = own
      .filter((point) => !isLogarithmic || point.y > 0)
      .map((point, at) => `${at === 0 ? 'M' : 'L'}${fixed(across.place(point.x))} ${fixed(up.place(point.y))}`)
      .join(' ');
    return (
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      text(LEFT + 10 + (index % 3) * 215, TOP - 22 + Math.floor(index / 3) * 14, `▬ ${name}`, { fill: colour })
    );
  });
  const grid = [
    ...up.ticks.map((tick) => {
      const at = fixed(up.place(tick));
      const rule = `<path d="M${LEFT} ${at} H${LEFT + INNER_WIDTH}" stroke="#8884"/>`;
      return rule + text(LEFT - 6, Number(at) + 4, figure(tick), { anchor: 'end' });
    }),
    ...across.ticks.map((tick) =>
      text(across.place(tick), TOP + INNER_HEIGHT + 18, figure(tick), { anchor: 'middle' }),
    ),
    text(LEFT + INNER_WIDTH / 2, HEIGHT - 8, x, { anchor: 'middle' }),
    text(LEFT - 60, TOP - 6, y),
  ];
  return picture(HEIGHT, title, [...grid, ...lines]);
}

const BAR_HEIGHT = 26;
const NAME_WIDTH = 150;
const BARS_TOP = 36;

export function barChart({ title, unit, bars }: BarChart): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const room = WIDTH - NAME_WIDTH - 130;
  const rows = bars.map(({ name, value, isOurs }, index) => {
    const top = BARS_TOP + index * BAR_HEIGHT;
    const length = Math.max(1, (value / most) * room);
    return (
      text(NAME_WIDTH - 8, top + 14, name, { anchor: 'end' }) +
      `<rect x="${NAME_WIDTH}" y="${top}" width="${fixed(length)}" height="18" fill="${isOurs ? COLOURS[0] : '#999'}"/>` +
      text(NAME_WIDTH + length + 6, top + 14, `${figure(value)} ${unit}`)
    );
  });
  return picture(BARS_TOP + bars.length * BAR_HEIGHT + 10, title, rows);
}

interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

const MOST_TICKS = 6;

function scaleOf(values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = most - least || 1;
  const rough = span / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(least / step);
  const count = Math.floor(most / step) - first + 1;
  return {
    place: (value) => from + ((value - least) / span) * (to - from),
    ticks: Array.from({ length: Math.max(0, count) }, (_, index) => (first + index) * step),
  };
}

function logarithmic(values: readonly number[], [from, to]: readonly [number, number]): Scale {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    place: (value) => from + ((Math.log10(value) - least) / (most - least)) * (to - from),
    ticks: Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index)),
  };
}

const fixed = (value: number) => value.toFixed(1);

/** With as many digits as an axis needs. */
function figure(value: number): string {
  if (Math.abs(value) >= 10_000) return `${Number((value / 1_000).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}

function text(x: number, y: number, content: string, { anchor = 'start', fill = '#777' } = {}): string {
  const escaped = content.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" fill="${fill}">${escaped}</text>`;
}

function picture(height: number, title: string, parts: readonly string[]): string {
  const heading = text(10, 20, title).replace('<text ', '<text font-weight="bold" ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">\n${[heading, ...parts].join('\n')}\n</svg>\n`;
}

/**
 * A flame graph of a V8 CPU profile: who called whom across, and how much processor time was spent there along. Waiting is
 * left out; what took less than a pixel is, too.
 */

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** As `node --cpu-prof` writes it; times are in µs. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Frame {
  readonly name: string;
  /** Where it stands: a module of Node's, a package, or a file of the relay's. */
  readonly place: string;
  readonly totalUs: number;
  readonly frames: readonly Frame[];
}

/** What was on the processor after the first `skipUs`, the start of the program, as a tree. */
export function framesOf({ nodes, samples, timeDeltas }: CpuProfile, skipUs: number): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const own = new Map<number, number>();
  let at = 0;
  samples.forEach((id, index) => {
    const deltaUs = timeDeltas[index] ?? 0;
    at += deltaUs;
    if (at >= skipUs) own.set(id, (own.get(id) ?? 0) + deltaUs);
  });
  const frameOf = (node: ProfileNode): Frame => {
    const children = (node.children ?? []).flatMap((id) => byId.get(id) ?? []);
    const frames = children
      .filter(({ callFrame }) => callFrame.functionName !== '(idle)')
      .map(frameOf)
      .sort((a, b) => b.totalUs - a.totalUs);
    const { functionName, url } = node.callFrame;
    const below = frames.reduce((sum, { totalUs }) => sum + totalUs, 0);
    return {
      name: functionName || '(anonymous)',
      place: placeOf(url),
      totalUs: (own.get(node.id) ?? 0) + below,
      frames,
    };
  };
  const [root] = nodes;
  if (!root) throw new Error('the profile is empty');
  return frameOf(root);
}

function placeOf(url: string): string {
  if (url.startsWith('node:')) return url;
  const [, library] = /node_modules\/\.pnpm\/[^/]+\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  return library ?? /\/dist\/(.+)$/.exec(url)?.[1] ?? '';
}

const WIDTH = 1_200;
const ROW = 17;
const TOP = 30;
/** Where a letter takes about so much. */
const LETTER = 6.2;

/** Ours, Node's, and those of packages in three colours. */
function colourOf({ place }: Frame): string {
  if (place === '') return '#bbb';
  if (place.startsWith('node:')) return '#8fb8de';
  return place.endsWith('.js') ? '#f2a65a' : '#b5cf9b';
}

export function flameGraph(root: Frame, title: string): string {
  const parts: string[] = [];
  let deepest = 0;
  const draw = (frame: Frame, left: number, depth: number): void => {
    const width = (frame.totalUs / root.totalUs) * WIDTH;
    if (width < 1) return;
    deepest = Math.max(deepest, depth);
    const top = TOP + depth * ROW;
    const share = `${((100 * frame.totalUs) / root.totalUs).toFixed(1)} %`;
    const label = frame.name.slice(0, Math.floor(width / LETTER));
    parts.push(
      `<g><title>${escaped(`${frame.name} (${frame.place}): ${share}`)}</title>` +
        `<rect x="${left.toFixed(1)}" y="${top}" width="${(width - 0.5).toFixed(1)}" height="${ROW - 1}" fill="${colourOf(frame)}"/>` +
        (label.length > 2 ? `<text x="${(left + 2).toFixed(1)}" y="${top + 12}">${escaped(label)}</text>` : '') +
        '</g>',
    );
    let from = left;
    for (const child of frame.frames) {
      draw(child, from, depth + 1);
      from += (child.totalUs / root.totalUs) * WIDTH;
    }
  };
  draw(root, 0, 0);
  const height = TOP + (deepest + 1) * ROW + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
<text x="4" y="18" font-size="13" font-weight="bold">${escaped(title)}</text>
${parts.join('\n')}
</svg>
`;
}

const escaped = (content: string) => content.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

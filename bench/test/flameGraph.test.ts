/** What a profile is made into. */
import { describe, expect, it } from '@jest/globals';
import { flameGraph, framesOf } from '../report/flameGraph.ts';

const callFrame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 1 });

const PROFILE = {
  nodes: [
    { id: 1, callFrame: callFrame('(root)'), children: [2, 3, 4] },
    { id: 2, callFrame: callFrame('begin', 'file:///x/dist/front.js'), children: [5] },
    { id: 3, callFrame: callFrame('(idle)') },
    { id: 4, callFrame: callFrame('<a>', 'node:net') },
    { id: 5, callFrame: callFrame('', 'file:///x/node_modules/.pnpm/keyv@5/node_modules/keyv/index.js') },
  ],
  samples: [2, 2, 3, 4, 5],
  timeDeltas: [100, 10, 1_000, 30, 60],
};

describe('a flame graph', () => {
  it('counts what was on the processor after the start, under whoever called it', () => {
    const root = framesOf(PROFILE, 101);
    expect(root).toMatchObject({ totalUs: 100, frames: [{ name: 'begin', place: 'front.js', totalUs: 70 }, {}] });
    expect(root.frames[0]?.frames).toEqual([{ name: '(anonymous)', place: 'keyv', totalUs: 60, frames: [] }]);
    expect(root.frames[1]).toEqual({ name: '<a>', place: 'node:net', totalUs: 30, frames: [] });
  });

  it('draws each as wide as its share, and no markup of a name', () => {
    const svg = flameGraph(framesOf(PROFILE, 101), 'a & b');
    expect(svg).toContain('a &#38; b');
    expect(svg).toContain('<title>begin (front.js): 70.0 %</title>');
    expect(svg).toContain('width="839.5"');
    expect(svg).not.toContain('<a>');
  });
});

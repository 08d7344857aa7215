import { describe, expect, it } from '@jest/globals';
import { cleanText } from '../../src/restaurants/cleanText.ts';
import { readLine, readMenu } from '../../src/restaurants/lines.ts';

const REPEATED =
  'lunchpris|dagens |rätt|lunch|pris |inkl |ingår |stängt |vi öppnar |öppnar igen |v 1 |24 december |1/1 |kr |veg|vegan,|(vegan|eller |med |ej |<a|<br|<!--|a |a:|(|[(|(V,|/|-| - |!|1|@|a.|p. g. a. |&|&amp;|Ã¥|\u001b]|\u0344|🌱';

describe('a text of 100,000 characters', () => {
  it.each(REPEATED.split('|'))('of nothing but "%s" is cut at 500 before it is read', (part) => {
    for (const start of ['', 'x ', 'Dagens ']) {
      const raw = (start + part.repeat(100_000 / part.length)).slice(0, 100_000);
      const clean = cleanText(raw);
      expect(clean.length).toBeLessThanOrEqual(500);
      expect(cleanText(clean)).toBe(clean);
      expect(readLine(raw)).toEqual(readLine(raw.slice(0, 500)));
      expect(readMenu([raw], '2026-11-23').dishes.length).toBeLessThanOrEqual(1);
    }
  });

  it('keeps what is before the cut', () => {
    expect(readLine(`Köttbullar med mos ${'x'.repeat(100_000)}`).clean).toBe(`Köttbullar med mos ${'x'.repeat(481)}`);
  });

  it.each([
    ['Lax<h2>Dill</h2>', 'Lax Dill'],
    ['Lax<br clear="all">Dill', 'Lax Dill'],
    ['Lax<!--x-->pudding', 'Laxpudding'],
    ['Lax <!-- dill', 'Lax <!-- dill'],
    ['ðŒ‹‹', 'ðŒ‹‹'], // begins like mojibake, but is no UTF-8
  ])('(here a short one) reads %j as %j', (raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
  });

  it('loses comments and tags as before', () => {
    expect(cleanText('<!-- a -- b -->Lax<!-- c --> med <b\nclass="x">dill</b>')).toBe('Lax med dill');
  });
});

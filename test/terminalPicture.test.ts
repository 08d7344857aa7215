/** Pictures of a terminal: what stands where, and that it can be read by everybody. */
import { describe, expect, it } from '@jest/globals';
import { terminalPicture } from '../scripts/terminalPicture.ts';

/** Text, place, length and look of what is written under the command. */
async function textsOf(written: string, columns = 40): Promise<string[][]> {
  const texts = (await terminalPicture('x', written, columns)).matchAll(
    /<text x="([\d.]+)" y="(\d+)" textLength="([\d.]+)" lengthAdjust="\w+"(?: class="([^"]*)")?>(.*?)<\/text>/g,
  );
  const [, ...under] = Array.from(texts, ([, x = '', y = '', length = '', look = '', text = '']) => [
    text,
    x,
    y,
    length,
    look,
  ]);
  return under;
}

describe('a picture of a terminal', () => {
  it('has each run of one look where its cells are, and as wide as they are', async () => {
    expect(await textsOf('\u001b[1mNanna\u001b[22m · Solna\n  \u001b[2m\u001b[32mLax\u001b[39m\u001b[22m')).toEqual([
      ['Nanna', '16', '50', '42', 'bold'],
      ['· Solna', '66.4', '50', '58.8', ''],
      ['Lax', '32.8', '70', '25.2', 'dim green'],
    ]);
  });

  it('gives emoji and letters of East Asia the two cells that a terminal gives them', async () => {
    expect((await textsOf('🌱a 中 xy')).map(([text, x, , length]) => [text, x, length])).toEqual([
      ['🌱', '16', '16.8'],
      ['a', '32.8', '8.4'],
      ['中', '49.6', '16.8'],
      ['xy', '74.8', '16.8'],
    ]);
  });

  it('wraps where the terminal would, and shows a link by its name', async () => {
    const link = '\u001b]8;;https://example.org\u001b\\\u001b[4mMap\u001b[24m\u001b]8;;\u001b\\';
    expect((await textsOf(`abcdef\n${link}`, 4)).map(([text, , y, , look]) => [text, y, look])).toEqual([
      ['abcd', '50', ''],
      ['ef', '70', ''],
      ['Map', '90', 'underline'],
    ]);
  });

  it('is a document, whatever is written', async () => {
    const text = '&#60;b&#62;R&#38;B&#60;/b&#62;';
    expect((await textsOf('<b>R&B</b>')).map(([first]) => first)).toEqual([text]);
    expect(await terminalPicture('<b>R&B</b>', '', 40)).toContain(`<title>${text}</title>`);
  });

  it('can be read by day and by night, and is the same at every making', async () => {
    const picture = await terminalPicture('lunch', 'x', 40);
    expect(picture).toContain('@media(prefers-color-scheme:dark)');
    expect(await terminalPicture('lunch', 'x', 40)).toBe(picture);
    const [light = '', dark = ''] = picture.split('@media');
    for (const rules of [light, dark]) {
      const colours = [...rules.matchAll(/fill:(#\w+)/g)].map(([, colour = '']) => luminance(colour));
      const [paper = 0, ...inks] = colours;
      for (const ink of inks) {
        // WCAG 2, 1.4.3
        expect((Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05)).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});

/** By WCAG 2: relative, 0 is black and 1 is white. */
function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/[^#]/g, '$&$&') : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Lines put together of what menus hold and of what should not be in them: what cleanText and the reader of lines promise. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../test/support/runs.ts';
import { cleanText } from '../../src/restaurants/cleanText.ts';
import { readLine, readMenu } from '../../src/restaurants/lines.ts';

const RUNS = runs({ seed: 9114, numRuns: 1_000 });

const PARTS = [
  ...'Lax|med|dill|och|Kött:|Veg :|VEG –|Dagens|Stängt|stängt|idag|vegan|(V)|(vegan|115 kr|11-14|150 g|24 december|v. 28|•|-|1.|A. |måndag|Fredag|å|Å'.split(
    '|',
  ),
  ...'&amp;|&amp|&lt;|&gt;|&#27;|&#x9b;|&nbsp;|&shy;|&|#|;|<b>|</b>|<br/>|<|>|<!--|-->|Ã¥|Ã|Â|â€™|â|ðŸŒ±'.split('|'),
  ...['\u001b[31m', '\u001b]0;x\u0007', '\u001b', '\u009b2J', '\u0000', '\n', '\t', '\u00a0', '\u2028', ' ', '  '],
  ...['\u00ad', '\u200b', '\u200d', '\u202e', '\ufeff', '\ufe0f', '\ud83c', '\udf31', '🌱', '\u030a', '\u0344', 'ﬁ'],
];
const raw = fc.oneof(
  fc.array(fc.constantFrom(...PARTS), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);
const UNWANTED = /[\p{Cc}\p{Cs}\u00ad\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/u;

function expectClean(text: string): void {
  expect(text).not.toMatch(UNWANTED);
  expect(text).toBe(text.trim().normalize('NFC'));
}

describe('clean text', () => {
  it('holds nothing that controls, is NFC, trimmed, short and clean already', () => {
    fc.assert(
      fc.property(raw, (line) => {
        const clean = cleanText(line);
        expectClean(clean);
        expect(clean.length).toBeLessThanOrEqual(500);
        expect(cleanText(clean)).toBe(clean);
      }),
      RUNS,
    );
  });

  it('is what was escaped however often, and read as Latin-1 twice at most', () => {
    const escapes = fc.nat(3);
    fc.assert(
      fc.property(
        fc.constantFrom('Fläsk & ål', 'Crème brûlée', 'Rödkål'),
        escapes,
        fc.nat(2),
        (text, times, misreads) => {
          const sent = repeat(escaped, times, repeat(misread, misreads, text));
          expect(cleanText(sent)).toBe(text);
        },
      ),
      RUNS,
    );
  });
});

const escaped = (text: string) => text.replace(/[&<>]|[^ -~]/gu, (found) => `&#${found.codePointAt(0)};`);
const repeat = (change: (text: string) => string, times: number, text: string): string =>
  times === 0 ? text : repeat(change, times - 1, change(text));
const misread = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

describe('a line', () => {
  it('is read as something, and its parts are clean', () => {
    fc.assert(
      fc.property(raw, (line) => {
        const { kind, clean, label, diet, dietIsGuess } = readLine(line);
        expectClean(clean);
        if (label !== undefined) expectClean(label);
        expect(clean === '').toBe(kind === 'empty');
        if (dietIsGuess) expect(diet).toBeDefined();
      }),
      RUNS,
    );
  });
});

describe('a menu', () => {
  it('has clean dishes with names, and each notice once', () => {
    fc.assert(
      fc.property(fc.array(raw, { maxLength: 8 }), fc.constantFrom(undefined, '2026-11-23'), (lines, date) => {
        const { dishes, notices } = readMenu(lines, date);
        expect(dishes.length).toBeLessThanOrEqual(lines.length);
        for (const { name } of dishes) {
          expect(name).not.toBe('');
          expectClean(name);
        }
        expect(new Set(notices.map(({ text }) => text)).size).toBe(notices.length);
      }),
      RUNS,
    );
  });
});

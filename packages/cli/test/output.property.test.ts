/** Answers that hold anything, written for people and for programs: nothing controls the terminal, and everything fits. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { runs } from '../../../test/support/runs.ts';
import { renderMatches, renderMenus, renderNames } from '../src/output/cards.ts';
import { plainList, plainMenus } from '../src/output/plain.ts';
import { safe, safeJson } from '../src/output/safe.ts';
import { listTable } from '../src/output/table.ts';
import { viewOf } from '../src/picker/view.ts';
import { toListing, toMenu } from '../src/relay/answers.ts';

const RUNS = runs({ seed: 9115, numRuns: 300 });

const PARTS = [
  ...['Lax', 'med', 'potatismos', 'Restaurang', 'x'.repeat(50), ' ', '  ', '\n', '\t', '\r', '\u0000', '\u007f', '"'],
  ...['\u001b[2J', '\u001b]8;;https://example.org\u001b\\', '\u001b', '\u009b31m', '\u0090', '\u0007', '\\', '\u2028'],
  ...[
    '\u202e',
    '\u2066',
    '\u200b',
    '\u200d',
    '\u00ad',
    '\ufeff',
    '\ud83c',
    '🌱',
    '👩‍🍳',
    '中文',
    'ต้มยำ',
    'é',
    'e\u0301',
  ],
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);
const url = fc.oneof(fc.webUrl(), text, fc.constantFrom('javascript:alert(1)', 'https://é.example/\u001b[2J ü'));
const member = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 9, arbitrary }, fc.jsonValue({ maxDepth: 2 }));
const dish = fc.record(
  { name: member(text), label: member(text), diet: member(text), dietIsGuess: fc.boolean() },
  { requiredKeys: ['name'] },
);
const answer = fc.record(
  {
    identifier: text,
    name: member(text),
    region: member(text),
    date: fc.oneof(fc.constant('2026-11-23'), text),
    status: member(fc.constantFrom('served', 'closed', 'no_online_menu', 'unknown')),
    reason: member(fc.oneof(fc.constantFrom('weekend', 'public_holiday', 'notice', 'not_yet_published'), text)),
    holiday: member(text),
    dishes: member(fc.array(member(dish), { maxLength: 4 })),
    notices: member(fc.array(member(text), { maxLength: 3 })),
    mapUrl: member(url),
    homepage: member(url),
    menuUrl: member(url),
    fetchedAt: member(fc.oneof(fc.constant('2026-11-23T10:00:00.000Z'), text)),
    stale: fc.boolean(),
    publishesMenu: fc.boolean(),
  },
  { requiredKeys: ['identifier', 'date'] },
);
const answers = fc.array(answer, { maxLength: 3 });
const menusOf = (sent: readonly unknown[]) =>
  sent.map((one) => toMenu(one, false)).filter((menu) => menu !== undefined);
const width = fc.integer({ min: 20, max: 100 });
const CONTROL = /[\p{Cc}\p{Cs}\u202a-\u202e\u2028\u2029\u2066-\u2069]/u;
const lookOf = (level: 0 | 1, cells: number) => ({ chalk: new Chalk({ level }), width: cells, hasLinks: level === 1 });

const ESCAPE = '\u001b';
const OWN = new RegExp(`${ESCAPE}\\[\\d+m|${ESCAPE}\\]8;;[!-~]*${ESCAPE}\\\\`, 'g');

/** Lines without the sequences that lunch writes itself: SGR, and links to ASCII addresses. */
function linesOf(written: string): string[] {
  const lines = written.replace(OWN, '').split('\n');
  for (const line of lines) expect(line).not.toMatch(CONTROL);
  return lines;
}

/** Addresses are never cut. */
const isLink = (line: string) => /^ {2}(?:Map|Website|Menu) +https?:/.test(line);

function expectToFit(lines: readonly string[], cells: number): void {
  for (const line of lines) if (!isLink(line)) expect(stringWidth(line)).toBeLessThanOrEqual(cells);
}

describe('cards', () => {
  it('of any menus fit, and control nothing', async () => {
    await fc.assert(
      fc.asyncProperty(answers, width, fc.constantFrom(0, 1), async (sent, cells, level) => {
        expectToFit(linesOf(await renderMenus(menusOf(sent), lookOf(level, cells))), cells);
      }),
      RUNS,
    );
  });

  it('of any matches fit, and control nothing', async () => {
    await fc.assert(
      fc.asyncProperty(answers, text, width, fc.constantFrom(0, 1), async (sent, word, cells, level) => {
        const matches = menusOf(sent).flatMap((restaurant) =>
          restaurant.dishes.map((found) => ({ dish: found, restaurant })),
        );
        expectToFit(linesOf(await renderMatches(matches, [word], lookOf(level, cells))), cells);
        expectToFit(linesOf(await renderNames('No online menu:', menusOf(sent), lookOf(level, cells))), cells);
      }),
      RUNS,
    );
  });

  it('say the same with colours as without', async () => {
    await fc.assert(
      fc.asyncProperty(answers, width, async (sent, cells) => {
        const look = { ...lookOf(1, cells), hasLinks: false };
        const coloured = await renderMenus(menusOf(sent), look);
        expect(stripVTControlCharacters(coloured)).toBe(await renderMenus(menusOf(sent), lookOf(0, cells)));
      }),
      RUNS,
    );
  });
});

describe('lists', () => {
  it('of any restaurants have their rows, and control nothing', () => {
    fc.assert(
      fc.property(answers, width, fc.constantFrom(0, 1), (sent, cells, level) => {
        const listed = toListing(sent);
        const lines = linesOf(listTable(listed, lookOf(level, cells), stringWidth)).slice(0, -1);
        expect([listed.length, 3 * listed.length]).toContain(lines.length);
      }),
      RUNS,
    );
  });

  it('to pick from fit every screen, and control nothing', () => {
    const frame = fc.record({ columns: fc.integer({ min: 1, max: 120 }), rows: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(answers, text, fc.nat(3), frame, (sent, query, selected, { columns, rows }) => {
        const view = viewOf(toListing(sent), { query: safe(query), selected }, { columns, rows, measure: stringWidth });
        const lines = linesOf(view.map((line) => line.text).join('\n'));
        expect(lines.length).toBeLessThanOrEqual(rows);
        expectToFit(lines, columns);
      }),
      RUNS,
    );
  });
});

describe('for programs', () => {
  it('lines have their columns, and control nothing', () => {
    fc.assert(
      fc.property(answers, (sent) => {
        const menus = menusOf(sent);
        const tables: Array<[string, number, number]> = [
          [plainMenus(menus), 10, menus.reduce((sum, { dishes }) => sum + Math.max(1, dishes.length), 0)],
          [plainList(toListing(sent)), 6, toListing(sent).length],
        ];
        for (const [written, columns, rows] of tables) {
          const lines = written.split('\n').slice(0, -1);
          expect(lines).toHaveLength(rows);
          for (const line of lines) {
            expect(line.split('\t')).toHaveLength(columns);
            expect(line.replaceAll('\t', '')).not.toMatch(CONTROL);
          }
        }
      }),
      RUNS,
    );
  });

  it('JSON is what it was, and controls nothing', () => {
    fc.assert(
      fc.property(fc.oneof(answers, fc.jsonValue(), text), (value) => {
        const written = safeJson(value);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
        for (const line of written.split('\n')) expect(line).not.toMatch(CONTROL);
      }),
      RUNS,
    );
  });
});

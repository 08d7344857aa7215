/** Notices as a menu tells them: of which days, under which label, and each once. */
import { describe, expect, it } from '@jest/globals';
import { readMenu } from '../../src/restaurants/lines.ts';

describe('a notice of named days', () => {
  it.each([
    ['OBS! Stängt på fredag', '2026-11-27', true],
    ['OBS! Stängt på fredag', '2026-11-24', false],
    ['Stängt 24-26 december', '2026-12-25', true],
    ['Stängt 24-26 december', '2026-12-23', false],
    ['Closed December 24-26', '2026-12-24', true],
    ['Stängt 24/12-6/1', '2027-01-04', true],
    ['Stängt 24/12-6/1', '2027-01-07', false],
    ['Semesterstängt v 28-31', '2026-07-08', true],
    ['Semesterstängt v 28-31', '2026-06-24', false],
    ['Stängt t.o.m. 6 januari', '2027-01-04', true],
    ['Stängt t.o.m. 6 januari', '2027-01-08', false],
    ['Fredag: Stängt', '2026-11-27', true],
    ['Fredag: Stängt', '2026-11-26', false],
    ['Vi öppnar igen på måndag', '2026-11-23', false],
    ['Stängt idag', '2026-11-23', true],
    ['Sommarstängt! Vi öppnar måndag vecka 33', '2026-07-08', true],
  ])('%s closes on %s: %s', (raw, date, closes) => {
    expect(readMenu([raw], date)).toMatchObject({ dishes: [], notices: [{ closes }] });
  });
});

describe('a notice with a label', () => {
  it.each<[lines: string[], date: string, closes: boolean, text: string]>([
    [['Torsdag: Stängt'], '2026-11-25', false, 'Torsdag: Stängt'],
    [['Torsdag: Stängt'], '2026-11-26', true, 'Torsdag: Stängt'],
    [['Uteserveringen: Stängt'], '2026-11-25', false, 'Uteserveringen: Stängt'],
    [['Stängt: 20/7-9/8'], '2026-07-22', true, 'Stängt: 20/7-9/8'],
    [['Stängt: 20/7-9/8'], '2026-07-15', false, 'Stängt: 20/7-9/8'],
    [['Veg: Stängt'], '2026-11-25', true, 'Stängt'],
  ])('%j on %s closes: %s', (lines, date, closes, text) => {
    expect(readMenu(lines, date)).toEqual({ dishes: [], notices: [{ text, closes }] });
  });

  it('closes if any of its like does', () => {
    const closes = (lines: string[]) => readMenu(lines, '2026-11-25').notices.some((notice) => notice.closes);
    expect(closes(['Onsdag: Stängt', 'Torsdag: Stängt'])).toBe(true);
    expect(closes(['Torsdag: Stängt', 'Onsdag: Stängt'])).toBe(true);
    expect(closes(['Torsdag: Stängt', 'Fredag: Stängt'])).toBe(false);
  });
});

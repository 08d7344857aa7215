/** Which days a notice speaks of, seen from a day: 2026-11-23 is a Monday, in week 48. */
import { describe, expect, it } from '@jest/globals';
import { type DaysMeant, daysMeant, hasCome } from '../../src/restaurants/noticeDays.ts';
import { tokensIn } from '../../src/restaurants/wording.ts';

type Row = [text: string, date: string | undefined, meant: DaysMeant];

/** One notice, and the days that it means; of all others that are given it does not speak. */
const rows = (text: string, days: { on?: string[]; not?: string[] }): Row[] => [
  ...(days.on ?? []).map((date): Row => [text, date, 'today']),
  ...(days.not ?? []).map((date): Row => [text, date, 'other']),
];

describe.each<[of: string, table: Row[]]>([
  [
    'no day, or a word for one',
    [
      ['Stängt', '2026-11-23', 'unsaid'],
      ['Stängt idag', undefined, 'today'],
      ['Stängt nu, som varje fredag', '2026-11-23', 'today'],
      ['Stängt nu', '2026-11-23', 'today'],
      ['Closed now', undefined, 'today'],
      ...rows('Nu på fredag är det stängt', { on: ['2026-11-27'], not: ['2026-11-25'] }),
      ...rows('Stängt nu i december', { on: ['2026-12-02'], not: ['2026-11-25'] }),
      ['Stängt helg', '2026-11-25', 'other'],
      ['Stängt i morgon', '2026-11-23', 'other'],
      ['Stängt på helgen', undefined, 'other'],
      ['Stängt 24/123', '2026-12-24', 'unsaid'],
    ],
  ],
  [
    'dates',
    [
      ...rows('Stängt 24 december', { on: ['2026-12-24'], not: ['2026-12-23', '2026-12-25'] }),
      ...rows('Stängt 1 december', { on: ['2026-12-01'], not: ['2026-12-02'] }),
      ...rows('Stängt 31 december', { on: ['2026-12-31'], not: ['2026-12-30'] }),
      ...rows('Stängt 24-26 december', { on: ['2026-12-24', '2026-12-26'], not: ['2026-12-23', '2026-12-27'] }),
      ...rows('Stängt den 24:e och 26:e december', { on: ['2026-12-24', '2026-12-26'], not: ['2026-12-23'] }),
      ...rows('Stängt 24 och 26 december', { on: ['2026-12-24', '2026-12-26'], not: ['2026-12-25'] }),
      ...rows('Stängt 24, 26 och 31 december', { on: ['2026-12-26', '2026-12-31'], not: ['2026-12-25', '2026-12-30'] }),
      ...rows('Stängt mellan 24 och 26 december', { on: ['2026-12-25'], not: ['2026-12-27'] }),
      ...rows('Stängt 24-26 december och 30 december-6 januari', {
        on: ['2026-12-25', '2027-01-01'],
        not: ['2026-12-28', '2027-01-07'],
      }),
      ...rows('Stängt 24/12 & 6/1', { on: ['2026-12-24', '2027-01-06'], not: ['2026-12-25', '2027-01-05'] }),
      ...rows('Stängt 24/12 till 6 januari', { on: ['2026-12-24', '2027-01-01'], not: ['2026-12-12', '2027-01-07'] }),
      ...rows('Stängt måndag 21 och tisdag 22 december', { on: ['2026-12-21', '2026-12-22'], not: ['2026-12-23'] }),
      ...rows('Closed on the 24th and 25th of December', { on: ['2026-12-24', '2026-12-25'], not: ['2026-12-26'] }),
      ...rows('Closed December 24 and 26', { on: ['2026-12-26'], not: ['2026-12-25'] }),
      ...rows('Closed December 24-26, 30 years', { on: ['2026-12-24', '2026-12-26'], not: ['2026-12-28'] }),
      ...rows('Öppet 8 bord, stängt 24 december', { on: ['2026-12-24'], not: ['2026-12-08', '2026-12-10'] }),
      ...rows('Stängt den 27', { on: ['2026-11-27'], not: ['2026-11-26'] }),
      ...rows('Closed on the 27', { on: ['2026-11-27'], not: ['2026-11-28'] }),
      ...rows('Stängt 24/12 och 24/12', { on: ['2026-12-24'], not: ['2026-11-01'] }),
      ...rows('Stängt 24/12-6/1', { on: ['2026-12-24', '2027-01-06'], not: ['2026-12-23', '2027-01-07'] }),
      ...rows('Stängt t.o.m. 6 januari', { on: ['2027-01-06', '2026-07-06'], not: ['2027-01-07', '2026-07-05'] }),
      ...rows('Stängt till den 7 januari', { on: ['2027-01-06'], not: ['2027-01-07', '2027-01-08'] }),
      ...rows('Stängt till och med söndag den 6 januari', { on: ['2027-01-06'], not: ['2027-01-07'] }),
      ...rows('Stängt 24 december, på grund av flytt till nya lokaler', { on: ['2026-12-24'], not: ['2026-12-23'] }),
      ...rows('Stängt fr o m 24 december', { on: ['2026-12-28'], not: ['2026-12-23'] }),
      ...rows('Stängt från och med 24 december till och med 6 januari', { on: ['2026-12-28'], not: ['2027-01-07'] }),
      ...rows('Stängt från 24 december', { on: ['2026-12-24', '2027-06-24'], not: ['2026-12-23', '2027-06-25'] }),
      ...rows('Stängt från 24 till 26 december', { on: ['2026-12-26'], not: ['2026-12-28'] }),
      ...rows('Stängt 25-27/11', { on: ['2026-11-25', '2026-11-26', '2026-11-27'], not: ['2026-11-24', '2026-11-28'] }),
      ...rows('Stängt 24, 25 och 27/11', { on: ['2026-11-24', '2026-11-25', '2026-11-27'], not: ['2026-11-26'] }),
      ...rows('Stängt 25.11', { on: ['2026-11-25'], not: ['2026-11-24'] }),
      ...rows('Stängt 25.11-27.11', { on: ['2026-11-26'], not: ['2026-11-24', '2026-11-28'] }),
      ...rows('Stängt 25.11.2026', { on: ['2026-11-25'], not: ['2026-11-24'] }),
      ...rows('Stängt 2026-11-27', { on: ['2026-11-27'], not: ['2026-11-26'] }),
      ...rows('Stängt 2026-12-24 - 2027-01-06', { on: ['2026-12-28'], not: ['2026-12-23', '2027-01-07'] }),
      ...rows('Stängt den 27:e', { on: ['2026-11-27'], not: ['2026-11-25', '2026-11-28'] }),
      ...rows('Stängt den 26:e och 27:e', { on: ['2026-11-26', '2026-11-27'], not: ['2026-11-25'] }),
      ...rows('Closed on the 27th', { on: ['2026-11-27'], not: ['2026-11-25'] }),
      ...rows('Stängt 27:e', { on: ['2026-11-27'], not: ['2026-11-25'] }),
      ...rows('Stängt till och med den 27:e', { on: ['2026-11-25', '2026-11-27'], not: ['2026-11-28'] }),
      ...rows('Stängt 11-13 24/12', { on: ['2026-12-24'], not: ['2026-12-12'] }),
      ...rows('Stängt v 12-14, 24/12', { on: ['2026-12-24'], not: ['2026-12-12', '2026-12-14'] }),
      ...rows('Vi har stängt torsdag till fredag 27/11', { on: ['2026-11-27'], not: ['2026-11-10'] }),
      ...rows('Stängt sedan 6 november', { on: ['2026-11-25'], not: ['2026-11-05'] }),
      ['Stängt den 27:e', undefined, 'other'],
      // no such days: it is the month that is meant
      ...rows('Stängt 45 december', { on: ['2026-12-10'] }),
      ...rows('Stängt 0 december', { on: ['2026-12-10'] }),
      ['Stängt 6 januari', undefined, 'other'],
      ['Stängt t.o.m. 6 januari', undefined, 'unsaid'],
    ],
  ],
  [
    'weeks',
    [
      ...rows('Stängt v 28', { on: ['2026-07-08'], not: ['2026-07-01', '2026-07-15'] }),
      ...rows('Stängt v 28-31', { on: ['2026-07-08', '2026-07-29'], not: ['2026-07-01', '2026-08-05'] }),
      ...rows('Stängt v 52-1', { on: ['2026-12-23', '2027-01-06'], not: ['2026-12-16', '2027-01-13'] }),
      ...rows('Stängt v. 28 och v. 30', { on: ['2026-07-08', '2026-07-22'], not: ['2026-07-15'] }),
      ...rows('Stängt vecka 28 t.o.m. vecka 31', { on: ['2026-07-15', '2026-07-29'], not: ['2026-08-05'] }),
      ...rows('Stängt vecka 28, 29, 30 & 31', { on: ['2026-07-15', '2026-07-29'], not: ['2026-08-05'] }),
      ...rows('Stängt t.o.m. v 31', { on: ['2026-07-01', '2026-07-29'], not: ['2026-08-05', '2026-01-14'] }),
      ...rows('Stängt till v 32', { on: ['2026-07-29'], not: ['2026-08-05'] }),
      ...rows('Stängt fr.o.m. v 28', { on: ['2026-07-08', '2026-08-05'], not: ['2026-07-01'] }),
      ...rows('Stängt måndag v 28', { on: ['2026-07-06'], not: ['2026-07-07', '2026-07-13'] }),
      ...rows('11 rätter, stängt v 28', { not: ['2026-05-13'] }),
      ...rows('Stängt v 28 och sedan som vanligt 45', { not: ['2026-09-30'] }),
      ...rows('Stängt denna vecka på fredag', { on: ['2026-11-27'], not: ['2026-11-26'] }),
      ...rows('Stängt måndag till fredag v 48', {
        on: ['2026-11-23', '2026-11-27'],
        not: ['2026-11-18', '2026-12-02'],
      }),
      ...rows('Stängt fr.o.m. v 52 till 6 januari', {
        on: ['2026-12-21', '2027-01-05'],
        not: ['2026-12-18', '2027-01-07'],
      }),
      ...rows('Stängt v 52 - 6/1', { on: ['2026-12-21', '2027-01-05'], not: ['2026-12-18', '2027-01-07'] }),
      ...rows('Stängt v 52 till den 6 januari', { on: ['2027-01-05'], not: ['2027-01-07'] }),
      ...rows('Stängt från 19/6 till v 33', { on: ['2026-07-20', '2026-08-07'], not: ['2026-06-18', '2026-08-10'] }),
      ...rows('Stängt 22 juni t.o.m. v 33', { on: ['2026-08-14'], not: ['2026-08-17'] }),
      ...rows('Stängt 22 juni - v 33', { on: ['2026-08-14'], not: ['2026-06-19', '2026-08-17'] }),
      ...rows('Stängt 22 juni och v 33', { on: ['2026-06-22'], not: ['2026-07-20'] }),
      ...rows('Stängt v 1 till 8/1', { on: ['2027-01-05', '2027-01-08'], not: ['2026-12-29', '2027-01-11'] }),
      ...rows('Stängt v 52 till 8/1', { on: ['2026-12-21', '2027-01-08'], not: ['2026-12-18', '2027-01-11'] }),
      ...rows('Stängt vecka 29 t.o.m. 2 augusti', {
        on: ['2026-07-13', '2026-07-31'],
        not: ['2026-06-30', '2026-08-03'],
      }),
      ['Stängt v 28', undefined, 'unsaid'],
    ],
  ],
  [
    'weekdays',
    [
      ...rows('Stängt tisdag-torsdag', { on: ['2026-11-24', '2026-11-25', '2026-11-26'], not: ['2026-11-23'] }),
      ...rows('Stängt måndag och fredag', { on: ['2026-11-23', '2026-11-27'], not: ['2026-11-25'] }),
      ...rows('Stängt måndag, onsdag', { on: ['2026-11-23', '2026-11-25'], not: ['2026-11-24'] }),
      ...rows('Stängt mån–ons samt fre', { on: ['2026-11-24', '2026-11-27'], not: ['2026-11-26'] }),
      ...rows('Stängt lördag-måndag', { on: ['2026-11-22', '2026-11-23'], not: ['2026-11-24'] }),
      ...rows('Stängt från måndag till onsdag', { on: ['2026-11-24'], not: ['2026-11-26'] }),
      ...rows('Stängt från onsdag', { on: ['2026-11-25', '2026-11-27'], not: ['2026-11-24'] }),
      ...rows('Stängt till fredag', { not: ['2026-11-27'] }),
      ...rows('Stängt t.o.m. fredag', { on: ['2026-11-27'] }),
      ...rows('Stängt sedan fredag', { on: ['2026-11-25', '2026-11-27'] }),
      ...rows('Closed since Monday', { on: ['2026-11-25'] }),
      ['Stängt fram till måndag', '2026-11-25', 'unsaid'],
      ['Closed through Wednesday', '2026-11-24', 'unsaid'],
      ...rows('Stängt kl 14 till 16 fredag', { on: ['2026-11-27'], not: ['2026-11-26'] }),
      ['Stängt till fredag', '2026-11-26', 'unsaid'],
      ['Stängt till fredag', undefined, 'unsaid'],
      ['Stängt fredag', undefined, 'other'],
    ],
  ],
  [
    'months',
    [
      ...rows('Stängt i juli', { on: ['2026-07-08'], not: ['2026-06-30', '2026-08-01'] }),
      ...rows('Stängt juni-augusti', {
        on: ['2026-06-01', '2026-07-08', '2026-08-31'],
        not: ['2026-05-31', '2026-09-01'],
      }),
      ...rows('Stängt december till februari', { on: ['2026-12-01', '2027-01-08'], not: ['2026-11-30', '2027-03-01'] }),
      ...rows('Stängt juni och augusti', { on: ['2026-06-10', '2026-08-10'], not: ['2026-07-08'] }),
      ...rows('Stängt från juli', { on: ['2026-08-03'], not: ['2026-06-30'] }),
      ...rows('Stängt till augusti', { not: ['2026-08-03'] }),
      ...rows('Stängt till och med augusti', { on: ['2026-08-03'] }),
      ['Stängt till augusti', '2026-07-08', 'unsaid'],
      ['Stängt i juli', undefined, 'unsaid'],
    ],
  ],
])('a notice of %s', (_, table) => {
  it.each(table)('"%s" on %s: %s', (text, date, expected) => {
    expect(daysMeant(tokensIn(text), date)).toBe(expected);
  });
});

describe('a day of reopening has come', () => {
  it.each<[text: string, date: string | undefined, come: boolean]>([
    ['10 augusti', '2026-08-09', false],
    ['10 augusti', '2026-08-10', true],
    ['10 augusti', '2026-08-12', true],
    ['10 augusti', undefined, false],
    ['7/1', '2026-12-10', false],
    ['den 7:e', '2026-12-10', true],
    ['den 17:e', '2026-12-10', false],
    ['vecka 33', '2026-08-05', false],
    ['vecka 33', '2026-08-12', true],
    ['måndag vecka 33', '2026-08-05', false],
    ['i augusti', '2026-07-08', false],
    ['i augusti', '2026-08-03', true],
    ['i augusti', '2026-09-02', true],
    ['på måndag', '2026-11-23', true],
    ['på måndag', '2026-11-25', false],
    ['snart', '2026-11-25', false],
  ])('%s on %s: %s', (text, date, come) => {
    expect(hasCome(tokensIn(text), date)).toBe(come);
  });
});

/** Of absences and reopenings, on which days the restaurant is closed for them: 2026-11-25 is a Wednesday, in week 48. */
import { describe, expect, it } from '@jest/globals';
import { closingOf } from '../../src/restaurants/closings.ts';
import { type Row, rows, today, WEDNESDAY } from '../support/closings.ts';

describe.each<[of: string, table: Row[]]>([
  [
    'an absence',
    [
      ...today(
        'closes',
        'Vi har semester',
        'Vi är på semester',
        'Restaurangen är abonnerad',
        'Sommaruppehåll',
        'Julledigt',
        'Semester',
      ),
      ...today(
        'mentions',
        'Kocken är på semester, vi kör enkel meny',
        'Terrassen är abonnerad',
        'Personalen har semester',
      ),
      ...rows('Vi har semester vecka 28-31', { on: ['2026-07-08'], not: ['2026-06-15'] }),
      ...today(
        'closes',
        'Semester vecka 48',
        'Semester t.o.m. den 27:e',
        'Semester till måndag',
        'Semester idag',
        'Semester i dag',
      ),
      ...today('closes', 'Semester måndag och onsdag', 'Semester till den 1:a december', 'Inställt'),
      ...rows('Semester fr.o.m. v 28', { on: ['2026-07-08'], not: ['2026-06-15'] }),
      ...rows('Semester under juli', { on: ['2026-07-08'], not: ['2026-06-15'] }),
      ...rows('Semester v 28', { on: ['2026-07-08'], not: ['2026-06-15'] }),
      ...rows('Restaurangen är abonnerad på fredag', { on: ['2026-11-27'], not: [WEDNESDAY] }),
      ...rows('Vi har sommaruppehåll 6 juli - 2 augusti', { on: ['2026-07-22'], not: ['2026-05-20'] }),
      ...today(undefined, 'Semesterpasta', 'Lax inställd'),
    ],
  ],
  [
    'a reopening',
    [
      ...today(
        'closes',
        'Vi öppnar igen på måndag',
        'Öppnar igen',
        'Vi återöppnar',
        'We open on Monday',
        'We open again Monday',
      ),
      ...today(
        'closes',
        'The restaurant reopens Monday',
        'We reopen Monday',
        'Open again on Monday',
        'Vi öppnar i morgon igen',
      ),
      ...today(
        'closes',
        'Vi öppnar måndag vecka 50',
        'Åter vecka 50',
        'Åter den 10:e december',
        'Back in January',
        'Back on Monday',
      ),
      ...today('closes', 'Tillbaka den 7 januari', 'Tillbaka 7/1', 'Vi är tillbaka på måndag', 'Vi öppnar åter måndag'),
      ...today(
        'closes',
        'Vi ses igen i januari',
        'Då ses vi igen den 7 januari',
        'Efter ombyggnad öppnar vi igen 1 mars',
      ),
      ...today('closes', 'Vi öppnar igen efter flytten måndag', 'Vi öppnar restaurangen 1 mars', 'Vi öppnar imorgon'),
      ...today(
        'mentions',
        'Julbordet öppnar 1 december',
        'Uteserveringen öppnar 1 maj',
        'Ny restaurang öppnar i januari',
      ),
      ...today(
        'mentions',
        'Terrassen öppnar igen',
        'Vi öppnar terrassen 1 mars',
        'Vi öppnar kl 10 på fredag',
        'Pannbiffen är tillbaka på måndag',
      ),
      ...today('mentions', 'Terrassen öppnar vi 1 mars', 'Vi ses igen på måndag', 'Vi öppnar tidigare på fredag'),
      ...today(
        undefined,
        'Välkommen åter',
        'Vi öppnar kl 11',
        'Vi öppnar 10:30',
        'Vi öppnar igen klockan 10',
        'Vi öppnar igen 11-14',
        'Vi ses igen',
        'Baby back ribs',
      ),
      ['Vi ses igen på måndag', undefined, 'closes'],
      ...rows('Trevlig helg, vi ses igen på måndag!', { not: ['2026-11-27'] }),
      ...rows('Trevlig helg! Vi öppnar igen på måndag', { not: ['2026-11-27'] }),
      ...rows('Vi öppnar igen på måndag', { on: ['2026-11-26'], not: ['2026-11-23'] }),
      ...rows('Vi öppnar igen 7/1', { on: ['2026-12-28'], not: ['2027-01-05', '2027-01-07'] }),
      ...rows('Öppnar igen 10 augusti', { on: ['2026-08-05'], not: ['2026-08-12'] }),
      ...rows('Sommarstängt! Vi öppnar igen 10 augusti', { on: ['2026-08-05'], not: ['2026-08-10', '2026-08-12'] }),
      ...rows('Sommarstängt, öppet igen 10 augusti', { on: ['2026-08-05'], not: ['2026-08-10'] }),
      ...rows('Stängt öppet igen 10 augusti', { on: ['2026-08-05'], not: ['2026-08-10'] }),
      ...rows('Sommarstängt v. 28-31. Vi öppnar igen måndag 3 augusti', {
        on: ['2026-07-15'],
        not: ['2026-06-24', '2026-08-03'],
      }),
      ...rows('Julstängt 21/12-6/1. Vi öppnar igen 7/1', { on: ['2026-12-28'], not: ['2026-12-10'] }),
      ...rows('Stängt på fredag, öppnar igen på måndag', { not: [WEDNESDAY] }),
    ],
  ],
])('%s', (_, table) => {
  it.each(table)('in "%s" on %s: %s', (text, date, expected) => {
    expect(closingOf(text, date)).toBe(expected);
  });
});

/** Which words are taken for meat or fish, so that a `vegan` beside them is doubted. */
import { describe, expect, it } from '@jest/globals';
import { isMeat } from '../../src/restaurants/meat.ts';

describe('meat', () => {
  it.each(
    'köttbullar kycklingfilé grillkorv korvgryta oxtail oxfilé fisk fiskegryta fiskgratäng nötkött biffgryta burgare hamburgare lammstek räkor räka silltallrik laxpudding älggryta pannbiff fläskpannkaka kycklingsoja färskkorv färskräkor färsbiff beef shrimps lax sejfilé ål'.split(
      ' ',
    ),
  )('is "%s"', (word) => {
    expect(isMeat(word)).toBe(true);
  });

  it.each(
    'fiske lammet silly laxerande älgen nötter nötcreme oxalis burgarebröd räkna mosbiffig färskost färskpasta färskpotatis rotfruktsbiff sojafärs quornfilé halloumiburgare kikärtsbiff ostkorv beefy ålder xbeef'.split(
      ' ',
    ),
  )('is not "%s"', (word) => {
    expect(isMeat(word)).toBe(false);
  });
});

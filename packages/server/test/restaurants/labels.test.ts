/** What is taken for a label, on a line of its own or before the dish, and what is left alone. */
import { describe, expect, it } from '@jest/globals';
import { isLabel, isVagueLabel, splitLabel } from '../../src/restaurants/labels.ts';
import { readLine } from '../../src/restaurants/lines.ts';

describe('a label', () => {
  it.each([
    ['Kött: Karré', 'Kött', 'Karré'],
    ['Kött : Karré - potatis', 'Kött', 'Karré - potatis'],
    ['Dagens goda varma soppa: Ärt', 'Dagens goda varma soppa', 'Ärt'],
    ['This week only fish: Torsk', 'This week only fish', 'Torsk'],
    ['VEG – Gnocchi', 'VEG', 'Gnocchi'],
    ['VEG  -  Gnocchi', 'VEG', 'Gnocchi'],
    ['Meny: – Lax', 'Meny', 'Lax'],
    ['Kött & fisk | Karré', 'Kött & fisk', 'Karré'],
    ['Fredagsmys: Tacobuffé', 'Fredagsmys', 'Tacobuffé'],
    ['Måndag: pannbiff', 'Måndag', 'pannbiff'],
    ['Dagens vegetariska: lasagne', 'Dagens vegetariska', 'lasagne'],
    ['Veg alternativ: 7 grönsaker', 'Veg alternativ', '7 grönsaker'],
    ['Tors 26/11: Pytt', 'Tors 26/11', 'Pytt'],
    ['Tors 26/11: pytt', 'Tors 26/11', 'pytt'],
    ['Torsdag den 26 november: Pytt', 'Torsdag den 26 november', 'Pytt'],
    ['Fredag – Pytt', 'Fredag', 'Pytt'],
    ['Fisk: 105 kr', 'Fisk', '105 kr'],
  ])('of %j is %j, and the dish %j', (text, label, rest) => {
    expect(splitLabel(text)).toEqual({ label, rest });
  });

  it.each([
    'Lax med dill',
    'Vegan!',
    'Kött:',
    '129:-',
    'Kaffe:-',
    'Kaffe:–',
    'https://lunch.example/',
    '&: Lax',
    'Kl 11: Lax',
    'Kl11: Lax',
    'Goda varma soppa: Ärt',
    'Dagens goda varma röda soppa: Ärt',
    'Lax – dill',
    'Wallenbergare: potatismos, ärtor, lingon',
    'Carbonara: 105 kr',
    'Fredag 11-13: Lax',
    'Mån – fre',
    'Mån – 11',
    'Pizza: 105:-',
  ])('is not taken off %j', (text) => {
    expect(splitLabel(text)).toEqual({ rest: text });
  });

  it.each([
    'Fisk',
    'Soppa:',
    'Soppa :',
    'Dagens fisk',
    'Dagens soppa',
    'Veg alternativ',
    'Kött och fisk',
    'Kött & fisk',
    'Kött/fisk',
    'Måndag',
  ])('is the whole of %j', (text) => {
    expect(isLabel(text)).toBe(true);
  });

  it.each([
    'Dagens',
    'Soppa',
    ':Soppa',
    'Alltid vegetariskt',
    'Kött fisk',
    'Kött och lax',
    'Kött och fisk och vego',
    'Lax med dill',
    'Goda varma soppa:',
    'Idag',
  ])('is not the whole of %j', (text) => {
    expect(isLabel(text)).toBe(false);
  });

  it.each([
    ['Dagens soppa', true],
    ['VECKANS PASTA:', true],
    ['Månadens rätt :', true],
    ['Dagens soppa: Ärt', false],
    ['Soppa', false],
    ['Vegetariskt:', false],
  ])('that is %j is all that is said of the dish: %s', (text, isVague) => {
    expect(isVagueLabel(text)).toBe(isVague);
  });
});

describe('a line that is a label', () => {
  it.each([
    'Vegetariskt:',
    'Veckans vegetariska',
    'Kött & fisk',
    'Dagens rätt',
    'Fisk',
    'VEG',
    'Måndag',
    'Dagens vegetariska',
    'Vegetariskt alternativ',
    'Lunch',
    'Fisk:',
    'Kött:',
    'Husman:',
    'Torsdag',
    'Vegetariskt',
    'Vegetarisk:',
    'Vegan:',
    'Veganskt',
    'Veckans husman',
    'Dagens fisk',
    'Husmanskost',
    'Kött/fisk',
    'Veg/vegan',
  ])('%s is a label', (raw) => {
    expect(readLine(raw).kind).toBe('label');
  });
});

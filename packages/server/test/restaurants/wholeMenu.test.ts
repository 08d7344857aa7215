/** The lines of a menu together: how far labels and days reach, what is joined, and what is told once. */
import { describe, expect, it } from '@jest/globals';
import { readMenu } from '../../src/restaurants/lines.ts';

describe('a whole menu', () => {
  it('gives a label on a line of its own to the dishes after it', () => {
    const { dishes } = readMenu(['Lax', 'Vegetariskt:', 'Falafel', 'Halloumi', 'Kött: Karré', 'Pytt']);
    expect(dishes).toEqual([
      { name: 'Lax' },
      { name: 'Falafel', label: 'Vegetariskt', diet: 'vegetarian' },
      { name: 'Halloumi', label: 'Vegetariskt', diet: 'vegetarian', dietIsGuess: true },
      { name: 'Karré', label: 'Kött' },
      { name: 'Pytt' },
    ]);
  });

  it('joins fragments to the line before, and drops a weight that has none', () => {
    const { dishes } = readMenu(['(150 g)', 'Burgare med rostad', 'paprika', '(150 g)', ', aioli', '']);
    expect(dishes).toEqual([{ name: 'Burgare med rostad paprika (150 g), aioli' }]);
    expect(readMenu(['Lax', '***', 'med ris']).dishes).toEqual([{ name: 'Lax med ris' }]);
  });

  it('takes a word in lower case for a dish where it has nothing to belong to', () => {
    expect(readMenu(['ärtsoppa', 'Fisk:', 'lax']).dishes).toEqual([
      { name: 'ärtsoppa' },
      { name: 'lax', label: 'Fisk' },
    ]);
  });

  it('takes a vague label with nothing under it for the dish', () => {
    expect(readMenu(['Dagens soppa', 'Tomatsoppa']).dishes).toEqual([{ name: 'Tomatsoppa', label: 'Dagens soppa' }]);
    expect(readMenu(['Dagens soppa', 'Fisk: Lax']).dishes.map(({ name }) => name)).toEqual(['Dagens soppa', 'Lax']);
    expect(readMenu(['Fisk: Lax', 'Dagens soppa']).dishes.map(({ name }) => name)).toEqual(['Lax', 'Dagens soppa']);
  });

  it('says each notice once', () => {
    expect(readMenu(Array.from({ length: 4 }, () => 'Inga måltider serveras'))).toEqual({
      dishes: [],
      notices: [{ text: 'Inga måltider serveras', closes: true }],
    });
  });

  it('leaves terms out', () => {
    expect(readMenu(['Dagens rätt 115 kr inkl. sallad, bröd och kaffe', 'I priset ingår kaffe', 'Lax']).dishes).toEqual(
      [{ name: 'Lax' }],
    );
  });

  const WEDNESDAY = '2026-11-25';
  const named = (lines: string[], date = WEDNESDAY) => readMenu(lines, date).dishes.map(({ name }) => name);

  it.each<[lines: string[], dishes: string[]]>([
    [['Torsdag', 'Ärtsoppa med pannkakor'], []],
    [['Torsdag: Ärtsoppa med pannkakor'], []],
    [
      ['Onsdag', 'Lax', 'Pytt', 'Torsdag', 'Kött: Karré', 'Ärtsoppa'],
      ['Lax', 'Pytt'],
    ],
    [['Tisdag: Pytt', 'Onsdag: Lax', 'Torsdag: Ärtsoppa'], ['Lax']],
    [['Tisdag 24 november', 'Pytt', 'Onsdag 25 november', 'Lax', 'Torsdag 26/11', 'Karré'], ['Lax']],
    [['Onsdag 18 november', 'Pytt'], []],
    [['Ons 25/11: Lax', 'Tors 26/11: Pytt', 'Fredag – Karré'], ['Lax']],
    [['Pizza', 'Torsdag', 'Karré'], ['Pizza']],
    [['Mån-ons: Lax', 'Tors-fre: Pytt'], ['Lax']],
    [['Måndag-fredag', 'Lax'], ['Lax']],
    [
      ['Fredag', 'Karré', 'Veckans sallad: Caesar', 'Pytt', 'Alltid:', 'Pizza'],
      ['Caesar', 'Pizza'],
    ],
    [['Nästa vecka: Lax', 'Imorgon: Pytt'], []],
    [['Fredag 11-13', 'Lax'], ['Lax']],
    [['Fredag: Välkomna!', 'Lax'], ['Lax']],
  ])('of which %j has only the dishes of the day: %j', (lines, dishes) => {
    expect(named(lines)).toEqual(dishes);
    expect(readMenu(lines, WEDNESDAY).hasOtherDays ?? false).toBe(readMenu(lines).dishes.length > dishes.length);
  });

  it.each<[lines: string[], notices: object[]]>([
    [['Onsdag', 'Torsdag', 'Stängt'], [{ text: 'Torsdag: Stängt', closes: false }]],
    [['Onsdag', 'Stängt'], [{ text: 'Stängt', closes: true }]],
    [['Torsdag', 'Stängt v 48'], [{ text: 'Stängt v 48', closes: true }]],
    [['Torsdag', 'Trevlig helg!'], [{ text: 'Trevlig helg!', closes: false }]],
    [['Torsdag: Lax', 'Stängt'], [{ text: 'Stängt', closes: true }]],
    [['Vi har stängt', 'på fredag'], [{ text: 'Vi har stängt på fredag', closes: false }]],
    [['Vi har stängt', 'fredag'], [{ text: 'Vi har stängt fredag', closes: false }]],
    [['Stängt', 'i morgon'], [{ text: 'Stängt i morgon', closes: false }]],
    [['Stängt', 'idag'], [{ text: 'Stängt idag', closes: true }]],
    [['Sommarstängt', 'v 28-31'], [{ text: 'Sommarstängt v 28-31', closes: false }]],
    [['Stängt', 'Onsdag 25 november'], [{ text: 'Stängt', closes: true }]],
    [['Stängt', 'Pris 115 kr'], [{ text: 'Stängt', closes: true }]],
  ])('has of %j the notices %j', (lines, notices) => {
    expect(readMenu(lines, WEDNESDAY).notices).toEqual(notices);
  });

  it.each<[lines: string[], dishes: string[]]>([
    [['Dagens lunch 115 kr', 'lasagne'], ['lasagne']],
    [['Dagens lunch 115 kr', 'med lasagne'], ['Dagens lunch 115 kr med lasagne']],
    [['I priset ingår sallad', 'och kaffe'], []],
    [['I priset ingår sallad,', 'hummus'], []],
    [['Välkomna!', 'pannbiff'], ['pannbiff']],
    [
      ['lasagne', 'köttbullar', 'pasta carbonara'],
      ['lasagne', 'köttbullar', 'pasta carbonara'],
    ],
    [['lasagne med', 'tomat'], ['lasagne med tomat']],
    [['lasagne,', 'tomat'], ['lasagne, tomat']],
    [['2 st Vårrullar', 'ris'], ['2 st Vårrullar ris']],
  ])('of the broken lines %j has the dishes %j', (lines, dishes) => {
    expect(named(lines)).toEqual(dishes);
  });
});

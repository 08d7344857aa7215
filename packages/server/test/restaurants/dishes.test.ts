import { describe, expect, it } from '@jest/globals';
import { findDishes } from '../../src/restaurants/dishes.ts';
import { wordsOf } from '../../src/restaurants/fold.ts';
import type { Dish } from '../../src/restaurants/lines.ts';
import type { TodaysMenu } from '../../src/restaurants/menu.ts';

function menu(identifier: string, dishes: Dish[]): TodaysMenu {
  const place = { region: 'Solna', mapUrl: 'map', homepage: null, menuUrl: null };
  return {
    identifier,
    name: `Restaurang ${identifier}`,
    ...place,
    date: '2026-11-23',
    status: 'served',
    dishes,
    notices: [],
    fetchedAt: '',
    stale: false,
  };
}

const MENUS = [
  menu('a', [{ name: 'Gravlaxtallrik' }, { name: 'Köttbullar med gräddsås' }, { name: 'Fläskfilé med grönpeppar' }]),
  menu('b', [
    { name: 'Laxpudding' },
    { name: 'Varm laxsallad', label: 'Husets' },
    { name: 'Crêpes med kantareller', label: 'VEG', diet: 'vegetarian' },
  ]),
  menu('c', [{ name: 'Stekt lax, dill' }, { name: 'Burgare', diet: 'vegan', dietIsGuess: true }, { name: 'LAX' }]),
  menu('d', [{ name: 'Gryta', diet: 'vegan' }]),
];

const found = (query: string) =>
  findDishes(MENUS, wordsOf(query)).map(({ dish, restaurant }) => `${restaurant.identifier}: ${dish.name}`);

describe('the search for dishes', () => {
  it.each([
    ['lax', ['c: Stekt lax, dill', 'c: LAX', 'b: Laxpudding', 'b: Varm laxsallad', 'a: Gravlaxtallrik']],
    ['LÄX', ['c: Stekt lax, dill', 'c: LAX', 'b: Laxpudding', 'b: Varm laxsallad', 'a: Gravlaxtallrik']],
    ['kottbullar', ['a: Köttbullar med gräddsås']],
    ['Köttbullar', ['a: Köttbullar med gräddsås']],
    ['crepes', ['b: Crêpes med kantareller']],
    ['sås kött', ['a: Köttbullar med gräddsås']],
    ['dill lax', ['c: Stekt lax, dill']],
    ['lax pudding', ['b: Laxpudding']],
    ['fisk', []],
    ['husets', ['b: Varm laxsallad']],
    ['undefined', []],
    ['veg', ['b: Crêpes med kantareller', 'd: Gryta']],
    ['vegetarian', ['b: Crêpes med kantareller', 'd: Gryta']],
    ['vegetarisk', ['b: Crêpes med kantareller', 'd: Gryta']],
    ['vegan', ['d: Gryta']],
    ['vegansk gryta', ['d: Gryta']],
    ['(lax)', ['c: Stekt lax, dill', 'c: LAX', 'b: Laxpudding', 'b: Varm laxsallad', 'a: Gravlaxtallrik']],
  ])('finds for "%s": %j', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it('says who serves it and where', () => {
    expect(findDishes(MENUS, ['pudding'])).toEqual([
      {
        dish: { name: 'Laxpudding' },
        restaurant: { identifier: 'b', name: 'Restaurang b', region: 'Solna', mapUrl: 'map', homepage: null },
      },
    ]);
  });

  it.each(['', '  ', '!?', '🌱'])('has no words in "%s"', (query) => {
    expect(wordsOf(query)).toEqual([]);
  });
});

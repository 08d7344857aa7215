import { describe, expect, it } from '@jest/globals';
import { inRegion, regionsOf, suggestIdentifiers } from '../../src/restaurants/directory.ts';
import { seedRestaurants } from '../../src/restaurants/seed.ts';

describe('the directory', () => {
  it.each([
    ['nana', ['nanna']],
    ['Nanna', ['nanna']],
    ['Jöns', ['jons']],
    ['jöns jacob', ['jons']],
    ['svartz', ['nanna', 'svarta']],
    ['rafven', ['svarta']],
    ['café erik', ['jorpes']],
    ['bikupa', ['bikupan']],
    ['xyzzy', []],
    ['', []],
    ['x', []],
  ])('suggests for "%s" %j', (text, identifiers) => {
    expect(suggestIdentifiers(seedRestaurants, text)).toEqual(identifiers);
  });

  it('suggests three at most', () => {
    expect(suggestIdentifiers(seedRestaurants, 'restaurang')).toHaveLength(3);
  });

  it('knows regions, whatever their case', () => {
    expect(regionsOf(seedRestaurants)).toEqual(['Uppsala', 'Solna']);
    expect(inRegion(seedRestaurants, 'SOLNA')).toHaveLength(12);
    expect(inRegion(seedRestaurants, 'Huddinge')).toBeUndefined();
  });
});

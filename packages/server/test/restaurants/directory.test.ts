import { describe, expect, it } from '@jest/globals';
import { inRegion, regionsOf, suggestIdentifiers } from '../../src/restaurants/directory.ts';
import { seedRestaurants } from '../../src/restaurants/seed.ts';

const named = (...identifiers: string[]) =>
  identifiers.map((identifier) => ({
    identifier,
    name: identifier,
    region: 'Solna',
    coordinate: null,
    homepage: '',
    menuUrl: '',
  }));

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

  it.each([
    [['svertx', 'svarta'], 'svarto', ['svarta', 'svertx']], // the nearest first
    [['svarta'], 'svrata', ['svarta']], // one slip for each three letters of the longest word
    [['svarta'], 'svrto', []],
    [['ki svarta'], 'ki svrata', ['ki svarta']],
    [['nanna'], 'nanan', ['nanna']], // two neighbours in each other's place are one slip
    [['omni'], 'mnoi', []],
    [['omni'], 'moin', []],
    [['nanna', 'nannas'], 'nanna', ['nannas']], // not what was written
    [['bikupan'], 'pan', ['bikupan']], // parts, where they are long enough
    [['bikupan'], 'pa', []],
    [['tapa'], 'tapasbaren', ['tapa']],
    [['tap'], 'tapasbaren', []],
  ])('of %j for "%s" suggests %j', (identifiers, text, suggested) => {
    expect(suggestIdentifiers(named(...identifiers), text)).toEqual(suggested);
  });

  it('suggests three at most', () => {
    expect(suggestIdentifiers(seedRestaurants, 'restaurang')).toHaveLength(3);
  });

  it('knows regions, whatever their case', () => {
    expect(regionsOf(seedRestaurants)).toEqual(['Uppsala', 'Solna']);
    expect(regionsOf([...named('a'), ...named('b').map((entry) => ({ ...entry, region: ' Solna ' }))])).toEqual([
      'Solna',
    ]);
    expect(inRegion(seedRestaurants, 'SOLNA')).toHaveLength(12);
    expect(inRegion(seedRestaurants, 'Huddinge')).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { RESTAURANTS } from '../src/restaurants.ts';

describe('the restaurants', () => {
  it('are 18, half of them without a parser', () => {
    expect(RESTAURANTS).toHaveLength(18);
    const silent = RESTAURANTS.filter(({ publishes }) => publishes === 'nothing').map(({ identifier }) => identifier);
    expect(silent.join(' ')).toBe('biomedicum delta glada haga jorpes kraemer livet maethai street');
  });

  it('keep the quirks of the real list', () => {
    const byIdentifier = new Map(RESTAURANTS.map((restaurant) => [restaurant.identifier, restaurant]));
    expect(byIdentifier.get('jons')?.name).toBe('Jöns Jacob ');
    expect(byIdentifier.get('livet')?.name).toBe('Livet [Restaurant]');
    expect(byIdentifier.get('maethai')?.name).toBe('Mai Thai Express');
    expect(byIdentifier.get('delta')).toMatchObject({ homepage: '', menuUrl: '' });
  });
});

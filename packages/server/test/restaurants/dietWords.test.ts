/** The words that name a diet, each by itself. */
import { describe, expect, it } from '@jest/globals';
import { ADJECTIVE_ENDING, BESIDE, type Diet, dietOfWord, leastOf } from '../../src/restaurants/dietWords.ts';

describe('a word for a diet', () => {
  it.each<[string, Diet | undefined]>([
    ['vegan', 'vegan'],
    ['veganskt', 'vegan'],
    ['vegansk', 'vegan'],
    ['veganska', 'vegan'],
    ['veganskta', 'vegan'],
    ['vegans', 'vegan'],
    ['veganer', 'vegan'],
    ['veganost', undefined],
    ['veganskål', undefined],
    ['vegetarisk', 'vegetarian'],
    ['vegetarian', 'vegetarian'],
    ['veg', 'vegetarian'],
    ['veggie', 'vegetarian'],
    ['vegostekt', undefined],
    ['superveg', undefined],
    ['ovegansk', undefined],
  ])('"%s" names %s', (word, diet) => {
    expect(dietOfWord(word)).toBe(diet);
  });

  it('promises the least of several', () => {
    expect(leastOf(['vegansk', 'vegetarisk'])).toBe('vegetarian');
    expect(leastOf(['vegetarisk', 'vegansk'])).toBe('vegetarian');
    expect(leastOf(['och', 'vegansk'])).toBe('vegan');
    expect(leastOf(['och'])).toBeUndefined();
  });

  it('may have adjectives before it, and remarks beside it', () => {
    expect(['krämig', 'ugnsbakad', 'isknäck'].map((word) => ADJECTIVE_ENDING.test(word))).toEqual([true, true, false]);
    expect(ADJECTIVE_ENDING.test('kyckling')).toBe(false);
    expect(BESIDE.has('glutenfri')).toBe(true);
  });
});

import { describe, expect, it } from '@jest/globals';
import { readLine, readMenu } from '../../src/restaurants/lines.ts';

/** The diet that is stated as a fact. */
function stated(raw: string) {
  const { kind, diet, dietIsGuess } = readLine(raw);
  return { kind, diet: dietIsGuess ? undefined : diet };
}

describe('a vegetarian is never told without the mark of a guess', () => {
  it.each([
    'Chicken curry (vegan option available)',
    'Chicken curry (vegan on request)',
    'Kyckling vegansk aioli',
    'Vegetarisk gulasch el. gulasch',
    'Gulasch resp. vegansk gulasch',
    'Entrecôte vegansk bea',
    'Buffé: kött, fisk, vegetariskt',
    'Kycklingfajitas (vegetarisk variant)',
    'Korv med bröd, veganska finns',
    'Vegetarisk & kött lasagne',
    'Pannbiff (vegetariskt alternativ finns)',
    'Köttfärslasagne (vegetarisk på begäran)',
    'Köttbullar (veg: sojabullar)',
    'Köttfärssås / vegetarisk färssås',
    'Hamburgare alt. vegetarisk burgare',
    'Kött/veg: Tacos med nötfärs',
    'Köttbullar eller vegetariska bullar med mos',
    'Kött- eller vegetarisk lasagne',
    'Hamburgare (kan fås vegansk)',
    'Burger (vegan patty +10 kr)',
    'Pulled pork med coleslaw och vegan aioli',
    'Chicken tikka or vegan tikka',
    'Pizza: skinka eller vegetarisk',
    'Tacobuffé med nötfärs och vegetarisk färs',
    'Thai chicken curry, vegan upon request',
    'Kycklingwok, veg alternativ tofu',
    'Köttfärssås med spagetti (finns som vegetarisk)',
    'Tikka masala kyckling/vegetarisk',
    'Fiskgratäng. Vegetariskt alternativ: Morotsbiff',
    'Kebabtallrik med ris (V)',
    'Biff med veganskt smör',
    'Inte vegetarisk: Korv',
    'Non-vegan brownie',
    'Lax i ugn, vegansk sås',
    'Torsk med vegansk gräddsås (laktosfri)',
    'Kyckling och vegetariska vårrullar',
    'Vegetarisk burgare eller högrevsburgare',
    'Choose chicken or vegan meatballs',
    'Meatballs (also vegan) with mash',
    'Fisk/veg: Torsk med äggsås',
    'Köttbullar vegetariskt alternativ finns',
    'Ärtsoppa (veg finns)',
    'Ärtsoppa med fläsk, vegetarisk finns',
    'Bowl med lax alt. vegansk tofu',
    'Grönsakslasagne eller köttfärslasagne (veg)',
    'Tacos (beef/vegan)',
    'Pasta med kyckling (vegetarisk: halloumi)',
    'Kycklinggryta med ris. Finns även vegetariskt.',
    'Köttbullar – finns som vegetariska',
    'Köttbullar, vegetariska finns',
    'Pasta bolognese / veg bolognese',
    'Kalops (alt. vegetarisk kalops)',
    'Meat or vegetarian lasagne',
    'Lasagne (meat or vegetarian)',
    'Hamburgare (välj mellan högrev och vegetarisk)',
    'Beef burger (vegan available)',
    'Burger - beef or vegan',
    'Poké bowl lax/vegansk',
    'Poké bowl med lax eller tofu (vegan)',
    'Poké bowl med lax (tofu = vegan)',
    'Fläskfilé. Veg: Halloumi',
    'Falukorv / vegokorv med mos',
    'Falukorv/vegetarisk korv med mos',
    'Korv stroganoff alternativt vegetarisk stroganoff',
    'Schnitzel med grön­sås, vegetariskt val: Quorn',
    'Fish tacos (ask for vegetarian)',
    'Ramen with pork (can be made vegan)',
    'Ramen (pork/vegan)',
    'Pytt i panna, går att få vegetarisk',
    'Pizza Vesuvio eller Vegetariana',
    'Oxfilé med rödvinssås och vegansk bearnaise',
    'Stekt kyckling med vegansk dressing, ris',
    'Kött & veg: Chili',
    'Fisk/Vegetariskt: Lax',
    'Kött eller veg: Wok',
    'Buffé med kött, fisk och vegetariskt',
    'Tacobuffé (kött, veg)',
    'Pizzabuffé, även vegetarisk',
    'Viltskav (ej vegetarisk)',
    'VEG: Tacos med nötfärs',
    'Vegansk bowl med lax',
    'Halloumiburgare med pommes, veganmajonnäs',
    'Pasta med mozzarella, veganpesto',
    'Toast med brie, veganost',
    'Omelett (vegandressing)',
    'Veganost med ägg',
    'Kycklinggryta: vegansk yoghurt, ris',
    'Köttbullar: Vegansk gräddsås och potatis',
    'Fläskschnitzel: Vegetarisk sås',
    'Ostburgare: Vegansk majonnäs, pommes',
    'Lasagne, grönsallad (vegan)',
    'Tacos (3 st), gräddfil (vegan)',
    'Vesuvio, Margherita (vegetarisk), Hawaii',
    'Margherita (vegetarisk) Hawaii',
    'Margherita (vegetarisk) och Hawaii',
    'Vesuvio, vegetarisk, Hawaii',
    'Sallad/Veg: Caesarsallad',
    'Pizza/veg: Capricciosa',
    'Wok/Veg: Wok med scampi',
    'Veckans pasta/vegetariskt: Carbonara',
    'Veganlunch: Falafel',
  ])('of %s', (raw) => {
    expect(stated(raw)).toEqual({ kind: 'dish', diet: undefined });
  });
});

describe('what the restaurant says of the dish is stated', () => {
  it.each([
    'VEG: Gnocchi',
    'Dagens gröna: Rotfruktsbiff',
    'Vegetarisk ’pytt’ med stekt ägg',
    'Vegetariskt alternativ: Halloumi',
    'Vegetarisk lasagne (kan fås vegansk)',
    'Vegetarisk/vegansk gryta',
    'Vegetarisk köttfärssås med spagetti',
    'Krämig vegetarisk lasagne',
    'Veg: Halloumiburgare med pommes',
    'Vego: Quornfilé med currysås',
    'Vegetarisk lasagne med ris eller pommes',
    'Spenatlasagne (vegetarisk, gluten, laktos)',
    'Dagens vegetariska: Svampstroganoff på sojafärs',
    'Veckans vegetariska: Zucchinibiff med tzatziki',
    'Vegetariskt: Broccolipaj',
    'Veg. pytt med rödbetor',
    'Green: Spinach and ricotta cannelloni',
    'Grönt: Pumparisotto',
    'Vegetarisk: Lasagne på rökt tofu',
    'Vegetariska köttbullar med gräddsås och lingon',
    'Vegetariska biffar med tzatziki',
    'Veggie burger with sweet potato fries',
    'Vegetarisk pizza med svamp',
    'Vegetarisk sushi 10 bitar',
    'VEG. Halloumistroganoff med ris',
    'Vegetarian: Mushroom risotto',
    'Dagens veg: Broccolisoppa',
    'Veckans veg: Chili sin carne',
    'Veckans gröna: Ugnsbakad selleri',
    'Broccoligratäng (vegetarisk)',
    'Thai vegetarisk gryta',
    'Paneer tikka (vegetarian)',
    'Het vegetarisk taco',
    'Vegetarisk pasta med utsökt tomatsås',
    'Vegetariskt alternativ - Linsbiff',
    'Vegetarisk soppa med köttfri korv',
    'Pizza: Vegetarisk calzone',
    'Onsdag: Vegetarisk gryta',
    'Veg/vegan: Falafel',
  ])('%s is vegetarian', (raw) => {
    expect(stated(raw)).toEqual({ kind: 'dish', diet: 'vegetarian' });
  });

  it.each([
    'Falafel i pitabröd (vegan, gluten, sesam)',
    '🌱 Vegansk poké bowl',
    'Curry med kikärtor, vegan',
    'Vegan chicken nuggets',
    'Indisk vegansk linsgryta med ris',
    'Vegan: Rödbetsbiff med fetaostkräm',
    'Linsgryta (vegansk)',
    'Red lentil soup (vegan)',
    'Chili sin carne – vegansk',
    'Vegan falafel wrap with hummus',
    'Vegansk/Vegan: Tofuwok',
    'Vegansk burgare med pommes och aioli',
    'Vegan burger with fries',
    'Veganska köttbullar med mos',
    'VEGAN: Tofu curry',
    'Vegan – Rotfruktsgryta',
    'Bönchili, vegansk',
    'Minestrone (vegansk, glutenfri)',
    'Tomato soup, vegan',
    'Raw food bowl (vegan)',
    'Falafel (vegan) 95 kr',
    '(Vegan) Falafel med ris',
    'Falafel (3 st) (vegan)',
    'Bönchili, vegansk, glutenfri',
  ])('%s is vegan', (raw) => {
    expect(stated(raw)).toEqual({ kind: 'dish', diet: 'vegan' });
  });

  it('of a part of the dish as a guess', () => {
    expect(readLine('Högrevsburgare med vegansk majonnäs')).toMatchObject({ diet: 'vegan', dietIsGuess: true });
  });

  it.each<[string, object]>([
    ['Toast med brie, veganost', { diet: 'vegan', dietIsGuess: true }],
    ['Veganlunch: Falafel', { diet: 'vegan', dietIsGuess: true }],
    ['Kycklinggryta: Vegansk yoghurt, ris', { diet: 'vegan', dietIsGuess: true }],
    ['Lasagne, grönsallad (vegan)', { diet: 'vegan', dietIsGuess: true }],
    ['Soppa & vego: Kikärtssoppa', { diet: 'vegetarian', dietIsGuess: true }],
  ])('of what may be a part, as a guess: %s', (raw, claim) => {
    expect(readMenu([raw]).dishes).toMatchObject([claim]);
  });

  it('of a dish under a label that says nothing of it', () => {
    expect(readMenu(['Från grillen:', 'Vegansk burgare', 'Vegetarisk korv']).dishes).toMatchObject([
      { diet: 'vegan', label: 'Från grillen' },
      { diet: 'vegetarian', label: 'Från grillen' },
    ]);
  });

  it('of the first dish under a label, and guessed of the others', () => {
    const { dishes } = readMenu(['Vegetariskt:', 'Falafel', 'Kalops', 'Vegansk gryta', 'Kött: Karré', 'Pytt']);
    expect(dishes).toEqual([
      { name: 'Falafel', label: 'Vegetariskt', diet: 'vegetarian' },
      { name: 'Kalops', label: 'Vegetariskt', diet: 'vegetarian', dietIsGuess: true },
      { name: 'Vegansk gryta', label: 'Vegetariskt', diet: 'vegan' },
      { name: 'Karré', label: 'Kött' },
      { name: 'Pytt' },
    ]);
  });
});

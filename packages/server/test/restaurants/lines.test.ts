import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { cleanText } from '../../src/restaurants/cleanText.ts';
import { type Line, readLine, readMenu } from '../../src/restaurants/lines.ts';

interface Sample {
  raw: string;
  kind: Line['kind'];
  clean: string;
  diet: string | null;
}

const samples = (JSON.parse(readFileSync(new URL('dishes.json', import.meta.url), 'utf8')) as { lines: Sample[] })
  .lines;

const SHY = '\u00AD';

describe('a line of the collected samples', () => {
  it.each(samples.map((sample) => [JSON.stringify(sample.raw), sample] as const))(
    '%s is read as collected',
    (_, sample) => {
      const line = readLine(sample.raw);
      const said = line.kind === 'dish' && !line.dietIsGuess ? line.diet : undefined;
      const expected = sample.diet === 'vegan' || sample.diet === 'vegetarian' ? sample.diet : undefined;
      expect({ kind: line.kind, clean: line.clean, diet: said }).toEqual({
        kind: sample.kind,
        clean: sample.clean,
        diet: expected,
      });
    },
  );
});

describe('clean text', () => {
  it.each([
    ['entities', 'Fl&auml;sk &amp; r&ouml;dk&aring;l &#8211; 100&#160;g', 'Fläsk & rödkål – 100 g'],
    ['entities that were escaped twice', 'Fl&amp;auml;sk', 'Fläsk'],
    ['text that only looks like an entity', 'R&reggae gryta', 'R&reggae gryta'],
    ['UTF-8 that was read as Latin-1', 'FlÃ¤skfilÃ© med grÃ¶nsaker pÃ¥ spett', 'Fläskfilé med grönsaker på spett'],
    ['UTF-8 that was read as Windows-1252', 'â€™Pyttâ€™ med Ã„gg och Ã…l', '’Pytt’ med Ägg och Ål'],
    ['letters that only look like it', 'Ã med Â½ och Ãx', 'Ã med ½ och Ãx'],
    ['a capital letter and a quotation mark', '”LAX Ä”', '”LAX Ä”'],
    ['tags', '<b>Lax</b><br/>med <i class="x">dill</i>', 'Lax med dill'],
    ['tags behind entities', '&lt;script&gt;x&lt;/script&gt;Lax', 'xLax'],
    ['a sign that begins no tag', 'Sallad < 500 kcal', 'Sallad < 500 kcal'],
    ['terminal escapes', '\u001b]0;title\u0007\u001b[31mLax\u001b[0m\u009b2J', 'Lax'],
    ['terminal escapes behind entities', '&#27;[31mLax', 'Lax'],
    ['bidi controls', 'Lax\u202Emed\u2066dill', 'Laxmeddill'],
    ['soft hyphens and zero-width space', `mynta${SHY}tzatziki\u200B`, 'myntatzatziki'],
    ['line breaks', 'Lax\r\nmed\n\ndill\u2028och\tmos', 'Lax med dill och mos'],
    ['decomposed letters', 'Ra\u030Arakor', 'Rårakor'],
    ['emoji of several code points', '👩‍🍳 Lax 🌶️', '👩‍🍳 Lax 🌶️'],
  ])('is made from %s', (_, raw, clean) => {
    expect(cleanText(raw)).toBe(clean);
    expect(cleanText(clean)).toBe(clean);
  });
});

describe('a notice', () => {
  it.each([
    'Stängt',
    'STÄNGT!',
    '--STÄNGT--',
    'Julstängt',
    'Sommarstängt',
    'Semesterstängt v. 28–31',
    'Klämdag',
    'Långfredag stängt',
    'Annandag påsk',
    'Kristi himmelsfärdsdag',
    'Sveriges nationaldag',
    'Stängt pga sjukdom',
    'Restaurangen är stängd idag',
    'Ingen lunch idag',
    'Vi har semester',
    'Closed for the summer',
    'Fredag 6 juni Sveriges nationaldag',
    'Dag före röd dag',
    'Vi ses igen i augusti',
    'Sommarlov',
    'Välkommen tillbaka på måndag',
    'Trettondagen',
    '** STÄNGT **',
  ])('%s closes', (raw) => {
    expect(readLine(raw)).toMatchObject({ kind: 'notice', closes: true });
  });

  it.each([
    'Glad påsk!',
    'Välkommen åter',
    'Se separat meny',
    'Se www.example.org',
    'Lunchen är slut för idag',
    'Trevlig helg!',
    'God jul och gott nytt år',
    'Menyn uppdateras',
    'Ingen meny tillgänglig',
    'Vi stänger kl 13 idag',
  ])('%s says something else', (raw) => {
    const line = readLine(raw);
    expect(line.kind).toBe('notice');
    expect(line.closes).toBeUndefined();
  });

  it('may have a label', () => {
    expect(readLine('Kött: Stängt pga avstängd El.')).toEqual({
      kind: 'notice',
      clean: 'Stängt pga avstängd El.',
      label: 'Kött',
      closes: true,
    });
  });

  it.each([
    'Pasta med oststänger',
    'Spenatpaj med sommarsallad',
    'Sommarbuffé',
    'Julbord',
    'Påskbuffé',
    'Midsommarlunch med sill',
    'Köttbullar',
  ])('%s is none, but food', (raw) => {
    expect(readLine(raw).kind).toBe('dish');
  });
});

describe('terms', () => {
  it.each([
    '115 kr',
    'Pris: 125:-',
    'Lunchbuffé 135 kr inkl. kaffe',
    'I priset ingår salladsbuffé, bröd, smör, kaffe',
    'Salladsbuffé och kaffe ingår',
    'Lunch serveras 11.00-13.30',
    'Öppettider: mån-fre 11-14',
    'Med reservation för ändringar',
    'Allergisk? Fråga personalen!',
    'Lunchkort 10 st 1100 kr',
    'Alla rätter serveras med sallad och bröd',
    'All dishes include salad, bread and coffee',
    'Hel portion 115 kr, halv 85 kr',
  ])('%s are no dish', (raw) => {
    expect(readLine(raw).kind).toBe('terms');
  });

  it.each(['Pasta Carbonara 99:-', 'Plankstek 199 kr', 'Julbord 395 kr', 'Sushi 10 bitar', 'Öppen räkmacka'])(
    '%s is one',
    (raw) => {
      expect(readLine(raw).kind).toBe('dish');
    },
  );
});

describe('a fragment', () => {
  it.each([
    ...['(150g)', '(laktosfri).', '150 g', '200g', 'ca 2 dl.'],
    ...['paprika', 'gräddsås.', 'kokt potatis', 'lingon och pressgurka', 'och ris', 'serveras med ris', '& potatis'],
  ])('%s belongs to the line before', (raw) => {
    expect(readLine(raw).kind).toBe('fragment');
  });

  it.each(['köttbullar med mos', '2 st vårrullar med ris', '100% nötkött', '(Vegansk) gryta'])('%s does not', (raw) => {
    expect(readLine(raw).kind).toBe('dish');
  });
});

describe('what stands before a dish', () => {
  it.each([
    ['-- Lax', 'Lax'],
    ['✓Lax', 'Lax'],
    ['••Lax', 'Lax'],
    ['B. Lax', 'Lax'],
    ['12) Lax', 'Lax'],
    ['3. 4-rätters meny', '3. 4-rätters meny'],
    ['åå) Lax', 'åå) Lax'],
  ])('in "%s" leaves "%s"', (raw, clean) => {
    expect(readLine(raw)).toMatchObject({ kind: 'dish', clean });
  });

  it.each(['***', '- ', '', '…'])('and nothing else, as in "%s", is none', (raw) => {
    expect(readLine(raw)).toEqual({ kind: 'empty', clean: '' });
  });
});

describe('a label', () => {
  it.each([
    ['Kött: Helstekt karré', 'Kött', 'Helstekt karré'],
    ['Veg : Halloumi', 'Veg', 'Halloumi'],
    ['VEG – Gnocchi', 'VEG', 'Gnocchi'],
    ['Dagens husman: Raggmunk', 'Dagens husman', 'Raggmunk'],
    ['Fisk:\nLax i ugn', 'Fisk', 'Lax i ugn'],
  ])('%s is taken off', (raw, label, clean) => {
    expect(readLine(raw)).toMatchObject({ kind: 'dish', label, clean });
  });

  it.each(['Pasta - Carbonara', 'Grillad lax med vitt vin: potatis och sås', 'Burgare 129:-'])('%s has none', (raw) => {
    expect(readLine(raw)).toMatchObject({ kind: 'dish', clean: raw });
    expect(readLine(raw).label).toBeUndefined();
  });
});

describe('the diet', () => {
  it.each([
    ['Vegansk gryta', 'vegan', undefined],
    ['Falafel (vegan, gluten)', 'vegan', undefined],
    ['Curry med kikärtor, vegan', 'vegan', undefined],
    ['Vegetarisk lasagne (kan fås vegansk)', 'vegetarian', undefined],
    ['Högrevsburgare med vegansk majonnäs', 'vegan', true],
    ['Lasagne (kan fås vegetarisk)', undefined, undefined],
    ['Ej vegetarisk gryta', undefined, undefined],
    ['Grön curry med kyckling', undefined, undefined],
    ['Linsgryta', undefined, undefined],
    ['Falafelrulle (G, V)', 'vegetarian', true],
    ['V: Falafel', 'vegetarian', true],
    ['Vegetarisk/vegansk gryta', 'vegetarian', undefined],
    ['Lasagne, finns även vegetarisk', undefined, undefined],
    ['Dagens gröna: Rotfruktsbiff', 'vegetarian', undefined],
  ])('of "%s" is %s (a guess: %s)', (raw, diet, dietIsGuess) => {
    const line = readLine(raw);
    expect([line.diet, line.dietIsGuess]).toEqual([diet, dietIsGuess]);
  });
});

describe('food in a line with something else', () => {
  it.each([
    ['Köttbullar med potatismos. Smaklig måltid!', 'Köttbullar med potatismos'],
    ['Lax i ugn. Trevlig helg!', 'Lax i ugn'],
    ['Lax i ugn, sås, trevlig helg!', 'Lax i ugn, sås'],
    ['Pannbiff med lök - vi ses!', 'Pannbiff med lök'],
    ['Köttbullar. Stängt på fredag', 'Köttbullar'],
    ['Onsdag: Köttbullar! Trevlig helg!', 'Köttbullar'],
    ['Trevlig helg! Lax med dill, mos', 'Lax med dill, mos'],
    ['Välkomna! Fiskgryta. Smaklig måltid!', 'Fiskgryta'],
    ['Idag är det köttbullar med mos', 'Idag är det köttbullar med mos'],
    ['Det blir ärtsoppa och pannkaka', 'Det blir ärtsoppa och pannkaka'],
    ['Vi serverar lax med dillsås till lunch', 'Vi serverar lax med dillsås till lunch'],
    ['Bästa burgaren i stan med pommes', 'Bästa burgaren i stan med pommes'],
    ['Du Puy-linser med rotsaker', 'Du Puy-linser med rotsaker'],
  ])('is told: %s', (raw, name) => {
    expect(readMenu([raw], '2026-11-25').dishes).toMatchObject([{ name }]);
  });

  it.each([
    'Terrassen, stängd på fredag',
    'Restaurang Hubben. Stängt på fredag',
    'Lunch 115 kr. Trevlig helg!',
    'Köttbullar. Stängt idag',
    'Stängt på fredag! Kocken fiskar lax',
    'Välkomna! Allt gott',
    'Kära gäster, fisken är slut',
    'Tack för i år',
    'Idag är det fredag',
    'Idag är det röd dag',
    'Det blir inte lax',
    'Vi serverar lunch till alla',
    'Bästa gäster, trevlig helg',
    'Du hittar menyn på webben',
  ])('is none: %s', (raw) => {
    expect(readLine(raw).kind).toBe('notice');
  });
});

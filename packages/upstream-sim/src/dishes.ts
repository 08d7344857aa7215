/**
 * The lines that menus are made of, in the style of real Swedish lunch menus, quirks included. Data only: `menus.ts`
 * decides how often which line comes. Characters that an editor would hide or normalise are written as escapes.
 */

/** What a label may say of a dish; `whatever` gets none. */
export type DishKind = 'meat' | 'fish' | 'greens' | 'salad' | 'whatever';

export interface DishLine {
  readonly text: string;
  readonly kind: DishKind;
  /** The same dish in English, given as a line of its own after the Swedish one. */
  readonly english?: string;
}

const meat = (text: string): DishLine => ({ text, kind: 'meat' });
const fish = (text: string): DishLine => ({ text, kind: 'fish' });
const greens = (text: string): DishLine => ({ text, kind: 'greens' });

/** Plain dishes. `oststänger` and `sommarsallad` are food, though they hold the letters of closing notices. */
export const DISHES: readonly DishLine[] = [
  meat('Köttbullar med gräddsås, rårörda lingon, pressgurka och potatismos'),
  meat('Raggmunk med stekt fläsk och rårörda lingon'),
  meat('Fläskfilé med grönpepparsås och rostad klyftpotatis'),
  meat('Biff à la Lindström med kapris, rödbeta och skysås'),
  meat('Helstekt karré med äppelchutney och rostade rotsaker'),
  meat('Panngris med löksås'),
  fish('Ugnsbakad sejfilé med dillsås, citron och kokt potatis'),
  fish('Stekt strömming med hemlagat mos och skirat smör'),
  fish('Panerad rödspätta med remouladsås'),
  fish('Lax i ugn med romsås'),
  fish('Teriyakilax med edamamebönor och sesamris'),
  {
    text: 'Gräddig fiskgryta med fänkål och saffran',
    kind: 'fish',
    english: 'Creamy fish stew with fennel and saffron',
  },
  greens('Linsgryta med kokosmjölk, spenat och jasminris'),
  greens('Crêpes med kantarellstuvning och getostcrème'),
  greens('Asiatisk nudelwok med tofu, pak choi & cashewnötter'),
  greens('Pasta i krämig ostsås toppad med krispiga oststänger'),
  greens('Spenatpaj med fetaost och sommarsallad'),
  greens('Gnocchi med rostad paprika, ruccola och parmesan'),
  greens('Rotfruktsbiff med pepparrotskräm'),
  { text: 'Caesar med kyckling eller räkor', kind: 'salad' },
  // by custom with pork: no label, and nothing that would call it vegetarian
  { text: 'Ärtsoppa med timjan och senap, därefter pannkaka med sylt och grädde', kind: 'whatever' },
];

/** Appended to a dish after a comma. Neutral: they change nothing about its kind. */
export const SIDES: readonly string[] = [
  'säsongens råkost och nybakat bröd',
  'inlagd rödlök och krispig grönsallad',
  'örtslungade grönsaker',
  'toppad med krasse och rostade frön',
  'serveras med picklad gurka och vårlök',
];

/** Labels in front of a dish, with the colon and what follows it. */
export const LABELS: Readonly<Record<DishKind, readonly string[]>> = {
  meat: ['Kött: '],
  fish: ['Fisk: '],
  greens: ['VEG: ', 'Veg : ', 'Dagens gröna: '],
  salad: ['Sallad: '],
  whatever: [],
};

/** Labels alone on a line, which introduce the dish on the next one. */
export const LABELS_ALONE: readonly string[] = ['Vegetariskt:', 'Veckans vegetariska'];

export interface QuirkyLine {
  readonly text: string;
  /** How often it comes compared with the other quirky lines. */
  readonly weight: number;
}

/** Dishes that are hard to read, print or compare. */
export const QUIRKY_DISHES: readonly QuirkyLine[] = [
  { weight: 3, text: 'Vegetarisk ’pytt’ med stekt ägg och inlagda rödbetor' },
  { weight: 3, text: 'Stekt kyckling\u00a0med  rostad\u00a0 potatis ' },
  { weight: 1, text: 'Grönsakslasagne med mynta\u00adtzatziki' },
  { weight: 1, text: 'Panerad rödspätta\nmed remouladsås' },
  { weight: 1, text: 'Fl&auml;skkarr&eacute; med &auml;ppelmos &amp; rotmos' },
  { weight: 1, text: 'Ra\u030arakor med lo\u0308jrom och gra\u0308ddfil' },
  { weight: 1, text: '\u001b[31mSpicy\u001b[0m kycklingwok' },
  { weight: 1, text: '🌱 Vegansk poké bowl med mango och edamame 🌶\ufe0f🌶\ufe0f' },
  { weight: 1, text: '- Panngris med löksås' },
  { weight: 1, text: 'B. Teriyakilax med edamamebönor och sesamris' },
  { weight: 2, text: 'Falafel i pitabröd (vegan, gluten, sesam)' },
  { weight: 1, text: 'Högrevsburgare (150 g) med cheddar, saltgurka och pommes 129:-' },
  { weight: 1, text: 'Husets buffé' },
  { weight: 1, text: 'Pizza' },
  {
    weight: 1,
    text: 'Långbakad högrev i rödvin med rökt sidfläsk, smålök, champinjoner, timjan och lagerblad, serveras med smörslungad brytböna, pressgurka, lingon och krämig mandelpotatispuré toppad med brynt smör och riven pepparrot; kan fås utan gluten och laktos vid beställning i kassan',
  },
];

/** Lines that are no dish: the tails of broken wrapping, an empty paragraph, the terms of the offer. */
export const REMNANTS: readonly string[] = [
  '(150 g)',
  'paprika',
  '',
  'Dagens rätt 115 kr inkl. sallad, bröd och kaffe',
];

/**
 * The 18 restaurants that the service lists, in its order and with its spelling: names that end in a space, empty links
 * and brackets are as they are there. Half of them have no parser and never publish anything.
 */

/**
 * What the page of a restaurant yields:
 * - `nothing`: it has no parser, its menu is always empty;
 * - `day`: the dishes of the day, empty on weekends;
 * - `day-or-monday`: the same, but on a weekend the first day on its page, which is Monday;
 * - `week`: one list for Monday to Sunday, holidays included.
 */
export type Publishes = 'nothing' | 'day' | 'day-or-monday' | 'week';

/** One restaurant as the service knows it, before a wire version gives it field names. */
export interface Restaurant {
  readonly identifier: string;
  readonly name: string;
  readonly region: string;
  /** Latitude and longitude, degrees. */
  readonly coordinate: readonly [latitude: number, longitude: number];
  /** May be empty. */
  readonly homepage: string;
  /** May be empty. */
  readonly menuUrl: string;
  readonly publishes: Publishes;
}

export const RESTAURANTS: readonly Restaurant[] = [
  {
    identifier: 'bikupan',
    name: 'Restaurang Bikupan',
    region: 'Uppsala',
    coordinate: [59.8422, 17.63403],
    homepage: 'https://www.hors.se/uppsala/17/3/restaurang-bikupan/',
    menuUrl: 'https://www.hors.se/uppsala/17/3/restaurang-bikupan/',
    publishes: 'day',
  },
  {
    identifier: 'biomedicum',
    name: 'Café Biomedicum',
    region: 'Solna',
    coordinate: [59.3491, 18.026],
    homepage: 'https://ki.hors.se/17/5/bio-medicum/',
    menuUrl: 'https://ki.hors.se/17/5/bio-medicum/',
    publishes: 'nothing',
  },
  {
    identifier: 'delta',
    name: 'Café Delta',
    region: 'Solna',
    coordinate: [59.35039, 18.02265],
    homepage: '',
    menuUrl: '',
    publishes: 'nothing',
  },
  {
    identifier: 'dufva',
    name: 'Sven Dufva',
    region: 'Uppsala',
    coordinate: [59.84292, 17.64129],
    homepage: 'http://svendufva.se/',
    menuUrl: 'https://matfest.se/veckans-lunch/',
    publishes: 'day',
  },
  {
    identifier: 'elma',
    name: 'Elma',
    region: 'Uppsala',
    coordinate: [59.83928, 17.638],
    homepage: 'https://www.elmauppsala.se/',
    menuUrl: 'https://www.elmauppsala.se/',
    publishes: 'week',
  },
  {
    identifier: 'glada',
    name: 'Den Glada Restaurangen',
    region: 'Solna',
    coordinate: [59.35125, 18.02999],
    homepage: 'http://www.dengladarestaurangen.se/',
    menuUrl: 'http://www.dengladarestaurangen.se/#!meny/c30g',
    publishes: 'nothing',
  },
  {
    identifier: 'haga',
    name: 'Haga gatukök',
    region: 'Solna',
    coordinate: [59.34941, 18.02116],
    homepage: '',
    menuUrl: '',
    publishes: 'nothing',
  },
  {
    identifier: 'hubben',
    name: 'Restaurang Hubben',
    region: 'Uppsala',
    coordinate: [59.84346, 17.64162],
    homepage: 'https://vasakronan.foodbycoor.se/hubben',
    menuUrl: 'https://vasakronan.foodbycoor.se/hubben/restaurangen/restaurangens-meny',
    publishes: 'day',
  },
  {
    identifier: 'jons',
    name: 'Jöns Jacob ',
    region: 'Solna',
    coordinate: [59.34682, 18.02459],
    homepage: 'http://gastrogate.com/restaurang/jonsjacob/',
    menuUrl: 'https://jonsjacob.gastrogate.com/lunch/',
    publishes: 'day-or-monday',
  },
  {
    identifier: 'jorpes',
    name: 'Café Erik Jorpes',
    region: 'Solna',
    coordinate: [59.34849, 18.02719],
    homepage: 'https://ki.hors.se/17/4/cafe-erik-jorpes/',
    menuUrl: 'https://ki.hors.se/17/4/cafe-erik-jorpes/',
    publishes: 'nothing',
  },
  {
    identifier: 'kraemer',
    name: 'Hotel von Kraemer',
    region: 'Uppsala',
    coordinate: [59.84827, 17.63534],
    homepage: 'https://hotelvonkraemer.se/en/restaurant/lunch/',
    menuUrl: 'https://hotelvonkraemer.se/en/restaurant/lunch/',
    publishes: 'nothing',
  },
  {
    identifier: 'livet',
    name: 'Livet [Restaurant]',
    region: 'Solna',
    coordinate: [59.34833, 18.03035],
    homepage: 'https://www.livetbrand.com/har-finns-livet/livet-restaurant-solna/',
    menuUrl: 'https://www.livetbrand.com/har-finns-livet/livet-restaurant-solna/',
    publishes: 'nothing',
  },
  {
    identifier: 'maethai',
    name: 'Mai Thai Express',
    region: 'Solna',
    coordinate: [59.35093, 18.0243],
    homepage: 'https://www.maethaiexpress.se/mae-thai-karolinska/',
    menuUrl: 'https://www.maethaiexpress.se/thai-sushi-meny/',
    publishes: 'nothing',
  },
  {
    identifier: 'nanna',
    name: 'Restaurang Nanna Svartz',
    region: 'Solna',
    coordinate: [59.34867, 18.0278],
    homepage: 'https://ki.hors.se/17/3/restaurang-nanna-svartz/',
    menuUrl: 'https://ki.hors.se/17/3/restaurang-nanna-svartz/',
    publishes: 'day',
  },
  {
    identifier: 'omni',
    name: 'Restaurang Omni',
    region: 'Solna',
    coordinate: [59.34709, 18.03335],
    homepage: 'https://restaurangomni.se/dagens-lunch/',
    menuUrl: 'https://restaurangomni.se/dagens-lunch/',
    publishes: 'day',
  },
  {
    identifier: 'rudbeck',
    name: 'Bistro Rudbeck',
    region: 'Uppsala',
    coordinate: [59.84537, 17.63998],
    homepage: 'https://www.hors.se/uppsala/17/10/bistro-rudbeck/',
    menuUrl: 'https://www.hors.se/uppsala/17/10/bistro-rudbeck/',
    publishes: 'day',
  },
  {
    identifier: 'street',
    name: 'STHLM Street Lunch',
    region: 'Solna',
    coordinate: [59.34747, 18.02653],
    homepage: 'http://www.sthlmstreetlunch.com/',
    menuUrl: 'http://www.sthlmstreetlunch.com/',
    publishes: 'nothing',
  },
  {
    identifier: 'svarta',
    name: 'Svarta Räfven',
    region: 'Solna',
    coordinate: [59.34858, 18.0277],
    homepage: 'https://ki.hors.se/17/7/svarta-rafven/',
    menuUrl: 'https://ki.hors.se/17/7/svarta-rafven/',
    publishes: 'week',
  },
];

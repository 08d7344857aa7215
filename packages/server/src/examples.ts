/** Answers for whoever reads the OpenAPI document: one of each operation, and one of each error. All tell of the same lunch. */
import { MAP, type OperationId, type ResponseOf, SITE } from './contract.ts';
import { type ProblemCode, problemKinds, RelayError, toProblem } from './errors.ts';

const date = '2026-11-23';
const nanna = { identifier: 'nanna', name: 'Restaurang Nanna Svartz', region: 'Solna', mapUrl: MAP, homepage: SITE };
const fish = { name: 'Ugnsbakad sejfilé med dillsås och kokt potatis', label: 'Fisk' };
const greens = { name: 'Rostad pumpa med linser och örter', label: 'Grönt', diet: 'vegan' };
const delta = { identifier: 'delta', name: 'Café Delta' };
const today = {
  ...nanna,
  date,
  status: 'served',
  dishes: [fish, greens],
  notices: ['I priset ingår salladsbuffé, bröd och kaffe'],
  menuUrl: `${SITE}/lunch`,
  fetchedAt: `${date}T10:00:00.000Z`,
  scrapedAt: `${date}T05:00:00.000Z`,
  stale: false,
};

export const answers: { readonly [Id in OperationId]: ResponseOf<Id> } = {
  listRestaurants: {
    restaurants: [{ ...nanna, coordinate: [59.34867, 18.0278], menuUrl: `${SITE}/lunch`, publishesMenu: true }],
  },
  getRestaurant: {
    restaurant: {
      title: nanna.name,
      location: nanna.region,
      url: SITE,
      map_url: 'https://www.openstreetmap.org/#map=19/59.34867/18.0278',
      menu: [fish, greens].map(({ label, name }) => ({ dish: `${label}: ${name}` })),
    },
    today,
  },
  listMenus: {
    date,
    menus: [today],
    failures: [
      { identifier: 'jorpes', name: 'Café Erik Jorpes', code: 'upstream_timeout', detail: titleOf('upstream_timeout') },
    ],
  },
  findDishes: {
    query: 'sejfilé',
    date,
    matches: [{ dish: fish, restaurant: nanna }],
    searched: 1,
    notSearched: [{ ...delta, reason: 'no_online_menu' }],
  },
};

/** What some errors say beside what all do. */
const PARTICULARS: { readonly [Code in ProblemCode]?: ConstructorParameters<typeof RelayError>[1] } = {
  restaurant_not_found: { detail: 'Restaurant not found', members: { suggestions: ['nanna'] } },
  invalid_request: {
    detail: 'region: there is no region "Sola"; use one of Solna, Uppsala.',
    members: { parameter: 'region', accepted: ['Solna', 'Uppsala'] },
  },
  client_rate_limited: { members: { retryAfter: 12 } },
  relay_overloaded: { members: { retryAfter: 1 } },
  upstream_rate_limited: { members: { retryAfter: 30 } },
  upstream_overloaded: { members: { retryAfter: 5 } },
  upstream_suspended: { members: { retryAfter: 10 } },
};

const OCCURRENCE = { requestId: '2b1f3f3c2a10d0aa-17', traceId: '0af7651916cd43dd8448eb211c80319c' };

/** The document of an error, as a client gets it. */
export const problemOf = (code: ProblemCode) => toProblem(new RelayError(code, PARTICULARS[code]), OCCURRENCE);

function titleOf(code: ProblemCode): string {
  return `${problemKinds[code].title}.`;
}

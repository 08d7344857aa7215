/**
 * The typed API as data: paths, parameters, responses, errors. The OpenAPI document, the routing, the checks of requests
 * and, by way of the document, the SDK are made from it.
 */
import { z } from 'zod';
import type { ProblemCode } from './errors.ts';

const link = (what: string, example: string) => z.string().nullable().meta({ description: what, example });

export const MAP = 'https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278#map=19/59.34867/18.0278';
export const SITE = 'https://restaurant.example/nanna';

const coordinate = z
  .tuple([z.number(), z.number()])
  .meta({ description: 'Latitude and longitude, WGS 84', example: [59.34867, 18.0278] });

const identifier = z.string().meta({ example: 'nanna' });
const name = z.string().meta({ example: 'Restaurang Nanna Svartz' });

const listedRestaurant = z
  .looseObject({
    identifier: z.string().meta({ description: 'Names the restaurant in every URI', example: 'nanna' }),
    name,
    region: z.string().meta({ description: 'Open set: accept further values', example: 'Solna' }),
    coordinate: coordinate.nullable(),
    homepage: z.string().meta({ description: 'As the lunch-menu API has it; may be empty', example: SITE }),
    menuUrl: z.string().meta({ description: 'As the lunch-menu API has it; may be empty', example: `${SITE}/lunch` }),
    mapUrl: link('A map with a marker; null where the place is not known', MAP),
    publishesMenu: z
      .boolean()
      .meta({ description: 'Whether the restaurant has ever had a menu that can be read', example: true }),
  })
  .meta({ id: 'ListedRestaurant' });

const restaurantList = z.looseObject({ restaurants: z.array(listedRestaurant) }).meta({ id: 'RestaurantList' });

const dish = z
  .object({
    name: z.string().meta({ description: 'Clean text', example: 'Ugnsbakad sejfilé med dillsås och kokt potatis' }),
    label: z.string().optional().meta({ description: 'What the menu puts before it', example: 'Fisk' }),
    diet: z.string().optional().meta({
      description:
        '`vegan` (which is vegetarian too) or `vegetarian`, where the menu says so. Absent proves nothing. Open set: accept further values',
      example: 'vegetarian',
    }),
    dietIsGuess: z
      .boolean()
      .optional()
      .meta({ description: 'True where the menu says it of a part of the dish only', example: true }),
  })
  .meta({ id: 'Dish' });

const today = z
  .object({
    identifier,
    name,
    region: z.string().meta({ description: 'Open set: accept further values', example: 'Solna' }),
    date: z.string().meta({ description: 'The date in Stockholm that this is for', example: '2026-11-23' }),
    status: z.string().meta({
      description:
        '`served`: there are dishes. `closed`: see `reason`. `no_online_menu`: the restaurant never publishes one that can be read. `unknown`: nothing was found; not to be read as closed. Open set: accept further values',
      example: 'served',
    }),
    reason: z.string().optional().meta({
      description: '`weekend`, `public_holiday`, `notice` or `not_yet_published`. Open set: accept further values',
      example: 'public_holiday',
    }),
    holiday: z
      .string()
      .optional()
      .meta({ description: 'The name of the public holiday, in Swedish', example: 'Långfredagen' }),
    dishes: z.array(dish).meta({ description: 'Empty unless `status` is `served`' }),
    notices: z.array(z.string()).meta({ description: 'Lines of the menu that are no dishes, such as "Glad påsk!"' }),
    mapUrl: link('A map with a marker; null where the place is not known', MAP),
    homepage: link('The restaurant’s website; null where none is known', SITE),
    menuUrl: link('The page that the menu is from; null where none is known', `${SITE}/lunch`),
    fetchedAt: z.string().meta({ description: 'When the relay got it, ISO 8601', example: '2026-11-23T10:00:00.000Z' }),
    scrapedAt: z.string().optional().meta({
      description: 'When the lunch-menu API read it off the restaurant’s page, ISO 8601',
      example: '2026-11-23T05:00:00.000Z',
    }),
    stale: z.boolean().meta({
      description: 'True when it is past its time: a newer one is being asked for, or was not to be had',
      example: false,
    }),
  })
  .meta({ id: 'TodaysMenu' });

const restaurantToday = z
  .looseObject({
    restaurant: z
      .looseObject({
        menu: z.array(z.looseObject({ dish: z.string().meta({ example: 'Fisk: Ugnsbakad sejfilé med dillsås' }) })),
      })
      .meta({ description: 'As the lunch-menu API sent it: may be of another day. Read `today`' }),
    today,
  })
  .meta({ id: 'RestaurantToday' });

const dishRestaurant = z
  .object({
    identifier,
    name,
    region: z.string().meta({ description: 'Open set: accept further values', example: 'Solna' }),
    mapUrl: link('A map with a marker; null where the place is not known', MAP),
    homepage: link('The restaurant’s website; null where none is known', SITE),
  })
  .meta({ id: 'DishRestaurant' });

const date = z.string().meta({ description: 'The date in Stockholm that this is for', example: '2026-11-23' });

const menusToday = z
  .object({
    date,
    menus: z.array(today),
    failures: z
      .array(
        z
          .object({
            identifier,
            name,
            code: z.string().meta({ description: 'As in a problem', example: 'upstream_timeout' }),
            detail: z.string().meta({ example: 'The lunch-menu API did not answer in time.' }),
          })
          .meta({ id: 'MenuFailure' }),
      )
      .meta({ description: 'The restaurants of which nothing could be learnt just now' }),
  })
  .meta({ id: 'MenusToday' });

const dishesToday = z
  .object({
    query: z.string().meta({ example: 'lax' }),
    date,
    matches: z
      .array(z.object({ dish, restaurant: dishRestaurant }).meta({ id: 'DishMatch' }))
      .meta({ description: 'Whole words first, then beginnings of words, then parts' }),
    searched: z.int().min(0).meta({ description: 'How many restaurants’ menus of today were searched', example: 9 }),
    notSearched: z
      .array(
        z
          .object({
            identifier,
            name,
            reason: z.string().meta({
              description: 'A status or its reason, or the code of a failure. Open set: accept further values',
              example: 'no_online_menu',
            }),
          })
          .meta({ id: 'NotSearched' }),
      )
      .meta({ description: 'The restaurants whose dishes of today are not known, and why' }),
  })
  .meta({ id: 'DishesToday' });

/** The RFC 9457 document of every error of the relay's own. */
export const problem = z
  .looseObject({
    type: z.string().meta({ example: '/docs/errors#restaurant_not_found' }),
    title: z.string().meta({ example: 'Restaurant not found' }),
    status: z.int().min(400).max(599).meta({ example: 404 }),
    detail: z.string().meta({ description: 'For this very occurrence', example: 'Restaurant not found' }),
    code: z.string().meta({ description: 'Stable. Open set: accept further values', example: 'restaurant_not_found' }),
    requestId: z
      .string()
      .meta({ description: 'Names the request in the relay’s log', example: '7b0e1f7e-5f0c-4c55-9d0a-4b1f3f3c2a10' }),
    traceId: z.string().optional().meta({
      description: 'Of the W3C trace that the request belongs to: of its `traceparent`, or a new one',
      example: '0af7651916cd43dd8448eb211c80319c',
    }),
    retryAfter: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Seconds to wait, as `Retry-After` says, where that is known', example: 12 }),
    suggestions: z.array(z.string()).optional().meta({ description: 'Identifiers that may have been meant' }),
    parameter: z.string().optional().meta({ description: 'The parameter that is wrong', example: 'region' }),
    accepted: z.array(z.string()).optional().meta({ description: 'The values that the parameter may have' }),
  })
  .meta({ id: 'Problem' });

interface Operation {
  readonly summary: string;
  readonly description: string;
  /** As OpenAPI writes it. */
  readonly path: `/${string}`;
  readonly parameters: { readonly path?: z.ZodObject; readonly query?: z.ZodObject };
  readonly response: z.ZodType;
  readonly errors: readonly ProblemCode[];
}

const upstreamErrors = [
  'client_rate_limited',
  'upstream_unreachable',
  'upstream_invalid_response',
  'upstream_error',
  'upstream_rate_limited',
  'upstream_overloaded',
  'upstream_suspended',
  'upstream_timeout',
] as const;

const region = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .optional()
  .meta({ description: 'Only restaurants of this region; case and diacritics do not matter', example: 'Solna' });

/** What any operation may answer. */
export const commonErrors = ['relay_overloaded'] as const satisfies readonly ProblemCode[];

/** Every typed operation, by its `operationId`. All are GET; HEAD is answered likewise. */
export const operations = {
  listRestaurants: {
    summary: 'All restaurants',
    description:
      'The restaurants under today’s field names, each with a map link that has a marker. When the lunch-menu API cannot be asked, the last good list, or the one that the relay comes with.',
    path: '/restaurant',
    parameters: {
      query: z.object({ region }),
    },
    response: restaurantList,
    errors: ['invalid_request'],
  },
  getRestaurant: {
    summary: 'What one restaurant serves today',
    description: 'The lunch-menu API’s document as sent, and `today`: what of it is true for today in Stockholm.',
    path: '/restaurant/{restaurant_id}',
    parameters: {
      path: z.object({
        restaurant_id: z
          .string()
          .min(1)
          .max(200)
          .meta({ description: 'The `identifier` of a restaurant', example: 'nanna' }),
      }),
    },
    response: restaurantToday,
    errors: ['restaurant_not_found', ...upstreamErrors],
  },
  listMenus: {
    summary: 'What many restaurants serve today',
    description:
      'The `today` of the restaurants named and of those of the region; of all if neither is given. Restaurants that fail, or are not there in time, are told beside the others.',
    path: '/menus',
    parameters: {
      query: z.object({
        restaurant: z
          .union([z.string(), z.array(z.string()).max(100)])
          .transform((named) => [named].flat())
          .default([])
          .meta({ description: 'The `identifier` of a restaurant; may be repeated', example: ['nanna', 'jorpes'] }),
        region,
      }),
    },
    response: menusToday,
    errors: ['invalid_request'],
  },
  findDishes: {
    summary: 'Where a dish can be eaten today',
    description:
      'The dishes that hold every word of `q`, in name, label or the diet that the menu says (`vegan`, `vegetarisk`), with who serves them and where. Case and diacritics do not matter: `kottbullar` finds `Köttbullar`. What could not be searched is told.',
    path: '/dishes',
    parameters: {
      query: z.object({
        q: z
          .string('is needed: words of a dish')
          .trim()
          .min(1, 'must not be empty: words of a dish are needed')
          .max(100, 'must have at most 100 characters')
          .meta({ description: 'Words of a dish', example: 'lax' }),
        region,
      }),
    },
    response: dishesToday,
    errors: ['invalid_request'],
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;

/** The parsed parameters of an operation, path and query in one. */
export type ParametersOf<Id extends OperationId> = (typeof operations)[Id]['parameters'] extends infer Parameters
  ? (Parameters extends { path: infer Path extends z.ZodObject } ? z.infer<Path> : unknown) &
      (Parameters extends { query: infer Query extends z.ZodObject } ? z.infer<Query> : unknown)
  : never;

/** The body that an operation answers. */
export type ResponseOf<Id extends OperationId> = Immutable<z.infer<(typeof operations)[Id]['response']>>;

type Immutable<T> = T extends object ? { readonly [Member in keyof T]: Immutable<T[Member]> } : T;

/**
 * The upstream's documents as they came over the years (wire versions W3 to W9), turned into one form.
 * The list is read leniently: the names of its members changed twice, and one bad entry must not cost the others.
 * The menu is read strictly: its envelope never changed. Unknown members are kept as sent.
 */
import { z } from 'zod';
import { RelayError } from '../errors.ts';

/** Latitude and longitude, WGS 84. */
export type Coordinate = readonly [latitude: number, longitude: number];

/**
 * One entry of the restaurant list under today's names, with every other member that the upstream sent; former names
 * (`campus`, `url`, `menu_url`, `osm`, `map_url`) have become today's.
 */
export interface RestaurantEntry {
  readonly identifier: string;
  readonly name: string;
  readonly region: string;
  /** Null where no wire member tells it. */
  readonly coordinate: Coordinate | null;
  /** May be empty. */
  readonly homepage: string;
  /** May be empty. */
  readonly menuUrl: string;
  readonly [member: string]: unknown;
}

export interface RestaurantListDocument {
  readonly restaurants: readonly RestaurantEntry[];
  /** How many entries were unreadable and left out. */
  readonly dropped: number;
  /** The other members of the document, as sent. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** The upstream's menu document, exactly as sent. */
export interface MenuDocument {
  readonly restaurant: {
    readonly menu: ReadonlyArray<{ readonly dish: string; readonly [member: string]: unknown }>;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

const text = z.string().optional().catch(undefined);
/** A number, or text that is one. */
const degrees = (most: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^-?\d+(\.\d+)?$/)
        .transform(Number),
    ])
    .pipe(z.number().min(-most).max(most));
const coordinate = z.tuple([degrees(90), degrees(180)]);

const listEntry = z.looseObject({
  identifier: z.string().trim().min(1),
  name: z.string().trim().min(1),
  region: text,
  campus: text,
  homepage: text,
  url: text,
  menuUrl: text,
  menu_url: text,
  coordinate: coordinate.optional().catch(undefined),
  osm: text,
  map_url: text,
});

const listDocument = z.looseObject({ restaurants: z.array(z.unknown()) });

const menuDocument = z.looseObject({
  restaurant: z.looseObject({ menu: z.array(z.looseObject({ dish: z.string() })) }),
});

const parsedList = z.object({
  restaurants: z
    .array(
      z.looseObject({
        identifier: z.string().min(1),
        name: z.string(),
        region: z.string(),
        coordinate: z.tuple([z.number(), z.number()]).nullable(),
        homepage: z.string(),
        menuUrl: z.string(),
      }),
    )
    .min(1),
  dropped: z.number(),
  members: z.record(z.string(), z.unknown()),
});

/** Reads the restaurant list of any wire version. Throws `upstream_invalid_response` if it is no list, or an empty one. */
export function parseRestaurantList(document: unknown): RestaurantListDocument {
  const parsed = listDocument.safeParse(document);
  if (!parsed.success) throw unusable('the restaurant list', parsed.error);
  const { restaurants: entries, ...members } = parsed.data;
  const readable = entries.flatMap(toEntry);
  // an identifier that stands twice names the first
  const byIdentifier = new Map(readable.toReversed().map((entry) => [entry.identifier, entry]));
  const restaurants = [...byIdentifier.values()].reverse();
  if (restaurants.length === 0) throw unusable('the restaurant list holds no readable restaurant', undefined);
  return { restaurants, dropped: entries.length - readable.length, members };
}

/** Reads a menu of any wire version. Throws `upstream_invalid_response` if it has another form. */
export function parseMenu(document: unknown): MenuDocument {
  const parsed = menuDocument.safeParse(document);
  if (!parsed.success) throw unusable('the menu', parsed.error);
  return document as MenuDocument; // and not parsed.data: the order of members is the upstream's too
}

/** Whether a value has the form that `parseRestaurantList` gives. */
export function isRestaurantListDocument(value: unknown): value is RestaurantListDocument {
  return parsedList.safeParse(value).success;
}

/** Whether a value is a menu document. */
export function isMenuDocument(value: unknown): value is MenuDocument {
  return menuDocument.safeParse(value).success;
}

function toEntry(sent: unknown): RestaurantEntry[] {
  const parsed = listEntry.safeParse(sent);
  if (!parsed.success) return [];
  const { campus, url, menu_url, osm, map_url, ...entry } = parsed.data;
  return [
    {
      ...entry,
      // as sent, with the blank at the end of "Jöns Jacob ": `/restaurant` repeats the upstream, readers trim
      name: (sent as { name: string }).name,
      region: entry.region ?? campus ?? '',
      coordinate: entry.coordinate ?? parseMapUrl(osm) ?? parseMapUrl(map_url) ?? null,
      homepage: entry.homepage ?? url ?? '',
      menuUrl: entry.menuUrl ?? menu_url ?? '',
    },
  ];
}

/** The coordinate in an OpenStreetMap link, `#map=19/59.3487/18.028` or `?mlat=59.3487&mlon=18.028`. */
export function parseMapUrl(url: unknown): Coordinate | undefined {
  if (typeof url !== 'string') return undefined;
  const { latitude, longitude } =
    (
      /#map=\d+(?:\.\d+)?\/(?<latitude>-?[\d.]+)\/(?<longitude>-?[\d.]+)/.exec(url) ??
      /[?&]mlat=(?<latitude>-?[\d.]+)&mlon=(?<longitude>-?[\d.]+)/.exec(url)
    )?.groups ?? {};
  const parsed = coordinate.safeParse([Number(latitude), Number(longitude)]);
  return parsed.success ? parsed.data : undefined;
}

function unusable(what: string, cause: unknown): RelayError {
  return new RelayError('upstream_invalid_response', {
    detail: `The lunch-menu API answered with an unusable document: ${what}.`,
    cause,
  });
}

/** What a menu document tells of a restaurant that is on no list. */
export function entryOf(identifier: string, { restaurant }: MenuDocument): RestaurantEntry {
  const text = (member: unknown) => (typeof member === 'string' ? member : '');
  return {
    identifier,
    name: text(restaurant['title']) || identifier,
    region: text(restaurant['location']),
    coordinate: parseMapUrl(restaurant['map_url']) ?? null,
    homepage: text(restaurant['url']),
    menuUrl: text(restaurant['url']),
  };
}

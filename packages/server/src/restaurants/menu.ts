/**
 * Today's menu: what a menu document means on a day. Pure. Holds the seven rules for the status, in their order, and how
 * long a menu may be believed. Promises that dishes of another day than today's in Stockholm never come out of here.
 */
import { dayOff, endOfStockholmDay, stockholmDate, stockholmHour, utcDate } from './calendar.ts';
import { cleanText } from './cleanText.ts';
import { type Dish, type MenuLines, readMenu } from './lines.ts';
import { type Coordinate, isMenuDocument, type MenuDocument, type RestaurantEntry } from './wire.ts';

/** A menu document together with when it came. */
export interface FetchedMenu {
  readonly document: MenuDocument;
  /** When the relay got it, in ms since the epoch. */
  readonly fetchedAt: number;
  /** When the upstream read it off the restaurant's page, where its `max-age` tells (W9), in ms since the epoch. */
  readonly scrapedAt: number | null;
  /** How long the upstream lets it be used, in ms, where it says. */
  readonly maxAgeMs: number | null;
  /** True of a copy from earlier today that stands in for an answer without dishes. */
  readonly isKeptCopy?: true;
}

/** Whether a value has the form of a fetched menu. */
export function isFetchedMenu(value: unknown): value is FetchedMenu {
  if (typeof value !== 'object' || value === null) return false;
  const { document, fetchedAt, scrapedAt, maxAgeMs } = value as Partial<Record<keyof FetchedMenu, unknown>>;
  const isKnown = isMoment(fetchedAt) && (scrapedAt === null || isMoment(scrapedAt));
  return isMenuDocument(document) && isKnown && (maxAgeMs === null || Number.isFinite(maxAgeMs));
}

/** What a `Date` can hold. */
const LATEST_MOMENT = 8.64e15;
const isMoment = (value: unknown) => Number.isFinite(value) && Math.abs(Number(value)) <= LATEST_MOMENT;

/** The upstream keeps a menu for this long after it read the page, and sends what is left as `max-age`. */
export const UPSTREAM_MEMORY_MS = 3 * 3_600_000;

/** Open enumerations: clients accept further values. */
export type MenuStatus = 'served' | 'closed' | 'no_online_menu' | 'unknown';
export type StatusReason = 'weekend' | 'public_holiday' | 'notice' | 'not_yet_published';

/** What one restaurant serves today. */
export interface TodaysMenu {
  readonly identifier: string;
  readonly name: string;
  readonly region: string;
  /** The date in Stockholm that this is for, `2026-11-23`. */
  readonly date: string;
  readonly status: MenuStatus;
  readonly reason?: StatusReason;
  /** The name of the public holiday, in Swedish. */
  readonly holiday?: string;
  readonly dishes: readonly Dish[];
  readonly notices: readonly string[];
  /** A map with a marker; null where the place is not known. */
  readonly mapUrl: string | null;
  readonly homepage: string | null;
  readonly menuUrl: string | null;
  /** When the relay got it, ISO 8601. */
  readonly fetchedAt: string;
  /** When the upstream read it off the restaurant's page, ISO 8601. */
  readonly scrapedAt?: string;
  /** True when it is past its time: a newer one is being asked for, or was not to be had. */
  readonly stale: boolean;
}

interface Standing {
  readonly status: MenuStatus;
  readonly reason?: StatusReason;
  readonly holiday?: string;
}

/** All that a menu of today is made of, beside what was fetched. */
interface Circumstances {
  readonly restaurant: RestaurantEntry;
  readonly date: string;
  readonly publishes: boolean;
  readonly stale: boolean;
}

const madeOf = new WeakMap<FetchedMenu, Circumstances & { readonly made: TodaysMenu }>();

/** What a fetched menu says of today. `publishes`: whether the restaurant has ever had dishes. */
export function todaysMenu(
  restaurant: RestaurantEntry,
  menu: FetchedMenu,
  { now, publishes, stale }: { now: number; publishes: boolean; stale: boolean },
): TodaysMenu {
  const date = stockholmDate(now);
  const last = madeOf.get(menu);
  const isSame =
    last?.restaurant === restaurant && last.date === date && last.publishes === publishes && last.stale === stale;
  if (isSame) return last.made;
  const circumstances = { restaurant, date, publishes, stale };
  const made = makeTodaysMenu(menu, circumstances);
  madeOf.set(menu, { ...circumstances, made });
  return made;
}

function makeTodaysMenu(menu: FetchedMenu, { restaurant, date, publishes, stale }: Circumstances): TodaysMenu {
  const lines = readMenuOf(menu);
  const standing = standingOf(menu, lines, { date, publishes });
  const isForToday = standing.reason !== 'not_yet_published';
  return {
    identifier: restaurant.identifier,
    name: nameOf(restaurant),
    region: cleanText(restaurant.region),
    date,
    ...standing,
    dishes: standing.status === 'served' ? lines.dishes : [],
    notices: isForToday ? lines.notices.map(({ text }) => text) : [],
    mapUrl: mapUrlOf(restaurant.coordinate),
    homepage: linkOf(restaurant.homepage),
    menuUrl: linkOf(restaurant.menuUrl),
    fetchedAt: new Date(menu.fetchedAt).toISOString(),
    ...(menu.scrapedAt === null ? {} : { scrapedAt: new Date(menu.scrapedAt).toISOString() }),
    stale,
  };
}

/** The name as it is told; one of which nothing is left when it is clean is no name. */
export const nameOf = ({ identifier, name }: RestaurantEntry): string => cleanText(name) || identifier;

/** The first rule that matches decides. */
function standingOf(
  menu: FetchedMenu,
  lines: MenuLines,
  { date, publishes }: { date: string; publishes: boolean },
): Standing {
  const off = dayOff(date);
  if (off) return { status: 'closed', ...off };
  if (!isOfDay(menu, date)) return { status: 'unknown', reason: 'not_yet_published' };
  if (lines.dishes.length > 0) return { status: 'served' };
  if (lines.notices.some(({ closes }) => closes)) return { status: 'closed', reason: 'notice' };
  if (lines.notices.length > 0) return { status: 'unknown' };
  return publishes ? { status: 'unknown' } : { status: 'no_online_menu' };
}

/**
 * The upstream takes the UTC date for today and remembers a menu for three hours, so what it answers can be yesterday's
 * until about 05:00 in Stockholm. Where it does not tell when it read the page, that is assumed.
 */
function isOfDay(menu: FetchedMenu, date: string): boolean {
  if (menu.scrapedAt !== null) return utcDate(menu.scrapedAt) === date;
  return stockholmDate(menu.fetchedAt) === date && stockholmHour(menu.fetchedAt) >= 5;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LONGEST_FRESH_MS = HOUR;
/** The upstream's memory runs out on its own time: `max-age=0` is no wish to be asked for every client. */
const SHORTEST_FRESH_MS = MINUTE;

/** Absolute moments, in ms since the epoch, in this order; the words are those of RFC 5861. */
export interface Lifetime {
  /** Until then it is answered without asking again. */
  readonly freshUntil: number;
  /** Until then it is answered while a newer one is asked for. */
  readonly staleWhileRevalidateUntil: number;
  /** Until then it is answered if no newer one is to be had. */
  readonly staleIfErrorUntil: number;
}

/** The cache key of a menu. The date is part of it: a menu dies with its day, in every tier and on every clock. */
export function menuKey(identifier: string, now: number): string {
  return `menu:${stockholmDate(now)}:${identifier}`;
}

/**
 * How long a menu may be used that was stored at `now`: never past midnight in Stockholm. One that serves today's dishes is
 * good enough while a newer one is asked for; any other may have become wrong by now, and waits for the newer one.
 */
export function menuPolicy(menu: FetchedMenu, now: number): Lifetime {
  const midnight = endOfStockholmDay(now);
  const date = stockholmDate(now);
  const freshUntil = Math.min(now + freshForMs(menu, date), midnight);
  const isServed = isOfDay(menu, date) && servesDishes(menu);
  return { freshUntil, staleWhileRevalidateUntil: isServed ? midnight : freshUntil, staleIfErrorUntil: midnight };
}

function freshForMs(menu: FetchedMenu, date: string): number {
  if (dayOff(date)) return Number.POSITIVE_INFINITY;
  if (!isOfDay(menu, date)) return 15 * MINUTE;
  if (menu.isKeptCopy) return 5 * MINUTE;
  if (!servesDishes(menu)) return 10 * MINUTE;
  return Math.max(SHORTEST_FRESH_MS, Math.min(menu.maxAgeMs ?? LONGEST_FRESH_MS, LONGEST_FRESH_MS));
}

/**
 * Every fault of the upstream's scraper comes as an empty menu. Where dishes of today were there before, an answer with
 * nothing in it, not even a notice, is taken for such a fault: the copy from before, or undefined if there is no suspicion.
 */
export function keepIfSuspiciouslyEmpty(menu: FetchedMenu, previous: FetchedMenu): FetchedMenu | undefined {
  const date = stockholmDate(menu.fetchedAt);
  const hadDishes = isOfDay(previous, date) && servesDishes(previous);
  const isSuspicious = hadDishes && !hasDishes(menu) && readMenuOf(menu).notices.length === 0 && !dayOff(date);
  return isSuspicious ? { ...previous, isKeptCopy: true } : undefined;
}

/** Whether a document holds any dish, of whatever day. */
export function hasDishes(menu: FetchedMenu): boolean {
  return servesDishes(menu) || readMenuOf(menu).hasOtherDays === true;
}

const servesDishes = (menu: FetchedMenu) => readMenuOf(menu).dishes.length > 0;

/** Reading takes long, and the same menu is asked for all day. */
const linesOf = new WeakMap<FetchedMenu, MenuLines>();

/** Notices and labels may name days: they are read as of the day on which the menu came. */
function readMenuOf(menu: FetchedMenu): MenuLines {
  const { document, fetchedAt } = menu;
  const read = () =>
    readMenu(
      document.restaurant.menu.map(({ dish }) => dish),
      stockholmDate(fetchedAt),
    );
  const lines = linesOf.get(menu) ?? read();
  linesOf.set(menu, lines);
  return lines;
}

/** A map of a place with a marker on it: the upstream's own links only centre the map. */
export function mapUrlOf(coordinate: Coordinate | null): string | null {
  if (coordinate === null) return null;
  const [latitude, longitude] = coordinate;
  return `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=19/${latitude}/${longitude}`;
}

/** Only what a browser may open: the links come from other people's pages. */
function linkOf(url: string): string | null {
  const trimmed = url.trim();
  return URL.canParse(trimmed) && /^https?:$/.test(new URL(trimmed).protocol) ? new URL(trimmed).href : null;
}

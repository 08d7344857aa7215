/**
 * Today's menu: what a menu document means on a day. Pure. Holds the seven rules for the status, in their order, and how
 * long a menu may be believed. Promises that dishes of another day than today's in Stockholm never come out of here.
 */
import { dayOff, endOfStockholmDay, stockholmDate, stockholmHour, utcDate } from './calendar.ts';
import { cleanText } from './cleanText.ts';
import { type Dish, type MenuLines, readMenu } from './lines.ts';
import type { Coordinate, MenuDocument, RestaurantEntry } from './wire.ts';

/** A menu document together with when it came. */
export interface FetchedMenu {
  readonly document: MenuDocument;
  /** When the relay got it, in ms since the epoch. */
  readonly fetchedAt: number;
  /** When the upstream read it off the restaurant's page, where its `max-age` tells (W9), in ms since the epoch. */
  readonly scrapedAt: number | null;
  /** How long the upstream lets it be used, in ms, where it says. */
  readonly maxAgeMs: number | null;
}

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
  /** True when it is older than it should be because the upstream could not be asked. */
  readonly stale: boolean;
}

interface Standing {
  readonly status: MenuStatus;
  readonly reason?: StatusReason;
  readonly holiday?: string;
}

/** What a fetched menu says of today. `publishes`: whether the restaurant has ever had dishes. */
export function todaysMenu(
  restaurant: RestaurantEntry,
  menu: FetchedMenu,
  { now, publishes, stale }: { now: number; publishes: boolean; stale: boolean },
): TodaysMenu {
  const lines = readMenu(menu.document.restaurant.menu.map(({ dish }) => dish));
  const date = stockholmDate(now);
  const standing = standingOf(menu, lines, { date, publishes });
  const isForToday = standing.reason !== 'not_yet_published';
  return {
    identifier: restaurant.identifier,
    name: cleanText(restaurant.name),
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

/** Absolute moments, in ms since the epoch. */
export interface Lifetime {
  /** Until then it is answered without asking again. */
  readonly freshUntil: number;
  /** Until then it is answered while or because the upstream cannot give a newer one. */
  readonly staleUntil: number;
}

/** The cache key of a menu. The date is part of it: a menu dies with its day, in every tier and on every clock. */
export function menuKey(identifier: string, now: number): string {
  return `menu:${stockholmDate(now)}:${identifier}`;
}

/** How long a menu that came just now may be used: never past midnight in Stockholm, fresh or stale. */
export function menuLifetime(menu: FetchedMenu): Lifetime {
  const midnight = endOfStockholmDay(menu.fetchedAt);
  return { freshUntil: Math.min(menu.fetchedAt + freshForMs(menu), midnight), staleUntil: midnight };
}

function freshForMs(menu: FetchedMenu): number {
  const date = stockholmDate(menu.fetchedAt);
  const isEmpty = readMenu(menu.document.restaurant.menu.map(({ dish }) => dish)).dishes.length === 0;
  if (dayOff(date)) return Number.POSITIVE_INFINITY;
  if (!isOfDay(menu, date)) return 15 * MINUTE;
  if (isEmpty) return 10 * MINUTE;
  return Math.min(menu.maxAgeMs ?? LONGEST_FRESH_MS, LONGEST_FRESH_MS);
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

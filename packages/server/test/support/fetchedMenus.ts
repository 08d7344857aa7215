/** Menus as they come from the upstream, and when. */
import type { FetchedMenu } from '../../src/restaurants/menu.ts';
import type { RestaurantEntry } from '../../src/restaurants/wire.ts';

export const at = (text: string) => Date.parse(text);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const NANNA: RestaurantEntry = {
  identifier: 'nanna',
  name: ' Jöns &amp; Jacob ',
  region: 'Solna',
  coordinate: [59.34867, 18.0278],
  homepage: 'https://example.org/a b',
  menuUrl: '',
};

export interface Told {
  lines?: string[];
  fetchedAt?: string;
  scrapedAt?: string | null;
  maxAgeMs?: number | null;
}

export const MONDAY = '2026-11-23T10:00:00Z';

export function menu({ lines = [], fetchedAt = MONDAY, scrapedAt = fetchedAt, maxAgeMs = null }: Told): FetchedMenu {
  const document = { restaurant: { menu: lines.map((dish) => ({ dish })) } };
  return { document, fetchedAt: at(fetchedAt), scrapedAt: scrapedAt === null ? null : at(scrapedAt), maxAgeMs };
}

/**
 * Tab-separated lines for grep, cut and awk: one dish each, with its restaurant. The columns are a promise (docs/cli/output.md):
 * new ones come at the end.
 */
import type { Dish } from '@lunch-relay/sdk';
import type { Listed, Menu } from '../relay/answers.ts';
import { safe, safeUrl } from './safe.ts';

type Place = Pick<Menu, 'identifier' | 'name' | 'region' | 'mapUrl' | 'homepage'>;

/** A restaurant without dishes is a line, too: with its status, and no dish. */
export function plainMenus(menus: readonly Menu[]): string {
  return lines(
    menus.flatMap((menu) =>
      (menu.dishes.length > 0 ? menu.dishes : [undefined]).map((dish) => dishRow(menu, menu.date, menu.status, dish)),
    ),
  );
}

export function plainMatches(date: string, matches: ReadonlyArray<{ dish: Dish; restaurant: Place }>): string {
  return lines(matches.map(({ dish, restaurant }) => dishRow(restaurant, date, 'served', dish)));
}

export function plainList(restaurants: readonly Listed[]): string {
  return lines(
    restaurants.map(({ identifier, name, region, publishesMenu, mapUrl, homepage }) => [
      identifier,
      name,
      region,
      publishesMenu ? 'menu' : 'no_online_menu',
      safeUrl(mapUrl) ?? '',
      safeUrl(homepage) ?? '',
    ]),
  );
}

/** identifier, name, region, date, status, label, dish, diet (a guess ends in `?`), map, website. */
function dishRow(place: Place, date: string, status: string, dish: Dish | undefined): string[] {
  const diet = dish?.diet === undefined ? '' : dish.diet + (dish.dietIsGuess ? '?' : '');
  const { identifier, name, region, mapUrl, homepage } = place;
  const links = [safeUrl(mapUrl) ?? '', safeUrl(homepage) ?? ''];
  return [identifier, name, region, date, status, dish?.label ?? '', dish?.name ?? '', diet, ...links];
}

/** `safe` leaves no tab and no line end in a field. */
const lines = (rows: readonly string[][]) => rows.map((row) => `${row.map(safe).join('\t')}\n`).join('');

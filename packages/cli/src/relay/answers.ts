/**
 * The relay's answers as the commands use them. Read member by member: what comes over the network or from a file may hold
 * anything, and a member of another type must not end a command.
 */
import type { Dish, ListedRestaurant, TodaysMenu } from '@lunch-relay/sdk';

/** A menu, and whether it is from this machine's disk since no newer one was to be had. */
export interface Menu extends TodaysMenu {
  readonly offline: boolean;
}

export type Listed = Pick<ListedRestaurant, 'identifier' | 'name' | 'region' | 'mapUrl' | 'publishesMenu'> & {
  readonly homepage: string | null;
  readonly menuUrl: string | null;
};

type Members = Readonly<Record<string, unknown>>;

/** Undefined for what is no menu at all. */
export function toMenu(value: unknown, offline: boolean): Menu | undefined {
  if (!isRecord(value) || !isText(value['identifier']) || !isText(value['date'])) return undefined;
  return {
    ...namesOf(value),
    date: value['date'],
    status: text(value, 'status'),
    ...optional(value, 'reason'),
    ...optional(value, 'holiday'),
    dishes: list(value, 'dishes').flatMap((dish) => toDish(dish) ?? []),
    notices: list(value, 'notices').filter(isText),
    mapUrl: link(value, 'mapUrl'),
    homepage: link(value, 'homepage'),
    menuUrl: link(value, 'menuUrl'),
    fetchedAt: text(value, 'fetchedAt'),
    ...optional(value, 'scrapedAt'),
    stale: value['stale'] === true,
    offline,
  };
}

/** When the oldest of some menus was fetched, ISO 8601; undefined of none. */
export const oldestOf = (menus: readonly Menu[]): string | undefined =>
  menus.map(({ fetchedAt }) => fetchedAt).sort()[0];

/** Undefined for what is no restaurant. */
export function toListed(value: unknown): Listed | undefined {
  if (!isRecord(value) || !isText(value['identifier'])) return undefined;
  return {
    ...namesOf(value),
    mapUrl: link(value, 'mapUrl'),
    homepage: link(value, 'homepage'),
    menuUrl: link(value, 'menuUrl'),
    publishesMenu: value['publishesMenu'] === true,
  };
}

/** Undefined for what is no dish. */
export function toDish(value: unknown): Dish | undefined {
  if (!isRecord(value) || !isText(value['name'])) return undefined;
  const guess = value['dietIsGuess'] === true ? { dietIsGuess: true } : {};
  return { name: value['name'], ...optional(value, 'label'), ...optional(value, 'diet'), ...guess };
}

/** The entries that can be read. */
export const toListing = (value: unknown): Listed[] =>
  Array.isArray(value) ? value.flatMap((entry) => toListed(entry) ?? []) : [];

export const isRecord = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const isText = (value: unknown): value is string => typeof value === 'string';

const text = (members: Members, name: string) => (isText(members[name]) ? members[name] : '');

/** Null also for the empty one. */
const link = (members: Members, name: string) => text(members, name) || null;

const list = (members: Members, name: string): unknown[] => (Array.isArray(members[name]) ? members[name] : []);

const namesOf = (members: Members) => ({
  identifier: text(members, 'identifier'),
  name: text(members, 'name').trim() || text(members, 'identifier'),
  region: text(members, 'region').trim(),
});

function optional<Name extends string>(members: Members, name: Name): { [Member in Name]?: string } {
  const value = members[name];
  return (isText(value) ? { [name]: value } : {}) as { [Member in Name]?: string };
}

/** Documents for programs, by docs/cli/output.schema.json: additive only within a `schemaVersion`. */
import type { Dish } from '@lunch-relay/sdk';
import type { Failure } from '../menus.ts';
import type { Listed, Menu } from '../relay/answers.ts';
import { safeJson } from './safe.ts';

const SCHEMA_VERSION = 1;

interface Documents {
  readonly menus: {
    readonly menus: readonly Menu[];
    readonly failures: ReadonlyArray<Omit<Failure, 'name'>>;
  };
  readonly dishes: {
    readonly query: string;
    readonly date: string;
    readonly offline: boolean;
    readonly searched: number;
    readonly matches: ReadonlyArray<{ readonly dish: Dish; readonly restaurant: object }>;
    readonly notSearched: ReadonlyArray<{ readonly identifier: string; readonly reason: string }>;
  };
  readonly restaurants: { readonly restaurants: readonly Listed[] };
  readonly favourites: { readonly favourites: readonly string[] };
  readonly settings: { readonly settings: Readonly<Record<string, { value: string; from: string }>> };
}

/** One document, with its kind. */
export function jsonDocument<Kind extends keyof Documents>(kind: Kind, members: Documents[Kind]): string {
  return `${safeJson({ schemaVersion: SCHEMA_VERSION, kind, ...members })}\n`;
}

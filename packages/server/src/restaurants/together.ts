/**
 * The menus of many restaurants as one answer, of one moment: whatever midnight passes while they come, all are of the same
 * day. One that fails, or is not there in time, is a failure beside the others.
 */
import { type ProblemCode, RelayError, toRelayError } from '../errors.ts';
import { stockholmDate } from './calendar.ts';
import type { Kept } from './documents.ts';
import { type FetchedMenu, nameOf, type TodaysMenu } from './menu.ts';
import type { RestaurantEntry } from './wire.ts';

/** An answer, from when it is (of several parts the oldest), and how long it may be used. Moments are in ms since the epoch. */
export type Answer<T> = Omit<Kept<T>, 'staleWhileRevalidateUntil' | 'staleIfErrorUntil'>;

/** A restaurant of which nothing could be learnt just now. */
export interface MenuFailure {
  readonly identifier: string;
  readonly name: string;
  readonly code: ProblemCode;
  readonly detail: string;
}

export interface MenusToday {
  readonly date: string;
  readonly menus: readonly TodaysMenu[];
  readonly failures: readonly MenuFailure[];
}

/** A restaurant that is asked for. */
export interface Sought {
  readonly identifier: string;
  /** Undefined of one that is on no list: only the upstream knows whether there is one. */
  readonly entry: RestaurantEntry | undefined;
}

interface TogetherParts {
  readonly menuOf: (sought: Sought) => Promise<Kept<FetchedMenu>>;
  readonly toToday: (sought: Sought, kept: Kept<FetchedMenu>, now: number) => TodaysMenu;
  /** Those of a lower one are asked for first: the time may not suffice for all. */
  readonly turnOf: (sought: Sought) => number;
  readonly clock: () => number;
  /** How long the answer waits for menus that are missing. */
  readonly deadlineMs: number;
}

/** How long an answer with failures in it may be kept. */
const PARTIAL_FRESH_MS = 10_000;

/** Never rejects. The menus are in the order of what was asked for. */
export async function menusTogether(all: readonly Sought[], parts: TogetherParts): Promise<Answer<MenusToday>> {
  const { menuOf, toToday, turnOf, clock, deadlineMs } = parts;
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new RelayError('upstream_timeout')), deadlineMs);
  const asked = all
    .toSorted((a, b) => turnOf(a) - turnOf(b))
    .map((sought) => ({ sought, coming: Promise.race([menuOf(sought), deadline]) }));
  await Promise.allSettled(asked.map(({ coming }) => coming));
  clearTimeout(timer);
  const now = clock();
  const told = async (
    sought: Sought,
    coming: Promise<Kept<FetchedMenu>>,
  ): Promise<Answer<TodaysMenu | MenuFailure>> => {
    try {
      const kept = await coming;
      return { ...kept, storedAt: kept.value.fetchedAt, value: toToday(sought, kept, now) };
    } catch (error) {
      const value = toFailure(sought, error);
      return { value, storedAt: now, freshUntil: now + PARTIAL_FRESH_MS, result: 'miss' };
    }
  };
  const answers = new Map(
    await Promise.all(asked.map(async ({ sought, coming }) => [sought, await told(sought, coming)] as const)),
  );
  return together(
    all.flatMap((sought) => answers.get(sought) ?? []),
    now,
  );
}

function toFailure({ identifier, entry }: Sought, error: unknown): MenuFailure {
  const { code, detail } = toRelayError(error);
  return { identifier, name: entry ? nameOf(entry) : identifier, code, detail };
}

/** As old as the oldest, and usable as long as the first to go. */
function together(parts: ReadonlyArray<Answer<TodaysMenu | MenuFailure>>, now: number): Answer<MenusToday> {
  const values = parts.map(({ value }) => value);
  const results = new Set(parts.map(({ result }) => result));
  return {
    value: {
      date: stockholmDate(now),
      menus: values.filter((part) => 'status' in part),
      failures: values.filter((part) => 'code' in part),
    },
    storedAt: Math.min(now, ...parts.map(({ storedAt }) => storedAt)),
    freshUntil: Math.min(...parts.map(({ freshUntil }) => freshUntil)),
    result: results.has('miss') ? 'miss' : results.has('stale') ? 'stale' : 'hit',
  };
}

/** `lunch find <words>`: who serves a dish today, and where. */
import type { Dish } from '@lunch-relay/sdk';
import { findRegionName } from '../directory.ts';
import { CommandError, ExitCode, isUnreachable } from '../exitCodes.ts';
import { wordsOf } from '../fold.ts';
import { isFailureCode, toFailureError } from '../menus.ts';
import { renderMatches } from '../output/cards.ts';
import { jsonDocument } from '../output/json.ts';
import { plainMatches } from '../output/plain.ts';
import { safe } from '../output/safe.ts';
import { dateInWords, timeInWords } from '../output/words.ts';
import { isRecord, type Listed, oldestOf, toDish, toListed } from '../relay/answers.ts';
import type { Session } from '../session.ts';
import { isMoment, stockholmDate } from '../stockholm.ts';

const MOST_LETTERS = 100;

interface Found {
  readonly date: string;
  readonly matches: ReadonlyArray<{ readonly dish: Dish; readonly restaurant: Listed }>;
  readonly searched: number;
  readonly notSearched: ReadonlyArray<{ readonly identifier: string; readonly name: string; readonly reason: string }>;
  /** The oldest menu is from then, ISO 8601; undefined where it is not known. */
  readonly fetchedAt?: string | undefined;
  readonly isStale: boolean;
  /** What kept the relay from being asked, where the menus on disk were searched. */
  readonly offline?: CommandError;
}

/** Throws CommandError: 4 where no dish matched, 5 where no menu could be searched, 1 where that is the relay's fault. */
export async function findDishes(
  session: Session,
  words: readonly string[],
  options: { readonly region?: string },
): Promise<void> {
  const query = words.join(' ').trim();
  if (wordsOf(query).length === 0 || query.length > MOST_LETTERS) {
    const message = `find needs words of a dish, ${MOST_LETTERS} letters at most, such as "lunch find lax"`;
    throw new CommandError(message, ExitCode.usage);
  }
  const region = options.region === undefined ? undefined : await findRegionName(session, options.region, 'option');
  const found = await search(session, query, region);
  const failure = found.notSearched.find(isFailure);
  if (found.searched === 0 && failure)
    throw toFailureError(failure.reason, `no menu is to be had just now (${failure.reason}).`);
  await show(session, query, found);
  tellWhatIsMissing(session, found);
  if (found.matches.length > 0) return;
  const where = region === undefined ? '' : ` in ${region}`;
  const searched = found.searched === 1 ? 'the 1 menu' : `the ${found.searched} menus`;
  throw new CommandError(`no dish with "${query}"${where} in ${searched} of today`, ExitCode.noDishMatched);
}

async function search(session: Session, query: string, region: string | undefined): Promise<Found> {
  const relay = await session.relay();
  const filter = region === undefined ? {} : { region };
  try {
    const { data, ageMs, cache } = await relay.ask((client, options) =>
      client.findDishes(query, filter, options).withResponse(),
    );
    const matches = data.matches.flatMap((match) => {
      const [dish, restaurant] = [toDish(match?.dish), toListed(match?.restaurant)];
      return dish && restaurant ? [{ dish, restaurant }] : [];
    });
    const at = ageMs === undefined ? Number.NaN : session.io.clock() - ageMs;
    const fetchedAt = isMoment(at) ? new Date(at).toISOString() : undefined;
    const { date, searched } = data;
    const notSearched = data.notSearched.flatMap(toNotSearched);
    return { date, searched, notSearched, matches, fetchedAt, isStale: cache === 'stale' };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return searchDisk(session, query, region, error);
  }
}

/** None where it cannot be read. */
function toNotSearched(value: unknown): Found['notSearched'] {
  const listed = toListed(value);
  return listed && isRecord(value) && typeof value['reason'] === 'string'
    ? [{ ...listed, reason: value['reason'] }]
    : [];
}

/** What the relay finds a diet by that the menu says, in both languages; vegan counts as vegetarian. */
const WORDS_OF_DIETS: ReadonlyMap<string | undefined, string> = new Map([
  ['vegetarian', 'vegetarian vegetarisk'],
  ['vegan', 'vegan vegansk vegetarian vegetarisk'],
]);

/** By the relay's rule, every word anywhere in label, name and diet, over the menus of today that are on disk. */
function searchDisk({ cache, io }: Session, query: string, region: string | undefined, offline: CommandError): Found {
  const kept = cache.menus().filter((menu) => menu.status === 'served' && [undefined, menu.region].includes(region));
  if (kept.length === 0) throw offline;
  const wanted = wordsOf(query);
  const isMatch = ({ label = '', name, diet, dietIsGuess }: Dish) => {
    const dietWords = dietIsGuess ? '' : (WORDS_OF_DIETS.get(diet) ?? '');
    const text = wordsOf(`${label} ${name} ${dietWords}`);
    return wanted.every((word) => text.some((candidate) => candidate.includes(word)));
  };
  const matches = kept.flatMap((menu) =>
    menu.dishes.filter(isMatch).map((dish) => ({ dish, restaurant: { ...menu, publishesMenu: true } })),
  );
  const fetchedAt = oldestOf(kept);
  return {
    date: stockholmDate(io.clock()),
    matches,
    searched: kept.length,
    notSearched: [],
    fetchedAt,
    isStale: false,
    offline,
  };
}

async function show(session: Session, query: string, found: Found): Promise<void> {
  const { date, matches, searched, notSearched, offline } = found;
  if (session.format === 'json') {
    const places = matches.map(({ dish, restaurant }) => ({ dish, restaurant: placeOf(restaurant) }));
    const missing = notSearched.map(({ identifier, reason }) => ({ identifier, reason }));
    session.print(
      jsonDocument('dishes', {
        query,
        date,
        offline: offline !== undefined,
        searched,
        matches: places,
        notSearched: missing,
      }),
    );
  } else if (session.format === 'plain') session.print(plainMatches(date, matches));
  else if (matches.length > 0) {
    const look = session.look();
    const age = found.fetchedAt === undefined ? '' : ` · fetched ${timeInWords(found.fetchedAt)}`;
    const heading = look.chalk.dim(`“${safe(query)}” · ${dateInWords(date)}${age}`);
    session.print(`${heading}\n\n${await renderMatches(matches, wordsOf(query), look)}\n`);
  }
}

const placeOf = ({ identifier, name, region, mapUrl, homepage }: Listed) => ({
  identifier,
  name,
  region,
  mapUrl,
  homepage,
});

const isFailure = ({ reason }: { reason: string }) => isFailureCode(reason);

/** Those that never publish a menu are no news; of the others the dish may be missing. */
function tellWhatIsMissing(session: Session, { notSearched, isStale, offline, fetchedAt = '' }: Found): void {
  if (offline) {
    session.tell(offline.message);
    session.tell(`searched are the menus of today that are kept on this machine, from ${timeInWords(fetchedAt)} on`);
  }
  if (isStale)
    session.tell(`some menus are from ${timeInWords(fetchedAt)} and past their time; newer ones are not there yet`);
  const names = (isSought: (place: { reason: string }) => boolean) =>
    notSearched
      .filter(isSought)
      .map(({ name }) => name)
      .join(', ');
  const missing: Array<[what: string, names: string]> = [
    ['not to be had just now', names(isFailure)],
    ['not published yet', names(({ reason }) => reason === 'not_yet_published')],
    [
      'nothing found today',
      names((place) => !isFailure(place) && !['not_yet_published', 'no_online_menu'].includes(place.reason)),
    ],
  ];
  for (const [what, whose] of missing) if (whose !== '') session.tell(`menus ${what}: ${whose}`);
}

/**
 * What the user's words name: restaurants by identifier or name, regions, beginnings of either. Folded for case and
 * diacritics. Never a guess: what fits several names nothing, and the user is told what may have been meant. Pure.
 */
import { distance } from 'fastest-levenshtein';
import { CommandError, ExitCode } from './exitCodes.ts';
import { foldText, wordsOf } from './fold.ts';
import type { Listed } from './relay/answers.ts';

/** What people call the regions by the campus. */
const CAMPUSES: Readonly<Record<string, string>> = { ki: 'solna', bmc: 'uppsala' };

const MOST_SUGGESTIONS = 3;

export type Named =
  | {
      readonly kind: 'restaurants';
      readonly word: string;
      readonly restaurants: readonly Listed[];
      readonly isRegion: boolean;
    }
  /** `candidates` are all that it may mean. */
  | { readonly kind: 'ambiguous'; readonly word: string; readonly candidates: readonly string[] }
  /** `suggestions`: up to three. `isUnasked`: on the list of the relay, which could not be asked, there may be one. */
  | {
      readonly kind: 'unknown';
      readonly word: string;
      readonly suggestions: readonly string[];
      readonly isUnasked?: boolean;
    };

/** What can be named, and what it is called in messages. */
interface Name {
  readonly restaurants: readonly Listed[];
  readonly isRegion: boolean;
  /** As the user may write it to mean this and nothing else. */
  readonly shown: string;
  /** Folded. */
  readonly identifier: string;
  readonly title: string;
}

/**
 * Each word, or several that together begin a name and nothing else does: `cafe erik` unquoted is one restaurant. In the
 * order of the words.
 */
export function findNamed(words: readonly string[], restaurants: readonly Listed[]): Named[] {
  const names = namesIn(restaurants);
  const found: Named[] = [];
  for (let index = 0; index < words.length; ) {
    let taken = 1;
    let named = nameOf(words[index] ?? '', names);
    for (let end = words.length; end > index + 1 && taken === 1; end--) {
      const joined = nameOf(words.slice(index, end).join(' '), names);
      if (joined.kind === 'restaurants') [named, taken] = [joined, end - index];
    }
    found.push(named);
    index += taken;
  }
  return found;
}

/** A region by its name, its campus or its beginning. */
export function findRegion(word: string, restaurants: readonly Listed[]): Named {
  return nameOf(
    word,
    namesIn(restaurants).filter(({ isRegion }) => isRegion),
  );
}

/** Of all that is named, in the order of the words. */
export const identifiersOf = (named: readonly Named[]): string[] =>
  named.flatMap((name) => (name.kind === 'restaurants' ? name.restaurants.map(({ identifier }) => identifier) : []));

/** Of a word that names nothing, in letters. */
const LONGEST_SHOWN = 60;

/** What is wrong with a word; undefined where it names something. `commands`: those that may have been meant. */
export function mistakeOf(name: Named, commands: readonly string[] = []): CommandError | undefined {
  if (name.kind === 'restaurants') return undefined;
  const { kind } = name;
  const word = name.word.length > LONGEST_SHOWN ? `${name.word.slice(0, LONGEST_SHOWN)}…` : name.word;
  if (kind === 'ambiguous') {
    const candidates = name.candidates.join(', ');
    return new CommandError(`"${word}" may be any of: ${candidates}. Write more of it.`, ExitCode.usage);
  }
  const meant = nearest(
    word,
    commands.map((command) => ({ shown: `the command "lunch ${command}"`, words: [command] })),
  );
  const suggestions = [...name.suggestions, ...meant].slice(0, MOST_SUGGESTIONS);
  const hint = suggestions.length > 0 ? `Did you mean ${suggestions.join(' or ')}?` : '"lunch list" shows all.';
  return name.isUnasked
    ? new CommandError(`the list that is kept on this machine has no "${word}". ${hint}`, ExitCode.unreachable)
    : new CommandError(`there is no restaurant or region "${word}". ${hint}`, ExitCode.unknownRestaurant);
}

/** The regions, each once, in the order of the list. */
export const regionsOf = (restaurants: readonly Listed[]) => [...new Set(restaurants.map(({ region }) => region))];

function namesIn(restaurants: readonly Listed[]): Name[] {
  const regions = regionsOf(restaurants).map((region) => {
    const inside = restaurants.filter((restaurant) => restaurant.region === region);
    const folded = foldText(region);
    return { restaurants: inside, isRegion: true, shown: folded, identifier: folded, title: folded };
  });
  const single = restaurants.map((restaurant) => {
    const { identifier, name } = restaurant;
    const names = { identifier: foldText(identifier), title: foldText(name) };
    return { restaurants: [restaurant], isRegion: false, shown: identifier, ...names };
  });
  return [...single, ...regions];
}

function nameOf(word: string, names: readonly Name[]): Named {
  const folded = foldText(word);
  const wanted = CAMPUSES[folded] ?? folded;
  const ways: ReadonlyArray<(name: Name) => boolean> = [
    ({ shown, isRegion }) => !isRegion && shown === word,
    ({ identifier }) => identifier === wanted,
    ({ title }) => title === wanted,
    ({ identifier, title }) => wanted !== '' && (identifier.startsWith(wanted) || beginsWord(title, wanted)),
  ];
  for (const fits of ways) {
    const [first, ...others] = names.filter(fits);
    if (first === undefined) continue;
    if (others.length === 0)
      return { kind: 'restaurants', word, restaurants: first.restaurants, isRegion: first.isRegion };
    return { kind: 'ambiguous', word, candidates: [first, ...others].map(({ shown }) => shown) };
  }
  return { kind: 'unknown', word, suggestions: suggest(word, names) };
}

/** The whole name or, since half of them begin with "Restaurang", the rest of it from any word on. */
const beginsWord = (title: string, wanted: string) =>
  title.startsWith(wanted) ||
  title.split(/(?<=[^\p{L}\p{N}])/u).some((_, index, parts) => parts.slice(index).join('').startsWith(wanted));

function suggest(word: string, names: readonly Name[]): string[] {
  return nearest(
    word,
    names.map(({ shown, identifier, title }) => ({ shown, words: [...wordsOf(identifier), ...wordsOf(title)] })),
  );
}

/** What a message adds of a word that is none of them: the one that may have been meant, or all. */
export function hintAt(word: string, among: readonly string[]): string {
  const [suggestion] = nearest(
    word,
    among.map((one) => ({ shown: one, words: [one] })),
  );
  return suggestion ? `Did you mean ${suggestion}?` : `There are ${among.join(', ')}.`;
}

/** Up to three that somebody who wrote `word` may have meant, the nearest first. */
function nearest(word: string, among: ReadonlyArray<{ shown: string; words: readonly string[] }>): string[] {
  const wanted = wordsOf(word);
  // nobody means a restaurant by an essay, and the time grows with the square
  if (wanted.length === 0 || word.length > 100) return [];
  const mostEdits = Math.max(1, Math.floor(Math.max(...wanted.map(({ length }) => length)) / 3));
  const editsTo = (words: readonly string[]) =>
    Math.max(...wanted.map((part) => Math.min(...words.map((candidate) => editsBetween(candidate, part)))));
  return among
    .map(({ shown, words }) => ({ shown, edits: editsTo(words) }))
    .filter(({ edits }) => edits <= mostEdits)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ shown }) => shown);
}

/** None where one is a part of the other that is long enough to mean something. */
function editsBetween(candidate: string, word: string): number {
  const isPart = (word.length >= 3 && candidate.includes(word)) || (candidate.length >= 4 && word.includes(candidate));
  const edits = isPart ? 0 : distance(candidate, word);
  return edits === 2 && isSwapped(candidate, word) ? 1 : edits;
}

/** Whether all that differs is that two neighbours are in each other's place, the commonest slip of fingers. */
function isSwapped(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return other === `${one.slice(0, at)}${one[at + 1] ?? ''}${one[at] ?? ''}${one.slice(at + 2)}`;
}

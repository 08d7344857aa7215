/**
 * Sentences that tell when the restaurant opens again, and so that it is closed until then: `Vi öppnar igen 10 augusti`, but
 * not `Terrassen öppnar 1 maj`, nor `Vi ses igen på måndag!` before a weekend. Pure.
 */
import { Temporal } from 'temporal-polyfill';
import { nextLunchDate } from './calendar.ts';
import { daysMeant, hasCome } from './noticeDays.ts';
import { isFiller, isHouse, isOfHouse } from './subjects.ts';
import { hasPhrase, isNumber, isWord, monthOf, vocabulary, weekdayOf } from './wording.ts';

/** `over`: that day has come; `mentions`: that it opens says nothing of today. */
type Reopening = 'closes' | 'mentions' | 'over' | undefined;

const OPENING = vocabulary('öppnar återöppnar reopen reopens');
const RETURNING = vocabulary('åter tillbaka back');
const AGAIN = vocabulary('igen åter again');
const WEEK_OR_DATE = vocabulary('v vecka week den');
const WELCOMES = vocabulary('välkommen välkomna varmt hjärtligt welcome ses see you sommaren semestern gäster kära');

export function reopeningOf(clause: string, tokens: readonly string[], date?: string): Reopening {
  const words = tokens.filter(isWord);
  const verb = verbIn(words);
  if (verb === undefined) return undefined;
  const rest = words.slice(verb.at + 1);
  const inverted = rest.slice(0, 1).filter((word) => word === 'vi' || word === 'we');
  const before = [
    ...words.slice(0, verb.at).filter((word) => verb.kind === 'opens' || !WELCOMES.has(word)),
    ...inverted,
  ];
  const isAgain = rest.some((word) => AGAIN.has(word)) || words[verb.at] !== 'öppnar';
  const isOnDay = namesDay(rest) || tokens.some((token, at) => token === '/' && isNumber(tokens[at + 1] ?? ''));
  if (!isOnDay && (verb.kind !== 'opens' || !isAgain || rest.some(isNumber))) return undefined;
  const isOfAnother = !isOfHouse(before) || (verb.kind === 'opens' && hasObject(rest));
  const isUsual = !isAgain && (isOfHours(clause) || words.some((word) => /^(?:ny|nya|nytt|new)$/u.test(word)));
  if (isOfAnother || isUsual) return 'mentions';
  if (daysMeant(tokens, date) === 'today' || hasCome(tokens, date)) return 'over';
  return saysLittle(verb.kind, tokens, date) ? 'mentions' : 'closes';
}

/** The verb, and where it stands. */
function verbIn(words: readonly string[]): { kind: 'opens' | 'returns' | 'meets'; at: number } | undefined {
  const opens = words.findIndex((word) => OPENING.has(word));
  if (opens !== -1) return { kind: 'opens', at: opens };
  if (hasPhrase(words, ['we open on', 'we open again', 'open again on']))
    return { kind: 'opens', at: words.indexOf('open') };
  if (hasPhrase(words, ['vi ses igen', 'vi ses åter', 'ses vi igen']))
    return { kind: 'meets', at: words.indexOf('ses') };
  const returns = words.findIndex(
    (word, index) =>
      RETURNING.has(word) || (/^(?:öppe[tn]|öppna|open)$/u.test(word) && AGAIN.has(words[index + 1] ?? '')),
  );
  return returns === -1 ? undefined : { kind: 'returns', at: returns };
}

const namesDay = (words: readonly string[]) =>
  words.some(
    (word, index) =>
      weekdayOf(word) > 0 ||
      monthOf(word, words[index - 1]) > 0 ||
      (WEEK_OR_DATE.has(word) && isNumber(words[index + 1] ?? '')) ||
      ['imorgon', 'morgon', 'tomorrow'].includes(word),
  );

const isOfHours = (clause: string) => /\d[.:]\d\d|kl\.? ?\d|klockan/u.test(clause);

/** `Vi öppnar terrassen 1 maj` */
function hasObject(rest: readonly string[]): boolean {
  const object = rest.find((word) => !isFiller(word) || isNumber(word) || weekdayOf(word) > 0);
  return object !== undefined && !isFiller(object) && !AGAIN.has(object) && !isHouse(object) && !namesDay([object]);
}

/** Whether it opens again because there is a weekend between, or is a farewell for some days. */
function saysLittle(kind: 'opens' | 'returns' | 'meets', tokens: readonly string[], date?: string): boolean {
  if (date === undefined) return false;
  const isOfWeekdayOnly =
    daysMeant(
      tokens.filter((token) => weekdayOf(token) === 0),
      date,
    ) === 'unsaid';
  if (kind === 'meets' && isOfWeekdayOnly) return true;
  const tomorrow = Temporal.PlainDate.from(date).add({ days: 1 }).toString();
  const next = nextLunchDate(tomorrow);
  return next !== tomorrow && daysMeant(tokens, next) === 'today';
}

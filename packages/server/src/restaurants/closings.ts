/**
 * Whether a notice says that the restaurant is closed, and not its terrace, not on another day, not `ej stängt`. Promises
 * to say so only where the words leave no other reading: an open restaurant that is called closed loses its guests.
 */
import { namedDay, withDatesOfNames } from './namedDays.ts';
import { daysMeant, hasCome } from './noticeDays.ts';
import { reopeningOf } from './reopenings.ts';
import { isFiller, isHouse, isOfCalendar, isOfHouse } from './subjects.ts';
import { hasPhrase, isNumber, isWord, monthOf, phrases, spelledOut, tokensIn, vocabulary, wordsIn } from './wording.ts';

/** What one part of a line says: closed, a word for closed that does not close the restaurant today, or nothing of it. */
type Closing = 'closes' | 'mentions' | undefined;

const NEGATIONS = vocabulary('ej inte icke aldrig utan undantag not never övrig övriga');
/** What may follow a word for closed; anything else is food: `stängd pizza`. */
const AFTERWARDS = vocabulary(
  'idag i dag today nu now pga på för under från fr fom tom till tills tillsvidare until v vecka veckan veckorna week weeks hela den det mellan och and men but vi we due for on this from because in over during all alla av at as even även åter igen öppnar öppet tyvärr lunch måndag dagen sommaren efter kl klockan after tomorrow imorgon då eftersom samt helg helgen to endast bara tillfälligt restaurang restaurangen er ni välkommen välkomna resten rest p g fram sedan through since between back',
);
const REOPENING = vocabulary(
  'öppnar åter öppet öppen välkommen välkomna ses tillbaka back reopen reopens reopening open opens see',
);

const NOTHING_SERVED = phrases(
  'inga måltider|inga luncher|inga rätter|ingen lunch|ingen lunchservering|ingen servering|ingen matservering|ingen mat|inget serveras|ingenting serveras|inget att servera|serverar ingen|serverar inte|serverar inga|serverar ej|serveras ej|serveras inte|serveras ingen|serveras inga' +
    '|no lunch|no food|no service|no meals|not serving|nothing served|lunchen är inställd|lunchen inställd|lunch inställd|inställd lunch|lunch cancelled|lunch canceled|lunch is cancelled|lunch is canceled|ej öppet|inte öppet|not open',
);
const OF_SERVING = vocabulary(
  'lunch lunchen luncher mat måltider rätter servering matservering lunchservering serverar serveras served food meals',
);
const REASONS = phrases(
  'pga|på grund|due|because|tyvärr|unfortunately|i sommar|under sommaren|hela veckan|denna vecka',
);
const AWAY = phrases(
  'har semester|har sommarlov|har sommaruppehåll|har jullov|har ledigt|har lov|på semester|tar semester|tar sommarlov|tar jullov|tar ledigt|tar lov|på sommarlov|har uppehåll|gör uppehåll|sommaruppehåll|juluppehåll|on holiday|on vacation|abonnerat|abonnerad',
);
const AWAY_ALONE = vocabulary(
  'semester sommarlov jullov sportlov påsklov inställt inställd sommarledigt julledigt påskledigt',
);

/** What one clause says, and whether it tells of a reopening. */
interface Said {
  readonly closing: Closing;
  /** `over` where it names a day of reopening that has come. */
  readonly reopening?: 'ahead' | 'over';
}

/** Whether a line is a notice of closing; `mentions` where it is a notice, but does not close the restaurant today. */
export function closingOf(line: string, date?: string): Closing {
  const text = spelledOut(line);
  const said = clausesOf(text).map((clause) => saidBy(clause, date));
  const words = wordsIn(text);
  const isOpenOtherwise =
    words.some((word) => /^öppe[tn]$|^öppna$/u.test(word)) && !hasPhrase(words, ['idag', 'igen', 'åter', 'i dag']);
  // `Stängt på fredag, öppnar igen på måndag`
  const isOnOtherDays = said.some(({ closing, reopening }) => closing === 'mentions' && reopening === undefined);
  const closes = said.some(({ closing, reopening }) => closing === 'closes' && !(reopening && isOnOtherDays));
  if (closes) return isOpenOtherwise || said.some(({ reopening }) => reopening === 'over') ? 'mentions' : 'closes';
  return said.some(({ closing }) => closing !== undefined) ? 'mentions' : undefined;
}

/** A comma or full stop before a figure belongs to a date or a time. */
const clausesOf = (text: string) => text.split(/[.!?;,](?=\s|$)(?!\s*\p{N})|\s(?:men|but)\s/u);

function saidBy(clause: string, date?: string): Said {
  const spoken = tokensIn(clause);
  const tokens = withDatesOfNames(spoken, date);
  const named = namedDay(spoken.filter(isWord));
  if (named === 'open day') return { closing: 'mentions' };
  // on the day itself the calendar tells
  if (named === 'holiday') return { closing: date === undefined ? 'closes' : closingOn(clause, tokens, date) };
  const words = tokens.filter(isWord);
  const shut = words.findIndex(isShut);
  if (shut !== -1) return shutAt(clause, tokens, date);
  const nothing = placeOf(words, NOTHING_SERVED);
  if (nothing) return { closing: isOfAllFood(words, nothing) ? closingOn(clause, tokens, date) : 'mentions' };
  const reopening = reopeningOf(clause, tokens, date);
  if (reopening === 'over') return { closing: 'mentions', reopening };
  if (reopening) return { closing: reopening, reopening: 'ahead' };
  return { closing: absenceOf(clause, tokens, date) };
}

const isShut = (word: string) =>
  word === 'closed' || (/stäng(?:t|d|da)$/u.test(word) && !/^(?:av|in|ut|upp)stäng/u.test(word));

function shutAt(clause: string, tokens: readonly string[], date?: string): Said {
  const words = tokens.filter(isWord);
  const shut = words.findIndex(isShut);
  const [before, after] = [words.slice(0, shut), words.slice(shut + 1)];
  if (isFood(words[shut] ?? '', before, after)) return { closing: undefined };
  const isDenied = before.some((word) => NEGATIONS.has(word)) || ['ej', 'inte', 'not'].includes(after[0] ?? '');
  // the name of a day that cannot be told is gone: `stängt på klämdagen`
  const isOnNamedDay = after.length === 1 && ['på', 'under', 'on'].includes(after[0] ?? '');
  if (isDenied || isOnNamedDay || !isOfHouse(before)) return { closing: 'mentions' };
  const at = tokens.findIndex(isShut);
  const end = tokens.findIndex((token, index) => index > at && REOPENING.has(token));
  if (end === -1) return { closing: closingOn(clause, tokens, date) };
  const isOver = hasCome(tokens.slice(end), date);
  return { closing: closingOn(clause, tokens.slice(0, end), date), ...(isOver ? { reopening: 'over' } : {}) };
}

/** `Calzone, stängd pizza`, `Closed calzone with ham` */
function isFood(shut: string, before: readonly string[], after: readonly string[]): boolean {
  const isSaidOfSomething = before.some(
    (word) => ['är', 'hålls', 'håller', 'har', 'blir', 'is', 'are', 'be'].includes(word) || isHouse(word),
  );
  const [follower] = after;
  if (shut.endsWith('stängt') || isSaidOfSomething || follower === undefined) return false;
  const isFollowed = AFTERWARDS.has(follower) || isOfCalendar(follower);
  return !isFollowed && (shut !== 'closed' || after.includes('with'));
}

/** The first of the phrases in the words. */
function placeOf(words: readonly string[], sought: readonly string[]): { at: number; after: number } | undefined {
  for (const phrase of sought) {
    const parts = phrase.split(' ');
    const at = words.findIndex((_, index) => parts.every((part, offset) => words[index + offset] === part));
    if (at !== -1) return { at, after: at + parts.length };
  }
  return undefined;
}

/** `Ingen lunch idag`, but not `Ingen lunch till studenter`, `Vi serverar inte nötter`, `Alkohol serveras ej`. */
function isOfAllFood(words: readonly string[], { at, after }: { at: number; after: number }): boolean {
  const before = words.slice(0, at).filter((word) => !OF_SERVING.has(word));
  const behind = words.slice(after);
  const first = behind.findIndex((word) => !OF_SERVING.has(word));
  const rest = first === -1 ? [] : behind.slice(first);
  const isReason = REASONS.some((reason) => `${rest.join(' ')} `.startsWith(`${reason} `));
  const next = rest.find((word) => !isFiller(word) || isOfCalendar(word));
  return isOfHouse(before) && (isReason || next === undefined || isOfCalendar(next));
}

/** Holidays of the house and its guests: `Vi har semester`, `Restaurangen är abonnerad`. */
function absenceOf(clause: string, tokens: readonly string[], date?: string): Closing {
  const words = tokens.filter(isWord);
  const away = placeOf(words, AWAY);
  if (away) return isOfHouse(words.slice(0, away.at)) ? closingOn(clause, tokens, date) : 'mentions';
  const isAway =
    words.some((word) => AWAY_ALONE.has(word)) && words.every((word) => AWAY_ALONE.has(word) || isFiller(word));
  return isAway ? closingOn(clause, tokens, date) : undefined;
}

/** What is said of some hours says nothing of lunch. */
function closingOn(clause: string, tokens: readonly string[], date?: string): Closing {
  const isOfHours =
    /(?:kl\.?|klockan|efter|after|före|before|innan) ?\d|\d[.:]\d\d/u.test(clause) || hasBareSpan(tokens);
  return isOfHours || daysMeant(tokens, date) === 'other' ? 'mentions' : 'closes';
}

/** `11-13` and `mellan 12 och 13`, where no word tells that it is weeks or dates. */
const hasBareSpan = (tokens: readonly string[]) =>
  tokens.some((token, at) => {
    const [before = '', joint = '', last = '', behind = ''] = [tokens[at - 1], ...tokens.slice(at + 1)];
    const isSpan = isNumber(token) && (/^\p{Pd}$/u.test(joint) || JOINTS.has(joint)) && isNumber(last);
    const isOfDays = [before, behind].some((word) => OF_DAYS.has(word) || monthOf(word, '1') > 0);
    return isSpan && !isOfDays;
  });
const JOINTS = vocabulary('och till tom and to');
const OF_DAYS = vocabulary('v vecka veckan veckorna veckor week weeks den the e a th / ,');

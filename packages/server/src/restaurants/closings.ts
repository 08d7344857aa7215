/**
 * Whether a notice says that the restaurant is closed, and not its terrace, not on another day, not `ej stängt`. Promises
 * to say so only where the words leave no other reading: an open restaurant that is called closed loses its guests.
 */
import { daysMeant } from './noticeDays.ts';
import { seedRestaurants } from './seed.ts';
import { hasPhrase, isNumber, isWord, monthOf, phrases, tokensIn, vocabulary, weekdayOf, wordsIn } from './wording.ts';

/** What one part of a line says: closed, a word for closed that does not close the restaurant today, or nothing of it. */
type Closing = 'closes' | 'mentions' | undefined;

const PUBLIC_HOLIDAYS = new Set(
  phrases(
    'nyårsdagen|nyårsafton|trettondag jul|trettondedag jul|trettondedagjul|trettondagen|trettondedagen|trettondag|långfredag|långfredagen' +
      '|påskdagen|annandag påsk|annandagen påsk|annandag jul|annandagen jul|annandag|första maj|1 maj|1 a maj|1a maj|kristi himmelsfärd' +
      '|kristi himmelsfärdsdag|kristi himmelsfärds dag|kristi himmelfärd|kristi himmelfärdsdag|kristi himmelfärds dag|pingstdagen|sveriges nationaldag|nationaldagen|nationaldag' +
      '|midsommar|midsommarafton|midsommardagen|alla helgons dag|allhelgonadagen|julafton|juldagen|klämdag|klämdagen|röd dag|dag före röd dag' +
      '|helgdag|good friday|easter monday|public holiday|bank holiday|christmas eve|christmas day|boxing day|new years day|new years eve|ascension day|national day|midsummer eve|midsummers eve',
  ),
);
/** Days with a name on which lunch is served. */
const OPEN_DAYS = new Set(
  phrases(
    'skärtorsdag|skärtorsdagen|valborg|valborgsmässoafton|valborgsmässoaftonen|sista april|påskafton|pingstafton|trettondagsafton|trettondedagsafton' +
      '|alla helgons afton|allhelgonaafton|lucia|luciadagen|fettisdag|fettisdagen|alla hjärtans dag|mors dag|fars dag|halvdag|maundy thursday|halloween',
  ),
);

/** What a sentence may hold between its subject and its word for closed. */
const FILLERS = vocabulary(
  'är var blir har håller hålls vara kommer att vi nu idag i dag tyvärr helt tillfälligt även också fortfarande därför dagen dagens hela alla obs info information på grund av pga detta denna med and is are we will be have currently temporarily sorry today unfortunately the den det som för så då och ny v vecka week e a from från fom till tom',
);
const NEGATIONS = vocabulary('ej inte icke aldrig utan undantag not never övrig övriga');
/** The restaurant, and what it cannot serve lunch without. */
const HOUSE =
  /^(?:(?:\p{L}*restaurang(?:en|erna)?|\p{L}*kök(?:et)?|\p{L}*matsal(?:en)?|lunch(?:en|serveringen)?|\p{L}*krog(?:en)?|bistron?|kantinen?|huset|här|restaurants?|kitchen|canteen|allt)|\p{L}*semester|sommar|jul|påsk|summer|easter|christmas)$/u;
const NAMES_OF_HOUSES = new Set(seedRestaurants.flatMap(({ name }) => wordsIn(name)).filter((word) => word.length > 2));
/** What may follow a word for closed; anything else is food: `stängd pizza`. */
const AFTERWARDS = vocabulary(
  'idag i dag today nu now pga på för under från fr fom tom till tills tillsvidare until v vecka veckan veckorna week weeks hela den det mellan och and men but vi we due for on this from because in over during all alla av at as even även åter igen öppnar öppet tyvärr lunch måndag dagen sommaren efter kl klockan after tomorrow imorgon då eftersom samt helg helgen to endast bara tillfälligt restaurang restaurangen er ni välkommen välkomna resten rest p g',
);
const REOPENING = vocabulary(
  'öppnar åter öppet öppen välkommen välkomna ses tillbaka reopen reopens reopening open opens see',
);

const NOTHING_SERVED = phrases(
  'inga måltider|inga luncher serveras|inga rätter serveras|ingen lunch|ingen lunchservering|ingen servering|ingen matservering|ingen mat|inget serveras|ingenting serveras|inget att servera|serverar ingen|serverar inte|serverar inga|serverar ej|serveras ej|serveras inte|serveras ingen|serveras inga|är det ingen lunch' +
    '|no lunch|no food|no service|no meals|not serving|nothing served|lunchen är inställd|lunchen inställd|lunch inställd|inställd lunch',
);
const AWAY = phrases(
  'har semester|har sommarlov|har sommaruppehåll|har jullov|har ledigt|har lov|på semester|tar semester|tar sommarlov|tar jullov|tar ledigt|tar lov|på sommarlov|har uppehåll|gör uppehåll|sommaruppehåll|juluppehåll|vi ses igen|vi ses åter|ses vi igen|on holiday|on vacation|abonnerat|abonnerad|fully booked',
);
const AWAY_ALONE = vocabulary('semester sommarlov jullov sportlov påsklov inställt inställd sommarledigt');

/** Whether a line is a notice of closing; `mentions` where it is a notice, but does not close the restaurant today. */
export function closingOf(line: string, date?: string): Closing {
  const text = line.toLowerCase();
  const found = clausesOf(text).map((clause) => closingOfClause(clause, date));
  const isOpenOtherwise =
    wordsIn(text).some((word) => /^öppe[tn]$|^öppna$/u.test(word)) &&
    !hasPhrase(wordsIn(text), ['idag', 'igen', 'åter', 'i dag']);
  if (found.includes('closes')) return isOpenOtherwise ? 'mentions' : 'closes';
  return found.find((closing) => closing !== undefined);
}

/** A comma or full stop before a figure belongs to a date or a time. */
const clausesOf = (text: string) => text.split(/[.!?;,](?=\s|$)(?!\s*\p{N})|\s(?:men|but)\s/u);

function closingOfClause(clause: string, date?: string): Closing {
  const tokens = tokensIn(clause);
  const words = tokens.filter(isWord);
  const named = namedDay(words);
  if (named !== undefined) return named;
  const shut = words.findIndex(isShut);
  if (shut !== -1) return closingAt(clause, tokens, shut, date);
  if (hasPhrase(words, NOTHING_SERVED)) return closesOnDays(tokens, date);
  if (isReopening(clause, tokens, date) || hasPhrase(words, AWAY)) return 'closes';
  const isAway =
    words.some((word) => AWAY_ALONE.has(word)) && words.every((word) => AWAY_ALONE.has(word) || isOfCalendar(word));
  return isAway ? closesOnDays(tokens, date) : undefined;
}

const isShut = (word: string) =>
  word === 'closed' || (/stäng(?:t|d|da)$/u.test(word) && !/^(?:av|in|ut|upp)stäng/u.test(word));

const isOfCalendar = (word: string) =>
  isNumber(word) ||
  weekdayOf(word) > 0 ||
  monthOf(word, '1') > 0 ||
  ['e', 'a', 'den', 'v', 'vecka', 'idag', 'i', 'dag', 'till', 'och'].includes(word);

/** A line that is nothing but the name of a day, perhaps with its date. */
function namedDay(words: readonly string[]): Closing {
  const undated = words.filter((word) => weekdayOf(word) === 0);
  const spoken = [
    undated,
    undated.filter((word) => !isNumber(word) && monthOf(word, '1') === 0),
    words.filter((word) => word !== 'jul' && !isOfCalendar(word)),
  ];
  const names = [...spoken.map((list) => list.join(' ')), words.filter((word) => !isNumber(word)).join(' ')];
  if (names.some((name) => PUBLIC_HOLIDAYS.has(name))) return 'closes';
  return names.some((name) => OPEN_DAYS.has(name)) ? 'mentions' : undefined;
}

function closingAt(clause: string, tokens: readonly string[], shut: number, date?: string): Closing {
  const words = tokens.filter(isWord);
  const before = words.slice(0, shut);
  const after = words.slice(shut + 1);
  const isSaidOfSomething = before.some((word) =>
    ['är', 'hålls', 'håller', 'har', 'blir', 'is', 'are', 'be'].includes(word),
  );
  const follower = after[0];
  const isFood =
    !words[shut]?.endsWith('stängt') &&
    !isSaidOfSomething &&
    follower !== undefined &&
    !AFTERWARDS.has(follower) &&
    !isOfCalendar(follower);
  if (isFood) return undefined;
  if (before.some((word) => NEGATIONS.has(word)) || ['ej', 'inte'].includes(follower ?? '')) return 'mentions';
  const subject = before.findLast((word) => !FILLERS.has(word) && !isOfCalendar(word));
  if (subject !== undefined && !isWholeHouse(subject, before)) return 'mentions';
  if (/(?:kl\.?|klockan|efter|after) ?\d|\d[.:]\d\d/u.test(clause)) return 'mentions';
  const isOnNamedDay = ['på', 'under', 'on'].includes(follower ?? '') && namedDay(after.slice(1)) !== undefined;
  if (isOnNamedDay) return 'mentions';
  const shutAt = tokens.findIndex(isShut);
  const untilReopening = tokens.findIndex((token, index) => index > shutAt && REOPENING.has(token));
  return closesOnDays(untilReopening === -1 ? tokens : tokens.slice(0, untilReopening), date);
}

function isWholeHouse(subject: string, before: readonly string[]): boolean {
  if (HOUSE.test(subject) || NAMES_OF_HOUSES.has(subject)) return true;
  // `På grund av sjukdom håller vi stängt`
  if (Math.max(before.lastIndexOf('vi'), before.lastIndexOf('we')) > before.lastIndexOf(subject)) return true;
  if (before.some((word) => /^(?:restaurang|restaurant)/u.test(word))) return true;
  const spoken = before.join(' ');
  return [...PUBLIC_HOLIDAYS, ...OPEN_DAYS].some((day) => spoken.includes(day));
}

function closesOnDays(tokens: readonly string[], date?: string): Closing {
  return daysMeant(tokens, date) === 'other' ? 'mentions' : 'closes';
}

/** `Vi öppnar måndag vecka 33` closes today; `Vi öppnar 10:30` tells the hours of an open day. */
function isReopening(clause: string, tokens: readonly string[], date?: string): boolean {
  const words = tokens.filter(isWord);
  const at = words.findIndex((word) =>
    ['öppnar', 'återöppnar', 'reopen', 'reopens', 'åter', 'tillbaka'].includes(word),
  );
  const isEnglish = hasPhrase(words, ['we open on', 'we open again', 'open again on', 'back on']);
  if ((at === -1 && !isEnglish) || daysMeant(tokens, date) === 'today') return false;
  const rest = words.slice(at + 1);
  if (words[at] === 'åter') return rest[0] === 'den' || isNumber(rest[0] ?? '');
  const isWithDay = rest.some(
    (word, index) =>
      weekdayOf(word) > 0 || monthOf(word, rest[index - 1]) > 0 || ['v', 'vecka', 'imorgon'].includes(word),
  );
  if (words[at] === 'tillbaka') return isWithDay || /^\d/u.test(rest[0] ?? '');
  if (/\d[.:]\d\d|kl\.? ?\d|klockan/u.test(clause) && !isWithDay) return false;
  return (
    isEnglish ||
    isWithDay ||
    rest.includes('igen') ||
    rest.includes('åter') ||
    /\d\/\d/u.test(clause) ||
    words[at] !== 'öppnar'
  );
}

/**
 * Days with names: holidays, eves and days between, which restaurants write where others write a date. Pure; when they are
 * is calendar.ts's to say.
 */
import { Temporal } from 'temporal-polyfill';
import { holidaysOf } from './calendar.ts';
import { isNumber, monthOf, phrases, weekdayOf } from './wording.ts';

/** The day that names stand for, as days after a holiday of calendar.ts, and how many days follow it. */
type Names = readonly [names: string, holiday: string, daysAfter?: number, more?: number];

const PUBLIC_HOLIDAYS: readonly Names[] = [
  ['nyårsdagen|new years day', 'Nyårsdagen'],
  ['trettondag jul|trettondedag jul|trettondedagjul|trettondagen|trettondedagen|trettondag', 'Trettondedag jul'],
  ['långfredag|långfredagen|good friday', 'Långfredagen'],
  ['påskdagen', 'Påskdagen'],
  ['annandag påsk|annandagen påsk|easter monday', 'Annandag påsk'],
  ['första maj|1 maj|1 a maj|1a maj', 'Första maj'],
  [
    'kristi himmelsfärd|kristi himmelsfärdsdag|kristi himmelsfärds dag|kristi himmelfärd|kristi himmelfärdsdag|kristi himmelfärds dag|ascension day',
    'Kristi himmelsfärdsdag',
  ],
  ['pingstdagen', 'Pingstdagen'],
  ['sveriges nationaldag|nationaldagen|nationaldag|national day', 'Sveriges nationaldag'],
  ['midsommar|midsommarafton|midsummer eve|midsummers eve', 'Midsommarafton'],
  ['midsommardagen', 'Midsommardagen'],
  ['alla helgons dag|allhelgonadagen', 'Alla helgons dag'],
  ['julafton|christmas eve', 'Julafton'],
  ['juldagen|christmas day', 'Juldagen'],
  ['annandag jul|annandagen jul|annandag|boxing day', 'Annandag jul'],
  ['nyårsafton|new years eve', 'Nyårsafton'],
];
/** On which lunch is served. */
const OPEN_DAYS: readonly Names[] = [
  ['skärtorsdag|skärtorsdagen|maundy thursday', 'Långfredagen', -1],
  ['valborg|valborgsmässoafton|valborgsmässoaftonen|sista april', 'Första maj', -1],
  ['påskafton', 'Påskdagen', -1],
  ['pingstafton', 'Pingstdagen', -1],
  ['trettondagsafton|trettondedagsafton', 'Trettondedag jul', -1],
  ['alla helgons afton|allhelgonaafton', 'Alla helgons dag', -1],
  ['lucia|luciadagen', 'Julafton', -11],
  ['fettisdag|fettisdagen', 'Påskdagen', -47],
  ['alla hjärtans dag', 'Nyårsdagen', 44],
  ['halloween', 'Julafton', -54],
];
/** Beginnings or ends of a closing, as in `mellan jul och nyår`; by themselves they are no days. */
const SEASONS: readonly Names[] = [
  ['jul|christmas', 'Julafton'],
  ['nyår|new year', 'Nyårsdagen'],
  ['påsk|easter', 'Långfredagen'],
  ['midsummer', 'Midsommarafton'],
  ['mellandagarna', 'Julafton', 3, 3],
  ['julhelgen', 'Julafton', 0, 2],
  ['nyårshelgen', 'Nyårsafton', 0, 1],
  ['påskhelgen', 'Långfredagen', 0, 3],
  ['midsommarhelgen', 'Midsommarafton', 0, 2],
];
/** No holidays of one date: who writes one of these means the day of the menu. */
const HOLIDAYS_OF_NO_DATE = new Set(
  phrases('klämdag|klämdagen|röd dag|dag före röd dag|helgdag|public holiday|bank holiday'),
);
const OPEN_DAYS_OF_NO_DATE = phrases('mors dag|fars dag|halvdag');
const GREETINGS = phrases('god|gott|glad|trevlig|skön|merry|happy');

const namesIn = (table: readonly Names[]) => table.flatMap(([names]) => phrases(names));
const HOLIDAY_NAMES = new Set([...namesIn(PUBLIC_HOLIDAYS), ...HOLIDAYS_OF_NO_DATE]);
const OPEN_DAY_NAMES = new Set([...namesIn(OPEN_DAYS), ...OPEN_DAYS_OF_NO_DATE]);
const PLACES = new Map(
  [...PUBLIC_HOLIDAYS, ...OPEN_DAYS, ...SEASONS].flatMap(([names, holiday, daysAfter = 0, more = 0]) =>
    phrases(names).map((name) => [name, { holiday, daysAfter, more }] as const),
  ),
);
const MOST_WORDS = 3;

/** What kind of day words name, perhaps with its date and weekday, if they say nothing else. */
export function namedDay(words: readonly string[]): 'holiday' | 'open day' | undefined {
  const undated = words.filter((word) => weekdayOf(word) === 0 && !['v', 'vecka', 'den', 'e', 'a'].includes(word));
  const unnumbered = undated.filter((word) => !isNumber(word));
  // `Good Friday` holds a weekday, `annandag jul` what may be a month, and `1 maj` both
  const spoken = [words, undated, unnumbered, unnumbered.filter((word) => monthOf(word, '1') === 0)];
  const names = spoken.map((list) => list.join(' '));
  if (names.some((name) => HOLIDAY_NAMES.has(name))) return 'holiday';
  return names.some((name) => OPEN_DAY_NAMES.has(name)) ? 'open day' : undefined;
}

/** The tokens of a notice with the date of each day that is named: `från 24/12` for `från julafton`; without `date` without. */
export function withDatesOfNames(tokens: readonly string[], date?: string): string[] {
  const dated: string[] = [];
  for (let at = 0; at < tokens.length; ) {
    const length = lengthOfName(tokens, at);
    const name = tokens.slice(at, at + length).join(' ');
    dated.push(...(length === 0 ? tokens.slice(at, at + 1) : tokensOfDay(name, date)));
    at += Math.max(1, length);
  }
  return dated;
}

function lengthOfName(tokens: readonly string[], at: number): number {
  const before = tokens[at - 1] ?? '';
  // `24 jul` is in July, and `god jul` a greeting
  if (isNumber(before) || isNumber(tokens[at] ?? '') || GREETINGS.includes(before)) return 0;
  for (let length = MOST_WORDS; length > 0; length--) {
    const name = tokens.slice(at, at + length).join(' ');
    if (at + length <= tokens.length && (PLACES.has(name) || HOLIDAYS_OF_NO_DATE.has(name))) return length;
  }
  return 0;
}

function tokensOfDay(name: string, date?: string): string[] {
  const place = PLACES.get(name);
  if (place === undefined || date === undefined) return [];
  const holidays = holidaysOf(Temporal.PlainDate.from(date).year);
  const holiday = [...holidays].find(([, called]) => called === place.holiday)?.[0];
  // a holiday that another one coincides with goes by the name of that
  if (holiday === undefined) return [];
  const tokens = ({ day, month }: Temporal.PlainDate) => [`${day}`, '/', `${month}`];
  const first = Temporal.PlainDate.from(holiday).add({ days: place.daysAfter });
  return place.more === 0 ? tokens(first) : [...tokens(first), '-', ...tokens(first.add({ days: place.more }))];
}

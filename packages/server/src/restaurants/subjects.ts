/**
 * Of what a sentence says that it is closed, away or opens again: of the restaurant, or of its terrace and its cook. Pure.
 */
import { seedRestaurants } from './seed.ts';
import { isNumber, monthOf, vocabulary, weekdayOf, wordsIn } from './wording.ts';

/** What a sentence may hold between its subject and its verb. */
const FILLERS = vocabulary(
  'är var blir har håller hålls vara kommer att vi nu idag i dag tyvärr helt tillfälligt även också fortfarande därför dagen dagens veckan hela alla obs info information på grund av pga detta denna med and is are were we will be have currently temporarily sorry today unfortunately the den det som för så då och ny v vecka week e a from från fom till tom mellan between on in under fram',
);
/** The restaurant, and what it cannot serve lunch without. */
const HOUSE =
  /^(?:(?:\p{L}*restaurang(?:en|erna)?|\p{L}*kök(?:et)?|\p{L}*matsal(?:en)?|lunch(?:en|serveringen)?|\p{L}*krog(?:en)?|bistron?|kantinen?|huset|här|restaurants?|kitchen|canteen|allt)|\p{L}*semester|sommar|jul|påsk|summer|easter|christmas)$/u;
const NAMES_OF_HOUSES = new Set(seedRestaurants.flatMap(({ name }) => wordsIn(name)).filter((word) => word.length > 2));

export const isHouse = (word: string) => HOUSE.test(word) || NAMES_OF_HOUSES.has(word);

export const isFiller = (word: string) => FILLERS.has(word) || isOfCalendar(word);

export const isOfCalendar = (word: string) =>
  isNumber(word) ||
  weekdayOf(word) > 0 ||
  monthOf(word, '1') > 0 ||
  ['e', 'a', 'den', 'v', 'vecka', 'idag', 'i', 'dag', 'till', 'och'].includes(word);

/** Whether the words before a verb tell of the whole restaurant; no subject is the restaurant. */
export function isOfHouse(before: readonly string[]): boolean {
  const at = before.findLastIndex((word) => !isFiller(word));
  if (at === -1 || isHouse(before[at] ?? '')) return true;
  // `På grund av sjukdom håller vi stängt`, but not `Terrassen håller vi stängd`
  const isOwn = Math.max(before.lastIndexOf('vi'), before.lastIndexOf('we')) > at;
  if (isOwn && at > 0 && !/^(?:vår|vårt|våra|our|the)$/u.test(before[0] ?? '')) return true;
  return before.some((word) => /^restaurang(?:en)?$/u.test(word));
}

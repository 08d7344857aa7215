/**
 * Lines in which the restaurant speaks to its guests: that it is closed, that there is no menu, greetings and courtesies.
 * Promises linear work; what is merely a price or a time is left to terms.ts.
 */
import { closingOf } from './closings.ts';
import { isMeat } from './meat.ts';
import { namedDay } from './namedDays.ts';
import { isHouse } from './subjects.ts';
import { isOfferOnly } from './terms.ts';
import { beginsWithPhrase, hasPhrase, phrases, weekdayOf, wordsIn } from './wording.ts';

/** Said anywhere in a line, they make it a notice. */
const SAID = phrases(
  'glad påsk|glad jul|glad sommar|glad midsommar|god jul|god helg|god sommar|god fortsättning|god aptit|gott nytt|trevlig helg|trevlig sommar|trevlig jul|trevlig påsk|trevlig midsommar|trevlig semester|trevlig vecka' +
    '|trevlig dag|trevlig lunch|trevlig fredag|trevlig kväll|skön helg|skön sommar|skön semester|skön påsk|härlig sommar|härlig helg|fin helg|fin sommar|fin dag|smaklig måltid|bon appétit|bon appetit|enjoy your meal|enjoy your lunch' +
    '|happy easter|happy midsummer|happy holidays|happy new year|merry christmas|nice weekend|nice day|great weekend|great summer|lovely summer|varmt välkommen|varmt välkomna|hjärtligt välkomna|hjärtligt välkommen|väl mött|ses vi|vi ses|see you' +
    '|lunchen är slut|slut för idag|slut för i dag|slut för dagen|slut idag|sold out|slutsåld|slutsålt|ingen meny|saknar meny|no menu|meny saknas|menyn saknas|menyn kommer|meny kommer|menyn uppdateras|meny uppdateras|menyn publiceras|meny publiceras|menyn presenteras|menyn ej|meny ej' +
    '|menu not|menu unavailable|menu coming|menu is not|kommer inom kort|kommer snart|coming soon|information saknas|stänger kl|stänger tidigare|stänger redan|vi stänger|begränsad meny|begränsade öppettider|begränsad öppettid' +
    '|på grund av sjukdom|på grund av renovering|på grund av ombyggnad|på grund av strömavbrott|på grund av personalbrist|pga sjukdom|pga renovering|pga ombyggnad|pga strömavbrott|pga personalbrist|ber om ursäkt|tack för|tack till|thank you|thanks for' +
    '|hälsar personalen|med vänlig hälsning|önskar vi|vi önskar|önskar er|önskar alla|nya öppettider|ändrade öppettider|avvikande öppettider|separat meny|separat anslag|se hemsidan|se menyn|se vår|see our|see website|see menu|fullbokat|fullbokad|fully booked|renovering pågår|under uppdatering|inte klar|är ej klar',
);

/** A line that begins so is a sentence to the guests and no dish. */
const BEGINNINGS = phrases(
  'vi|ni|du kan|du får|du som|du är|du hittar|du väljer|du betalar|we|you|our kitchen|vårt kök|hej|hejsan|hello|hi|dear|kära|bästa gäst|bästa gäster|bästa lunchgäst|bästa lunchgäster|bästa kund|bästa kunder|bästa vänner|bästa alla|ha en|ha det|ha ett|have a|tack|thanks|följ|follow|boka|förboka|beställ|book your|book a|book table|order online|besök|visit|gilla oss|like us|hitta oss|find us|read more' +
    '|se www|se http|se https|se hemsida|se webbplatsen|se facebook|se instagram|se även|se separat|se anslag|see www|see http|see https|see the|missa inte|glöm inte|kom och|kom in|kom förbi|kom ihåg|kom gärna|kom i tid|come in|come and|join us|välkommen|välkomna|välkommna|vällkommen|welcome' +
    '|hoppas|önskar|vill du|vill ni|är du|har ni frågor|obs|observera|notera|please|vänligen|tyvärr|unfortunately|sorry|förlåt|ursäkta|på grund av|pga|due to|because of|läs|ring|call us|maila|mejla|scanna|skanna|ladda ner|download|swisha' +
    '|för mer information|mer information|mer info|more info|nu är det|nu öppnar|öppet som vanligt|öppet idag|open as usual|ny meny|new menu|nästa vecka|next week|information|info kommer|trevlig valborg|glad valborg|det är|då ses|ses på|ses i|enjoy|njut av|ät gott|på återseende|tills dess|nyhet snart|nu söker|lediga jobb|hälsningar|mvh|puss|kram|med vänliga|menu will|menyn|kommande|uppdateras|inväntar|avvaktar|serveringen|serveringspersonal|ingen menu',
);
/** Sentences that tell of food: `Vi serverar pannbiff` is a dish, as `Vi serverar lunch 11-14` is not. */
const TELLING_OF_FOOD = phrases(
  'vi serverar|vi bjuder på|vi rekommenderar|vi lagar|idag serverar vi|idag är det|det blir|we serve|obs',
);
const DENIALS = phrases('ingen|inget|inga|ingenting|no|none');
const DENIED = phrases(
  'idag|i dag|today|information|info|serveras|tyvärr|finns|tillgänglig|tillgängligt|available|lunch|meny|menu',
);
const COURTESIES = new Set(
  phrases(
    'beklagar|gästerna|hurra|grattis|nyhet|nyheter|news|okänt|okänd|saknas|tba|tbd|tbc|n a|info|kommer|inget|smaklig spis|lorem ipsum|test',
  ),
);

/**
 * What a line says to the guests, or undefined where it says nothing to them. `about` is the label before the text, where
 * that tells what is closed or when; `date` the day that it is read on.
 */
export function noticeOf(text: string, about = '', date?: string): { readonly closes: boolean } | undefined {
  const closing = closingOf(`${about} ${text}`, date);
  if (closing !== undefined) return { closes: closing === 'closes' };
  return isToGuests(text) ? { closes: false } : undefined;
}

/** Where a sentence ends, or a courtesy may be put behind the dish. */
const BREAKS = /[.!?](?=\s|$)|,(?=\s)| [-–—] /gu;

/**
 * The food in a line that is a notice otherwise: `Köttbullar` in `Köttbullar. Trevlig helg!`, which stands before the first
 * clause to the guests. Behind it, food has to be known by its meat: sentences to guests have many words.
 */
export function foodBesideNotice(text: string): string | undefined {
  const clauses = clausesIn(text);
  const first = clauses.find((clause) => clause.isToGuests);
  if (first === undefined) return undefined;
  // `Terrassen, stängd på fredag` is one sentence
  if (first.from > 0) return first.isClosing && !first.isNewSentence ? undefined : foodIn(text.slice(0, first.after));
  if (clauses.some(({ isClosing }) => isClosing)) return undefined;
  const food = clauses.find(
    ({ isToGuests, isNewSentence, words }) => !isToGuests && isNewSentence && words.some(isMeat),
  );
  const next = clauses.find(({ from, isToGuests }) => food && isToGuests && from > food.from);
  return food && text.slice(food.from, next?.after);
}

/** The clauses of a text: from where they go and after which place, and what they say. */
function clausesIn(text: string) {
  const breaks = [...text.matchAll(BREAKS)];
  return [undefined, ...breaks].map((mark, index) => {
    const from = mark ? mark.index + mark[0].length : 0;
    const clause = text.slice(from, breaks[index]?.index);
    const isClosing = closingOf(clause) !== undefined;
    return {
      from,
      after: mark?.index ?? 0,
      words: wordsIn(clause),
      isClosing,
      isToGuests: isClosing || isToGuests(clause),
      isNewSentence: /^[.!?]/u.test(mark?.[0] ?? ''),
    };
  });
}

function foodIn(text: string): string | undefined {
  const words = wordsIn(text);
  return isOfferOnly(words) || words.some((word) => isHouse(word)) ? undefined : text;
}

function isToGuests(text: string): boolean {
  const words = wordsIn(text);
  // a lone address such as hej@example.org, and what is said of the offer: terms.ts
  if (/^\S+[@.]\p{L}\S*$/u.test(text) || beginsWithPhrase(words, ['vi reserverar'])) return false;
  if (hasPhrase(words, SAID) || COURTESIES.has(words.join(' '))) return true;
  if (beginsWithPhrase(words, DENIALS) && hasPhrase(words, DENIED)) return true;
  if (beginsWithPhrase(words, ['läs mer', 'se', 'besök', 'see', 'visit']) && hasPhrase(words, MENU_PLACES)) return true;
  const telling = TELLING_OF_FOOD.find((phrase) => beginsWithPhrase(words, [phrase]));
  if (telling !== undefined) {
    const told = words.slice(telling.split(' ').length);
    const isOfNoFood = isOfferOnly(told) || namedDay(told) !== undefined || told[0]?.startsWith('lunch') === true;
    return isOfNoFood || hasPhrase(told, ['ingen', 'inte', 'oss', 'er']);
  }
  if (isGreetingByDay(words)) return true;
  return beginsWithPhrase(words, BEGINNINGS);
}

const MENU_PLACES = phrases(
  'meny|menyn|menyerna|hemsida|hemsidan|webbplats|webbplatsen|website|webb|webben|anslag|facebook|instagram|menu|homepage|web|tavlan|skylten',
);

/** `Glad måndag!` */
const isGreetingByDay = (words: readonly string[]) =>
  words.length === 2 &&
  beginsWithPhrase(words, ['glad', 'god', 'happy', 'härlig', 'trevlig']) &&
  weekdayOf(words[1] ?? '') > 0;

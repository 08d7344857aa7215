/**
 * Lines about the offer and not about a dish: prices, hours, weeks, what is included, allergens, how to reach the place.
 * Promises that a line with food besides the price stays food: every word has to be a word of the offer, or the line has
 * to begin with a phrase that no dish begins with.
 */
import { isDietWord } from './dietWords.ts';
import { beginsWithPhrase, isNumber, isPrice, monthOf, phrases, vocabulary, weekdayOf, wordsIn } from './wording.ts';

const OFFER = vocabulary(
  `dagens lunch lunchen luncher luncherna lunchbuffé lunchbuffén lunchbuffe lunchbuffen lunchpris lunchmeny lunchmenyn lunchkupong lunchkuponger lunchkort lunchhäfte lunchtid
  rätt rätten rätter rätterna maträtt lunchrätt lunchrätter lunchrätten varmrätt varmrätter buffé buffén buffe buffet buffeten buffébord pris priset priser priserna portion portionen portioner alla samtliga student studenter studentpris
  studenträtt pensionär pensionärer pensionärspris seniorer ordinarie ord take away takeaway studentrabatt rabatt avhämtning hämtning hämta hämtpris catering salladsbuffé salladsbuffén hel halv halva liten lilla stor stora större mindre barn barnportion barnpris
  barnmeny vuxen vuxna för med och i till vid av à a la carte per person personer st styck all today todays of the day dish dishes price prices meal meals weekly veckans månadens menu meny menyn från from kr kronor sek krona öre
  exkl exklusive inkl inklusive inkluderar inkluderat inkluderad inkluderas inkluderade ingår incl including inclusive included include includes is are at or eller samt and with alltid always endast bara rabatt rabatterat extra tillägg
  kl klockan mellan till tom from fom öppet öppettider öppettid öppen öppna öppnar stänger opening hours open close closes closed serveras serverad serveringstid servering served serve serving between until vardagar vardag helgfria helger helg helgen weekdays weekend
  weekends varje every dagligen daily vecka veckan v week w e den idag dag dagar dagen s köket kitchen restaurang restaurangen restaurant restaurants frukost breakfast middag dinner kväll happy hour brunch fika after work afterwork aw
  tel telefon telefonnummer tfn tlf phone mobil ring mail mejl epost post email web webb webbplats hemsida hemsidan www http https facebook instagram fb adress besöksadress address info kontakt contact orgnr org nr box
  kontant kontanter kort kortbetalning kontantfritt kontantfri swish betalning betala tar tas emot ej inte rikskuponger moms vat utan gäller gäll finns går även också att köpa som på begäran önskemål request upon available option options alternativ alternativet
  gluten glutenfri glutenfritt glutenfria laktos laktosfri laktosfritt laktosfria fritt fria mjölkfritt vegetarisk vegetariskt vegetariska vegansk veganskt veganska vegan veg vego vegetarian
  gästerna gäster anställda personal personalpris värde ca cirka ungefär min minuter först stämpelkort klipp klippkort häfte tiokort presentkort startar slutar hela torget just nu our we våra vårt vår lunchtider lunchöppet dagens valfri valfria valfritt any choose`,
);
/** What comes with every dish, so that it tells of none. */
const SIDES = vocabulary(
  'kaffe te kaka kakor fikabröd dryck drycker måltidsdryck läsk lättöl öl vatten bordsvatten mineralvatten saft juice mjölk smör bröd hembakat nybakat hembakt nybakt surdegsbröd knäckebröd mjukt hårt sallad sallader salladsbord salladsbordet salladsbar salladsbaren salladsbuffé salladsbuffe salladsbuffen salladsbuffén råkost frukt dessert efterrätt kaffebuffé soppa soppbuffé husets stort fräsch fräscha vår egen god goda hemgjord hemgjort något gott liten sött salad salads bar bread butter coffee tea water cookie cake soup drink drinks soft beverage beverages fresh homemade tillbehör påtår hummus glass choklad tilltugg dressing',
);
const BEFORE_A_SIDE = vocabulary('dagens veckans husets stor liten hel todays');
const INCLUSION = vocabulary(
  'inkl inklusive inkluderar inkluderat inkluderas ingår incl including inclusive included include includes',
);
const SIGNALS = vocabulary(
  'finns serveras öppet öppettider kontantfritt kortbetalning swish rikskuponger available request served tillägg rabatt open facebook instagram telefon tel epost betala kontanter lunchkort lunchhäfte klippkort dagligen endast studentrabatt',
);
/** No dish begins so. */
const BEGINNINGS = phrases(
  'öppettider|öppettid|lunchtider|opening hours|med reservation för|reservation för|vi reserverar oss|reserverar oss|allergi|allergier|allergisk|allergiker|allergener|allergens|allergen|allergies|allergic|matallergi|har du allergi|har du allergier|har du någon allergi|har du några|har ni allergier|har du specialkost|fråga|ask the|ask us|ask our|ask for|kontakta|vid allergi|vid allergier|vid frågor|vid beställning|specialkost' +
    '|meddela|för allergier|för information|information om allergener|kan innehålla|may contain|innehåller|contains|ingredienser|ingredients|ursprung|köttets ursprung|allt kött|allt vårt kött|all vår|all kyckling|allt vårt|i priset|i lunchen|i alla rätter|i luncherna|i lunchpriset|i buffén|i menyn|till lunchen|till alla|till samtliga|till varje|alla våra|alla rätter|alla lunchrätter|alla luncher|samtliga|våra rätter' +
    '|all dishes|all meals|all our|all lunches|every dish|lunch includes|lunch serveras|lunchen serveras|lunch served|lunch is served|serveras mellan|serveras kl|serveringstid|priset|price includes|includes|including|inklusive|inkl|ingår|alltid ingår|included|tel|telefon|tfn|besöksadress|adress|address|kontaktuppgifter|e post|org nr|måltidsdryck ingår|salladsbord ingår|glutenfritt bröd|gluten och laktosfritt|glutenfritt alternativ|laktosfritt alternativ|med förbehåll|rätt till ändringar|menyn kan|menu may|subject to|we reserve|do you have any|let us know|tell us|please inform|kontantfri|endast kort|vi tar|we accept|we only accept',
);
const STREET = /(?:gatan|vägen|gränd|torget|allén|stigen|backen)$|^(?:väg|gata|street|road)$/u;

/** Whether a text, which follows `label` in its line, is about the offer. */
export function isTerms(text: string, label = ''): boolean {
  if (isWayToReach(text) || (label !== '' && isPrice(text))) return true;
  const words = wordsIn(text);
  const inLabel = wordsIn(label);
  if (beginsWithPhrase(inLabel, BEGINNINGS) || beginsWithPhrase(words, BEGINNINGS)) return true;
  if (/^[([]?\p{L}{1,3}[)\]]? ?=/u.test(text)) return true;
  return isAboutOffer([...inLabel, ...words]) || isAboutIncluded(text);
}

/** Whether words name the offer and nothing in particular. */
export function isOfferOnly(words: readonly string[]): boolean {
  return words.every((word, index) => isOfOffer(word, words[index - 1]) || SIDES.has(word));
}

const isOfOffer = (word: string, before?: string) =>
  OFFER.has(word) || isNumber(word) || weekdayOf(word) > 0 || monthOf(word, before) > 0;

function isAboutOffer(words: readonly string[]): boolean {
  const hasInclusion = words.some((word) => INCLUSION.has(word));
  const isSigned = hasInclusion || words.some((word) => isNumber(word) || SIGNALS.has(word));
  return isSigned && (hasInclusion || !isSoldAlone(words)) && isOfferOnly(words);
}

/** A side that is sold by itself is a dish, unless it is a drink: `Sallad 85 kr`, `Vegetarisk soppa med bröd 85 kr`. */
function isSoldAlone(words: readonly string[]): boolean {
  const at = words.findIndex((word) => !isNumber(word) && !isDietWord(word) && !BEFORE_A_SIDE.has(word));
  const sold = words[at] ?? '';
  if (/^buff/u.test(sold)) return words.slice(0, at).some(isDietWord);
  return /^(?:sallad|soppa|salad|soup|bröd|frukt|dessert|glass)/u.test(sold) && !OFFER.has(sold);
}

/** `I priset ingår hummus` and `Hembakat bröd och kaffe ingår`, but not `Pannbiff med lök, sallad ingår`. */
function isAboutIncluded(text: string): boolean {
  const words = wordsIn(text);
  const at = words.findIndex((word) => INCLUSION.has(word));
  if (at === -1) return false;
  const isGeneral = words
    .slice(0, at)
    .every(
      (word, index) =>
        isOfOffer(word, words[index - 1]) || SIDES.has(word) || /(?:bröd|sallad|buffé|vatten|dryck|kaka)$/u.test(word),
    );
  const afterDash = text.split(/ [-–—] |: /u).slice(1);
  const isDishAfterDash =
    afterDash.some((piece) => !isOfferOnly(wordsIn(piece))) &&
    at < wordsIn(text.split(/ [-–—] |: /u)[0] ?? '').length - 1;
  if (!isGeneral || isDishAfterDash) return false;
  // a capital letter after a figure and a price begins the dish: `Dagens inkl. kaffe 115 kr Biff Rydberg`
  return !/(?:kr|:-|,-)\.? \p{Lu}/u.test(text) || isOfferOnly(words);
}

/** Links, mail and street addresses, telephone numbers. */
function isWayToReach(text: string): boolean {
  const tokens = text.split(' ');
  const isLink = (token: string) =>
    /^(?:https?:|www\.)/iu.test(token) ||
    /^[\w.+-]{1,64}@[\w-]+\.\w/u.test(token) ||
    /^[\w-]{2,60}\.(?:se|com|nu|org|net|eu)(?:\/|$)/iu.test(token);
  const isHandle = (token: string) => /^[@#]\p{L}/u.test(token);
  const rest = tokens.filter((token) => !isLink(token) && !isHandle(token));
  if (rest.length < tokens.length && (isOfferOnly(wordsIn(rest.join(' '))) || rest.length <= 1)) return true;
  const isStreet =
    tokens.length <= 7 &&
    tokens.some((token, index) => STREET.test(token.toLowerCase()) && /^\d/u.test(tokens[index + 1] ?? ''));
  return (
    isStreet ||
    (tokens.length <= 5 && /(?<!\p{N})\d{3} \d{2} \p{Lu}\p{Ll}+$/u.test(text)) ||
    /^(?:\+46|0\d{1,3}-)[\d -]+$/u.test(text)
  );
}

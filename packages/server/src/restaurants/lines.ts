/**
 * What a menu line is. `readLine` classifies one raw line; `readMenu` reads a whole raw menu, in which labels reach down
 * to the dishes after them and fragments join the line before.
 * Word edges are Unicode-aware throughout: `\b` takes å ä ö for the end of a word, and `oststänger` for closed.
 */
import { cleanText } from './cleanText.ts';
import { type Diet, dietOf } from './diet.ts';

/** One raw line, read by itself. */
export interface Line {
  readonly kind: 'dish' | 'label' | 'notice' | 'terms' | 'fragment' | 'empty';
  /** The clean text; of a dish or notice without its label. */
  readonly clean: string;
  /** The label before the colon, without it. */
  readonly label?: string;
  readonly diet?: Diet;
  /** True where the diet is not said of the dish itself. */
  readonly dietIsGuess?: true;
  /** Of a notice: true when it says that the restaurant is closed. */
  readonly closes?: true;
}

export interface Dish {
  readonly name: string;
  readonly label?: string;
  readonly diet?: Diet;
  readonly dietIsGuess?: true;
}

export interface Notice {
  readonly text: string;
  /** True when it says that the restaurant is closed. */
  readonly closes: boolean;
}

export interface MenuLines {
  readonly dishes: readonly Dish[];
  /** Each text once. */
  readonly notices: readonly Notice[];
}

const wholeWords = (alternatives: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, 'iu');
const wholeLine = (pattern: string) => new RegExp(`^[^\\p{L}\\p{N}]*(?:${pattern})[^\\p{L}\\p{N}]*$`, 'iu');

const WEEKDAY = '(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en|ar|s)?|(?:mon|tues|wednes|thurs|fri|satur|sun)day';
const DATE =
  '\\d{1,2}(?:[/.]\\d{1,2}|(?::?[ae])? (?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december))';
const HOLIDAY =
  'nyårsdagen|nyårsafton|tretton(?:de)?dag(?:en)?(?: jul)?|trettondagsafton|skärtorsdag(?:en)?|långfredag(?:en)?|påskafton|påskdagen' +
  '|annandag(?:en)? (?:påsk|jul)|första maj|1:?a? maj|valborg(?:smässoafton)?|kristi himm?els?färd(?:s ?dag(?:en)?)?|pingst(?:dagen|afton)?' +
  '|sveriges nationaldag|nationaldagen|midsommar(?:afton|dagen)?|alla helgons (?:dag|afton)|julafton|juldagen|klämdag(?:en)?|(?:dag före )?röd dag|helgdag(?:en)?' +
  '|(?:good|easter) (?:friday|monday)|public holiday|bank holiday';

const CLOSED = [
  // any compound of stängt (sommarstängt, julstängd), but not what is merely shut off (avstängd)
  /(?<!\p{L})(?!(?:av|in|ut)stäng)\p{L}*stäng(?:t|d|da)(?!\p{L})/iu,
  wholeWords(
    'closed|inga (?:måltider|luncher|rätter) serveras|(?:serverar|serveras|är det) (?:ingen|inte|ej) (?:någon )?lunch',
  ),
  wholeWords(
    '(?:ingen|inställd|no) (?:lunch|lunchservering|servering|service)(?: (?:idag|i dag|today))?|lunchen är inställd',
  ),
  wholeWords(
    '(?:har|på|tar) (?:semester|sommarlov|sommaruppehåll|jullov|ledigt|lov)|sommaruppehåll|juluppehåll|vi ses (?:igen|åter)|(?:är )?tillbaka (?:igen )?(?:på |den |i )?(?:\\p{L}+dag|\\d{1,2}|januari|augusti)',
  ),
  wholeLine('(?:semester|sommarlov|jullov|sportlov|inställt|inställd)(?: idag| i dag)?'),
  wholeWords(
    'vi öppnar|öppnar (?:åter|igen)|åter(?:öppnar)? (?:den )?\\d{1,2}|we (?:re)?open (?:again )?on|on holiday|on vacation',
  ),
  wholeLine(`(?:(?:${WEEKDAY}|${DATE})[ ,.-]+)*(?:${HOLIDAY})(?:[ ,.-]+(?:${WEEKDAY}|${DATE}))*`),
];

const OTHER_NOTICE = [
  wholeWords('(?:se|besök|läs mer på|see|visit) (?:https?://|www\\.)\\S+|slut (?:för )?(?:i dag|idag|dagen)'),
  wholeWords(
    '(?:glad|god|trevlig|skön|härlig) (?:påsk|jul|midsommar|sommar|helg|fortsättning|semester)|gott nytt(?: år)?|god fortsättning',
  ),
  wholeWords('happy (?:easter|midsummer|holidays|new year)|merry christmas|enjoy your meal|smaklig måltid'),
  wholeLine(
    '(?:varmt )?väl?kom(?:men|na)(?: (?:åter|tillbaka|in|till oss|och|på|\\p{L}+dag|en|trevlig|lunch(?:en)?|restaurang\\p{L}*|nästa|vecka|igen))*|welcome(?: back)?',
  ),
  wholeWords(
    '(?:se|besök|läs mer på|see|visit)(?: \\p{L}+)? (?:meny(?:n|erna)?|hemsida(?:n)?|webbplats(?:en)?|website|webb(?:en)?|anslag|facebook|instagram)',
  ),
  wholeWords(
    '(?:ingen|saknar|no) (?:meny|menu)|meny(?:n)? (?:saknas|kommer|uppdateras|publiceras|presenteras|ej)|menu (?:not|unavailable|coming)',
  ),
  wholeWords(
    'kommer (?:inom kort|snart)|coming soon|information saknas|vi stänger|stänger (?:kl|tidigare)|begränsad (?:meny|öppettid)',
  ),
  wholeWords('(?:på grund av|p\\.?g\\.?a\\.?) (?:sjukdom|renovering|ombyggnad|strömavbrott|personalbrist)'),
];

const PRICE = '(?:pris(?:et)?:? ?)?(?:från |from )?\\d{2,4}(?::-|,-|:–| ?kr(?:onor)?| ?sek)';
/** Words that name the offer and not a dish: a line of only these around a price is about terms. */
const OFFER =
  'dagens|lunch(?:en|er|buffé(?:n)?|pris|meny|kupong(?:er)?|kort|häfte)?|rätt(?:en|er)?|buff(?:é(?:n)?|et)|pris(?:et|er)?|portion(?:er)?|alla|student(?:er|pris)?|pensionär(?:er)?|ordinarie|ord' +
  '|take ?away|avhämtning|sallad(?:en|sbord(?:et)?|sbuffé(?:n)?)?|hel|halv|liten|stor|stora|barn|för|med|och|i|till|vid|av|à|per|person|st|all|today|todays|of the day|dish|price|meal|weekly|veckans|menu|meny';
const TERMS = [
  new RegExp(`^(?:(?:${OFFER}|\\d{1,2})[ .:,/&+–-]*)*${PRICE}(?!\\p{L})`, 'iu'),
  wholeWords(
    'i (?:priset|lunchen|alla rätter|luncherna|buffén|menyn) ingår|(?:alltid )?ingår (?:alltid|i (?:priset|lunchen|alla))|included in the price|lunch includes',
  ),
  /^(?:(?:alltid|dagens|rätt|lunch|lunchen|pris|priset|all(?:a|tid)?|inkl(?:usive|\.)?) )*(?:inkl(?:usive|\.)|inkluderar|ingår|incl(?:uding|\.)) /iu,
  /(?:sallad\p{L}*|bröd|kaffe|dryck|måltidsdryck|smör|vatten)[ ,]+(?:samt |och )?(?:\p{L}+ )?ingår(?!\p{L})/iu,
  /^(?:alla|samtliga|till (?:alla|samtliga)|våra) (?:våra |lunch)?rätter(?:na)? (?:serveras|ingår|kommer|finns)|^all (?:dishes|meals) (?:include|come|are)(?!\p{L})/iu,
  /^(?:lunch(?:en)? (?:serveras|mellan|kl)|serveras (?:mellan|kl)|öppettider|öppettid|opening hours|kl\.? ?\d|lunchtid|(?:öppet|open|à? ?la carte|a la carte|serveringstid)(?=.*\d))(?!\p{L})/iu,
  wholeWords(
    'med reservation för|reserverar oss|fråga (?:oss|personalen|gärna)|allergi(?:er|ker|sk)?\\?|har du (?:någon )?allergi\\p{L}*|kontakta personalen|ask (?:us|the staff)',
  ),
];

const ONLY_WORDS_OF_A_LABEL =
  'veg|vego|vegetarisk[ta]?|vegetariskt alternativ|vegan|vegansk[ta]?|veggie|grön[ta]?|kött|fisk|fågel|husman|husmanskost|green|vegetarian|meat|fish|chicken|lunch|meny|menu';
const LABEL_ALONE = [
  wholeLine(`(?:${ONLY_WORDS_OF_A_LABEL})(?: (?:&|och|/|eller) (?:${ONLY_WORDS_OF_A_LABEL}))?`),
  wholeLine(
    `(?:dagens|veckans|månadens|todays?|today['’]s|weekly) (?:${ONLY_WORDS_OF_A_LABEL}|rätt|rätter|soppa|sallad|pasta|pizza|wok|gröna|klassiker|tips|special|alternativ|burgare|dish|soup|salad)`,
  ),
  wholeLine(`(?:v(?:\\.|ecka)? ?\\d{1,2}|(?:${WEEKDAY})(?: (?:den )?(?:${DATE}|\\d{1,2}))?)`),
];

/** At most four words without figures before the colon; more than two only after a word such as `Dagens`. */
const LABEL_BEFORE_COLON =
  /^(?<label>(?:dagens|veckans|månadens|husets|alltid|today['’]?s|this week['’]?s) (?:[\p{L}&/'’+-]+ ?){1,3}|[\p{L}&/'’+-]+(?: [\p{L}&/'’+-]+)?) ?: ?(?<rest>(?![-–]).*)$/iu;
/** A dash makes a label only of words that are nothing else: `VEG – Gnocchi`, but not `Pasta - Carbonara`. */
const LABEL_BEFORE_DASH = new RegExp(
  `^(?<label>(?:(?:dagens|veckans) )?(?:${ONLY_WORDS_OF_A_LABEL})) [-–—|] (?<rest>.+)$`,
  'iu',
);

const BULLET = /^(?:[-–—•·*▪●◦►➤✓>]+ |[•·▪●◦►➤✓]+ ?|[A-E]\. (?=\p{Lu})|\d{1,2}[.)] (?=\p{L}))/u;

const FRAGMENT = [
  /^\(.*\)[.,]?$/u,
  /^(?:ca )?\d+ ?(?:g|gr|gram|kg|ml|cl|dl|st)\.?$/iu,
  /^[,;&+/)]/u,
  /^(?:med|och|samt|eller|serveras|serverad|toppad|toppat|inkl|with|and|or|served|on|in|till|av|på|i) /u,
  // one or two words in lower case are the tail of a broken line; more may be a dish of somebody without a shift key
  /^\p{Ll}[\p{L}-]*(?: (?:(?:och|&|samt) )?[\p{Ll}-]+)?[.,!]?$/u,
];

const matchesAny = (patterns: readonly RegExp[], text: string) => patterns.some((pattern) => pattern.test(text));

/** Reads one raw line by itself. */
export function readLine(raw: string): Line {
  const text = cleanText(raw).replace(BULLET, '');
  if (!/[\p{L}\p{N}]/u.test(text)) return { kind: 'empty', clean: '' };
  if (/:$/u.test(text) && LABEL_BEFORE_COLON.test(text)) return { kind: 'label', clean: text, ...dietOf('', text) };
  if (matchesAny(LABEL_ALONE, text)) return { kind: 'label', clean: text, ...dietOf('', text) };
  const { label, rest } = splitLabel(text);
  const labelled = label === undefined ? {} : { label };
  if (matchesAny(CLOSED, rest)) return { kind: 'notice', clean: rest, ...labelled, closes: true };
  if (matchesAny(OTHER_NOTICE, rest)) return { kind: 'notice', clean: rest, ...labelled };
  if (matchesAny(TERMS, text)) return { kind: 'terms', clean: text };
  if (label === undefined && matchesAny(FRAGMENT, text)) return { kind: 'fragment', clean: text };
  return { kind: 'dish', clean: rest, ...labelled, ...dietOf(rest, label) };
}

function splitLabel(text: string): { label: string | undefined; rest: string } {
  const { label, rest } = (LABEL_BEFORE_COLON.exec(text) ?? LABEL_BEFORE_DASH.exec(text))?.groups ?? {};
  return label && rest ? { label: label.trim(), rest: rest.trim() } : { label: undefined, rest: text };
}

/** Reads a whole raw menu. */
export function readMenu(rawLines: readonly string[]): MenuLines {
  const joined = joinFragments(rawLines.map(readLine));
  const dishes: Dish[] = [];
  const notices = new Map<string, Notice>();
  let labelAbove: string | undefined;
  for (const [index, line] of joined.entries()) {
    if (line.kind === 'notice') notices.set(line.clean, { text: line.clean, closes: line.closes ?? false });
    else if (line.kind === 'label' && !isDishAfterAll(line, joined[index + 1]))
      labelAbove = line.clean.replace(/ ?:$/, '');
    else if (line.kind === 'dish' || line.kind === 'label') {
      // a line with a label of its own ends the reach of the label above
      if (line.label !== undefined) labelAbove = undefined;
      dishes.push(toDish(line, line.label ?? labelAbove));
    }
  }
  return { dishes, notices: [...notices.values()] };
}

/** `Dagens soppa` with nothing under it is all that the restaurant says of its soup; `Vegetariskt:` says nothing. */
function isDishAfterAll(line: Line, next: Line | undefined): boolean {
  const isVague = /^(?:dagens|veckans|månadens) (?:soppa|sallad|pasta|pizza|wok|burgare|rätt)$/iu.test(line.clean);
  return isVague && (next?.kind !== 'dish' || next.label !== undefined);
}

function toDish(line: Line, label: string | undefined): Dish {
  return { name: line.clean, ...(label === undefined ? {} : { label }), ...dietOf(line.clean, label) };
}

/** A fragment with no line before it is a dish if it is a word, and nothing if it is only a weight or a bracket. */
function joinFragments(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    if (line.kind === 'empty') continue;
    if (line.kind !== 'fragment') joined.push(line);
    else if (before && before.kind !== 'label') {
      const glue = /^[,;).]/u.test(line.clean) ? '' : ' ';
      joined[joined.length - 1] = { ...before, clean: `${before.clean}${glue}${line.clean}` };
    } else if (/^\p{L}/u.test(line.clean)) joined.push({ ...line, kind: 'dish' });
  }
  return joined;
}

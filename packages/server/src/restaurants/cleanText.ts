/**
 * Clean text from what restaurants' pages and their scraper leave behind: entities, mojibake, tags, terminal escapes,
 * soft hyphens, odd white space, decomposed letters. Promises: the result is at most MOST_CHARACTERS of the text, holds no
 * control character, is NFC and trimmed; cleaning it again changes nothing; a text of any length takes no long time.
 */
import { stripVTControlCharacters } from 'node:util';
import { decodeHTMLStrict } from 'entities/decode';

/** The longest line that was seen has 131; what is longer is no menu line, and would only cost time. */
const MOST_CHARACTERS = 500;

export function cleanText(raw: string): string {
  let text = raw.slice(0, MOST_CHARACTERS);
  // text may have been escaped or mis-decoded, one layer on another; a layer makes it shorter, so that this ends
  for (let layer = 0; layer < MOST_CHARACTERS; layer++) {
    const next = cleanLayer(text);
    if (next === text) break;
    text = next;
  }
  return text;
}

function cleanLayer(text: string): string {
  return stripVTControlCharacters(stripTags(repairMojibake(decodeHTMLStrict(text))))
    .replace(/\s/g, ' ') // \s knows nbsp and U+2028; before the next line, which would glue words at line breaks
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(/ +/g, ' ')
    .slice(0, MOST_CHARACTERS)
    .trim();
}

/**
 * Control characters, soft hyphen, zero-width characters, bidi controls, unpaired surrogates. Not the zero-width joiner
 * (U+200D) and the variation selectors: emoji are built with them.
 */
const INVISIBLE = /[\p{Cc}\u00AD\u200B\u200C\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF\uFFFD\p{Cs}]/gu;

/** A tag that breaks the line leaves a space, any other nothing. `<` before anything but a tag's name is text. */
function stripTags(text: string): string {
  // no `<` within a tag: many tags that never end would otherwise each be read to the end of the text
  return stripComments(text)
    .replace(/<\/?(?:br|p|div|li|ul|ol|tr|td|h[1-6])(?=[\s/>])[^<>]*>/gi, ' ')
    .replace(/<\/?[a-z][^<>]*>/gi, '');
}

function stripComments(text: string): string {
  const [first = '', ...others] = text.split('<!--');
  return others.reduce((kept, part) => {
    const end = part.indexOf('-->');
    return kept + (end === -1 ? `<!--${part}` : part.slice(end + 3));
  }, first);
}

/** The characters that Windows-1252 puts where Latin-1 has the control characters 0x80 to 0x9F. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';
const CONTINUATION = `[\u0080-\u00BF${WINDOWS_1252}]`;

/**
 * UTF-8 that was read as Latin-1 or Windows-1252 (`FlÃ¤sk`, `â€™`, `ðŸŒ±`). Only with the lead bytes that Swedish menus can
 * hold: `Ä”` is a letter and a quotation mark, and stays.
 */
const MOJIBAKE = new RegExp(`[ÂÃ]${CONTINUATION}|â${CONTINUATION}{2}|ð${CONTINUATION}{3}`, 'gu');

function repairMojibake(text: string): string {
  return text.replace(MOJIBAKE, (sequence) => {
    const bytes = Uint8Array.from(sequence, (character) => {
      const place = WINDOWS_1252.indexOf(character);
      return place === -1 ? character.charCodeAt(0) : 0x80 + place;
    });
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      return sequence;
    }
  });
}

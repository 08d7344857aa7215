/** Text for comparing: lower case, without diacritics, white space as one space: `jons` is `Jöns`, `CAFE ERIK` is `Café Erik`. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** The words of a text, folded; none if it holds no letter or figure. */
export function wordsOf(text: string): string[] {
  return foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

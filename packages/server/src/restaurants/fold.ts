/** Text for comparing: lower case, without diacritics, so that `jons` finds `Jöns` and `köttbullar` finds `kottbullar`. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

/** The words of a text, folded; none if it holds no letter or figure. */
export function wordsOf(text: string): string[] {
  return foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

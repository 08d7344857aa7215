/**
 * Words for meat and fish. Not for telling anybody what is meat: only for doubting a word such as `vegan` that stands in
 * the same line. Promises no completeness.
 */
import { vocabulary } from './wording.ts';

const PARTS_OF_WORDS =
  /kött|kyckling|fläsk|bacon|skink|högrev|karré|kalkon|falukorv|isterband|lamm(?!et)|entrec|oxfil|oxkind|bringa|räk(?:or|a|s|m|c|w)|torsk|kolja|strömming|sill(?!y)|tonfisk|lax(?!er)|rödspätt|sejfil|abborr|musslor|skaldjur|kräft|krabb|bläckfisk|löjrom|ansjovis|salami|chorizo|pepperoni|prosciutto|pancetta|salsiccia|pastrami|leverpastej|wallenbergare|schnitzel|kebab|gyros|souvlaki|kassler|bologn|carbonara|renskav|viltfärs|älg(?!en)|nötfärs|köttfärs|blandfärs|fläskfärs|ryggbiff|rostbiff|pannbiff|lövbiff|utskuren|flankstek|plankstek|stroganoff|panng?ris|raggmunk|blodpudding|pulled|spare|brisket/u;
const ENDINGS = /(?:biff|biffar|färs|färssås|fisk|korv|korvar|stek|fågel|lever|anka|filé|tartar|revben|kotlett)$/u;
const BEGINNINGS =
  /^(?:fisk(?!e$)|korv|nöt(?!ter|s|cr)|ox(?!a)|kalv|vilt|anka|hjort|rådjur|gris|biff|högrev|burgare$|hamburgare)/u;
const WHOLE = vocabulary(
  'chicken beef pork ham turkey duck lamb veal meat meatball meatballs minced steak sausage sausages fish salmon cod tuna herring shrimp shrimps prawn prawns seafood anchovy haddock mackerel röding gös sej hoki lax ål sik makrill lever kött husman husmanskost fågel kycklingen färsbiff rydberg kroppkakor palt hotdog',
);
/** What makes the meat in a compound none: `rotfruktsbiff`, `sojafärs`. */
const PLANTS =
  /^(?:rotfrukt|grönsak|soja|quorn|halloumi|lins|bön|kikärt|vego|veg|svamp|oumph|rödbet|morot|zucchini|havre|ärt|majs|potatis|selleri|blomkål|tofu|tempeh|seitan|nötter|nötstek|nötfri|quinoa|ost|bulgur|spenat|aubergine|palsternack|pumpa|hampa|falafel|köttfri|broccoli|kål|växt|plant)/u;

/** Whether a word in lower case means meat or fish. */
export function isMeat(word: string): boolean {
  if (PLANTS.test(word)) return false;
  return WHOLE.has(word) || PARTS_OF_WORDS.test(word) || ENDINGS.test(word) || BEGINNINGS.test(word);
}

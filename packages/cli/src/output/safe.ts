/** Text that came over the network, made fit for a terminal. */
import { stripVTControlCharacters } from 'node:util';

/**
 * What moves the cursor or starts a sequence (C0, C1), turns the direction of the text, ends lines, or is written without
 * being seen. Zero-width joiners stay: emoji are made with them.
 */
const UNSEEN =
  '\\p{Cc}\\p{Cs}\\u00AD\\u061C\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB\\u{E0000}-\\u{E0FFF}';
const UNSEEN_ANYWHERE = new RegExp(`[${UNSEEN}]`, 'gu');

/** One line of text in which nothing controls the terminal. */
export function safe(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/gu, ' ').replace(UNSEEN_ANYWHERE, '').trim();
}

/** A link that can be shown and followed: its ASCII form. Undefined for what is no http: or https: URL. */
export function safeUrl(url: string | null | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** A URL for messages, which end up in logs: without user name and password, also where it was meant to be one and is none. */
export function withoutCredentials(url: string): string {
  const isUrl = /^https?:\/\//i.test(url) && URL.canParse(url);
  // the last `@` ends a password, which may hold others; where a path begins is known of URLs only
  return safe(url).replace(isUrl ? /(\/\/)\/*[^/?#]*@/ : /^(\w+:\/\/)?.*@/, '$1');
}

/** JSON in which nothing controls a terminal that it is shown on; to a parser it is the same. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g,
    (found) =>
      [...Array(found.length).keys()]
        .map((index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, '0')}`)
        .join(''),
  );
}

/**
 * The request target (RFC 9112, section 3.2) as the relay takes it: path and query, or the asterisk, and never a path that
 * leads out of the upstream's base path, however it is written.
 */
import { RelayError } from '../errors.ts';

/** The server as a whole, and no resource of it (RFC 9112, section 3.2.4). */
export const ASTERISK = '*';

/** More layers of percent-encoding than anybody sends by accident. */
const MOST_LAYERS = 8;

/**
 * The path and query of a request target; the authority of an absolute form is left out, the upstream is always the same.
 * Throws `invalid_path` for dot segments, plain, encoded (in any number of layers) or with backslashes for slashes, and
 * for targets that have no path, except the asterisk. Harmless oddities (`/a..b`, `//`, `%20`, `;`) pass untouched.
 */
export function parseRequestTarget(target: string): string {
  const originForm = toOriginForm(target);
  const path = originForm.split('?', 1)[0] ?? '';
  if (climbs(path)) throw new RelayError('invalid_path', { detail: 'The path holds dot segments ("." or "..").' });
  return originForm;
}

function toOriginForm(target: string): string {
  if (target.startsWith('/') || target === ASTERISK) return target;
  const { rest } = /^https?:\/\/[^/?#]*(?<rest>.*)$/i.exec(target)?.groups ?? {};
  if (rest === undefined) throw new RelayError('invalid_path', { detail: 'The request target is not a path.' });
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function climbs(path: string): boolean {
  // dots, plain or encoded, are what it takes
  if (!/[.%]/.test(path)) return false;
  let decoded = path;
  for (let layer = 0; layer <= MOST_LAYERS; layer++) {
    if (decoded.split(SEGMENT_END).some((segment) => DOT_SEGMENT.test(segment))) return true;
    const next = decodeOnce(decoded);
    if (next === decoded) return false;
    decoded = next;
  }
  return true;
}

/** A slash of either kind; `?` and `#`, behind which there is no path any more. */
const SEGMENT_END = /[/\\?#]/;

/**
 * Servers differ in what they leave out before they resolve dots: blanks and control characters around them, what comes
 * behind a NUL, parameters behind `;`.
 */
const DOT_SEGMENT = /^[\p{Cc} ]*\.[\p{Cc} ]*(?:\. *)?(?:;|\p{Cc}|$)/u;

/**
 * Only ASCII: dots, slashes, backslashes and percent signs are all that matters here. They have longer spellings, too,
 * that are no valid UTF-8 and that lenient decoders take: of two and three bytes, and `%u002e`.
 */
function decodeOnce(path: string): string {
  return path
    .replace(
      /%(?:e0%8([01])|c([01]))%([89ab][0-9a-f])/gi,
      (_, three: string | undefined, two: string | undefined, last: string) =>
        String.fromCharCode((Number(three ?? two) << 6) | (Number.parseInt(last, 16) & 0x3f)),
    )
    .replace(/%(?:u00)?([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/**
 * The request target (RFC 9112, section 3.2) as the relay takes it: always path and query, and never a path that leads out
 * of the upstream's base path, however it is written.
 */
import { RelayError } from '../errors.ts';

/** More layers of percent-encoding than anybody sends by accident. */
const MOST_LAYERS = 8;

/**
 * The path and query of a request target; the authority of an absolute form is left out, the upstream is always the same.
 * Throws `invalid_path` for dot segments, plain, encoded (in any number of layers) or with backslashes for slashes, and
 * for targets that have no path. Harmless oddities (`/a..b`, `//`, `%20`, `;`) pass untouched.
 */
export function parseRequestTarget(target: string): string {
  const originForm = toOriginForm(target);
  const path = originForm.split('?', 1)[0] ?? '';
  if (climbs(path)) throw new RelayError('invalid_path', { detail: 'The path holds dot segments ("." or "..").' });
  return originForm;
}

function toOriginForm(target: string): string {
  if (target.startsWith('/')) return target;
  const { rest } = /^https?:\/\/[^/?#]*(?<rest>.*)$/i.exec(target)?.groups ?? {};
  if (rest === undefined) throw new RelayError('invalid_path', { detail: 'The request target is not a path.' });
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function climbs(path: string): boolean {
  let decoded = path;
  for (let layer = 0; layer <= MOST_LAYERS; layer++) {
    // a segment ends at a slash of either kind; `;` begins parameters, which some servers cut off before they resolve `..`
    if (decoded.split(/[/\\#]/).some((segment) => /^\.{1,2}(?:;|$)/.test(segment))) return true;
    const next = decodeOnce(decoded);
    if (next === decoded) return false;
    decoded = next;
  }
  return true;
}

/** Only ASCII: dots, slashes, backslashes and percent signs are all that matters here. */
function decodeOnce(path: string): string {
  return path.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

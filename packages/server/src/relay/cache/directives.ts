/**
 * Cache-Control and its targeted form (RFC 9111, section 5.2; RFC 9213) as directives with their values. Promises that what
 * cannot be read errs towards not reusing a response.
 */
import { type FlatHeaders, fieldValues } from '../headers.ts';

/** By name in lower case; `''` for a directive without a value. Of repeated ones the first counts (section 4.2.1). */
export type Directives = ReadonlyMap<string, string>;

/** A token, then perhaps a value: a token or a quoted string. */
const DIRECTIVE = /\s*([!#$%&'*+\-.^_`|~\w]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(,|$)/y;

const FORBIDDING = new Set(['no-store', 'private', 'no-cache', 'must-revalidate', 'proxy-revalidate']);

export function parseDirectives(fields: readonly string[]): Directives {
  const text = fields.join(',');
  if (text !== lastText) {
    lastDirectives = readDirectives(text);
    lastText = text;
  }
  return lastDirectives;
}

/** A server has few of them, and each answer's are asked for several times. */
let lastText = '';
let lastDirectives: Directives = new Map();

function readDirectives(text: string): Directives {
  const directives = new Map<string, string>();
  DIRECTIVE.lastIndex = 0;
  while (DIRECTIVE.lastIndex < text.length) {
    const from = DIRECTIVE.lastIndex;
    const [, name, quoted, token = ''] = DIRECTIVE.exec(text) ?? [];
    if (name === undefined) {
      // what cannot be read ends at the next comma; what it may forbid is believed all the same
      const comma = text.indexOf(',', from);
      const end = comma < 0 ? text.length : comma;
      for (const word of text
        .slice(from, end)
        .toLowerCase()
        .split(/[^a-z-]+/))
        if (FORBIDDING.has(word)) directives.set(word, '');
      DIRECTIVE.lastIndex = end + 1;
      continue;
    }
    const key = name.toLowerCase();
    const value = quoted?.replace(/\\(.)/g, '$1') ?? token;
    // of the two forms of `private` and `no-cache` the one without fields forbids more
    if (!directives.has(key) || (value === '' && FORBIDDING.has(key))) directives.set(key, value);
  }
  return directives;
}

/** The directives that a response has for a shared cache: those aimed at caches like this one, where there are any. */
export function responseDirectives(headers: FlatHeaders): { directives: Directives; isTargeted: boolean } {
  const targeted = parseTargeted(fieldValues(headers, 'cdn-cache-control').join(','));
  if (targeted) return { directives: targeted, isTargeted: true };
  return { directives: parseDirectives(fieldValues(headers, 'cache-control')), isTargeted: false };
}

/** A member of a structured dictionary (RFC 8941, section 3.2), with parameters that mean nothing here. */
const MEMBER =
  /^[ \t]*([a-z*][a-z0-9_.*-]*)(?:=("(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"|-?\d{1,15}(?:\.\d{1,3})?|\?[01]|[a-z*][\w!#$%&'*+\-.^`|~:/]*))?((?:;[ ]*[a-z*][a-z0-9_.*-]*(?:=[^,;]*)?)*)[ \t]*(,|$)/i;

/** Undefined if there is none, or one that is no dictionary: it has to be ignored as a whole then (RFC 9213, section 2.1). */
function parseTargeted(text: string): Directives | undefined {
  const directives = new Map<string, string>();
  for (let rest = text; rest.trim() !== ''; ) {
    const [whole, name, value = '', , end] = MEMBER.exec(rest) ?? [];
    if (whole === undefined || name === undefined || name !== name.toLowerCase()) return undefined;
    if (value === '?0') directives.delete(name);
    else directives.set(name, value === '?1' ? '' : value);
    rest = rest.slice(whole.length);
    if (end === ',' && rest.trim() === '') return undefined;
  }
  return directives.size === 0 ? undefined : directives;
}

/** Beyond it a number of seconds is as good as for ever (section 1.2.2). */
const MOST_SECONDS = 2 ** 31;

/** `delta-seconds` in ms; undefined if there is no such directive, 0 if its value is none. */
export function secondsOf(directives: Directives, name: string): number | undefined {
  const value = directives.get(name);
  if (value === undefined) return undefined;
  return /^\d+$/.test(value) ? Math.min(Number(value), MOST_SECONDS) * 1000 : 0;
}

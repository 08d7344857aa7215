/**
 * Chance that can be repeated: the same seed gives the same sequence on every machine.
 * Good enough to compose menus and fill bodies; no use for secrets.
 */

/** Gives the next number of a sequence, from 0 up to but not including 1. */
export type Random = () => number;

/** A 32-bit fingerprint of a text (FNV-1a over its UTF-16 units), 0 to 2³²−1. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A sequence of its own for everything that the parts name together (mulberry32). */
export function seededRandom(...parts: ReadonlyArray<string | number>): Random {
  let state = hash32(parts.join('|'));
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the items, each as likely as the others. The list must not be empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
}

/** The items in an order of chance (Fisher–Yates); the list itself stays as it is. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(random() * rest.length), 1));
}

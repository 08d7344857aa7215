/** What a key does to the picker. Pure. */
import { safe } from '../output/safe.ts';
import type { PickerState } from './view.ts';

/** As `node:readline` tells of it. */
export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

export type Outcome =
  | { readonly kind: 'state'; readonly state: PickerState }
  | { readonly kind: 'picked' }
  | { readonly kind: 'left' }
  | { readonly kind: 'interrupted' };

/** So many rows that a page has. */
const PAGE = 10;

/** `count`: how many match what has been typed before. */
export function press(state: PickerState, count: number, character: string | undefined, key: Key): Outcome {
  const { query, selected } = state;
  const move = (by: number): Outcome => {
    const last = Math.max(0, count - 1);
    return { kind: 'state', state: { query, selected: Math.max(0, Math.min(last, selected + by)) } };
  };
  const search = (text: string): Outcome => ({ kind: 'state', state: { query: text, selected: 0 } });
  if (key.ctrl) return pressWithCtrl(key.name, { move, search, query, stay: { kind: 'state', state } });
  switch (key.name) {
    case 'escape':
      return { kind: 'left' };
    case 'return':
    case 'enter':
      return count > 0 ? { kind: 'picked' } : { kind: 'state', state };
    case 'up':
      return move(-1);
    case 'down':
    case 'tab':
      return move(1);
    case 'pageup':
      return move(-PAGE);
    case 'pagedown':
      return move(PAGE);
    case 'home':
      return move(-count);
    case 'end':
      return move(count);
    case 'backspace':
      return search([...query].slice(0, -1).join(''));
    default:
      return key.meta || character === undefined || (character !== ' ' && safe(character) === '')
        ? { kind: 'state', state }
        : search(query + character);
  }
}

function pressWithCtrl(
  name: string | undefined,
  can: { move: (by: number) => Outcome; search: (text: string) => Outcome; query: string; stay: Outcome },
): Outcome {
  switch (name) {
    case 'c':
      return { kind: 'interrupted' };
    case 'd':
    case 'g':
      return { kind: 'left' };
    case 'p':
      return can.move(-1);
    case 'n':
      return can.move(1);
    case 'u':
      return can.search('');
    case 'w':
      return can.search(can.query.replace(/\S*\s*$/, ''));
    case 'h':
      return can.search([...can.query].slice(0, -1).join(''));
    default:
      return can.stay;
  }
}

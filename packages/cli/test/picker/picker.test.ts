/** The picker without a terminal: what keys do and what is shown. test/system has the terminal. */
import { expect, it } from '@jest/globals';
import stringWidth from 'string-width';
import { type Key, press } from '../../src/picker/keys.ts';
import { matching, type PickerState, viewOf } from '../../src/picker/view.ts';
import { toListing } from '../../src/relay/answers.ts';

const restaurants = toListing([
  { identifier: 'jons', name: 'Jöns Jacob ', region: 'Solna' },
  { identifier: 'nanna', name: 'Restaurang Nanna Svartz', region: 'Solna' },
  { identifier: 'thai', name: 'ต้มยำ\u001b[2J 🍜', region: 'Uppsala' },
]);
const frame = { columns: 80, rows: 24, measure: stringWidth };
const start: PickerState = { query: '', selected: 0 };

function typing(...keys: Array<string | Key>): PickerState {
  return keys.reduce<PickerState>((state, key) => {
    const count = matching(restaurants, state.query).length;
    const outcome =
      typeof key === 'string' ? press(state, count, key, { name: key }) : press(state, count, undefined, key);
    return outcome.kind === 'state' ? outcome.state : state;
  }, start);
}

it('finds by identifier, name and region, letters folded', () => {
  const found = (query: string) => matching(restaurants, query).map(({ identifier }) => identifier);
  expect(found('')).toHaveLength(3);
  expect(found('jÖns')).toEqual(['jons']);
  expect(found('solna svartz')).toEqual(['nanna']);
  expect(found('xyzzy')).toEqual([]);
  // parts of words come after their beginnings
  expect(found('u')).toEqual(['thai', 'nanna']);
});

it('moves within the list, and edits', () => {
  expect(typing({ name: 'up' })).toEqual(start);
  expect(typing({ name: 'down' }, { name: 'down' }, { name: 'down' }).selected).toBe(2);
  expect(typing({ name: 'end' }, { name: 'home' }).selected).toBe(0);
  expect(typing('n', 'a', 'x', { name: 'backspace' })).toEqual({ query: 'na', selected: 0 });
  expect(typing('n', 'a', { name: 'u', ctrl: true }).query).toBe('');
  expect(typing('a', ' ', 'b', { name: 'w', ctrl: true }).query).toBe('a ');
  expect(typing('\u001b', '\u0000', { name: 'f', meta: true }).query).toBe('');
});

it('ends by Enter, Esc and Ctrl-C', () => {
  const kindOf = (key: Key, count = 3) => press(start, count, undefined, key).kind;
  expect(kindOf({ name: 'return' })).toBe('picked');
  expect(kindOf({ name: 'return' }, 0)).toBe('state');
  expect(kindOf({ name: 'escape' })).toBe('left');
  expect(kindOf({ name: 'd', ctrl: true })).toBe('left');
  expect(kindOf({ name: 'c', ctrl: true })).toBe('interrupted');
});

it('fits every size, and lets nothing control the terminal', () => {
  for (const columns of [1, 2, 20, 80]) {
    for (const rows of [1, 2, 3, 24]) {
      const lines = viewOf(restaurants, { query: 'a', selected: 1 }, { ...frame, columns, rows });
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const { text } of lines) {
        expect(stringWidth(text)).toBeLessThanOrEqual(columns);
        expect(text).not.toMatch(/\p{Cc}/u);
      }
    }
  }
});

it('keeps the selected one on the screen', () => {
  const many = toListing(
    Array.from({ length: 50 }, (_, index) => ({ identifier: `r${index}`, name: 'x', region: 'y' })),
  );
  for (const selected of [0, 25, 49]) {
    const lines = viewOf(many, { query: '', selected }, { ...frame, rows: 10 });
    expect(lines.find(({ kind }) => kind === 'selected')?.text).toMatch(new RegExp(`^❯ r${selected}\\b`));
  }
});

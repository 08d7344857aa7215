import { describe, expect, it } from '@jest/globals';
import { createMemory } from '../src/memory.ts';

function counting() {
  let now = 0;
  let made = 0;
  const memory = createMemory<number>(10, () => now);
  const recall = (bypass = false) => memory.recall('key', () => ++made, bypass);
  return { memory, recall, setNow: (at: number) => (now = at) };
}

describe('the memory', () => {
  it('keeps a value for its lifetime and tells the whole seconds that are left', () => {
    const { recall, setNow } = counting();
    expect(recall()).toEqual({ value: 1, secondsLeft: 10, isNew: true });
    setNow(1_500);
    expect(recall()).toEqual({ value: 1, secondsLeft: 9, isNew: false });
    setNow(9_999);
    expect(recall()).toEqual({ value: 1, secondsLeft: 1, isNew: false });
    setNow(10_000);
    expect(recall()).toEqual({ value: 2, secondsLeft: 10, isNew: true });
  });

  it('makes and keeps a new value when it is bypassed', () => {
    const { recall } = counting();
    recall();
    expect(recall(true)).toMatchObject({ value: 2, isNew: true });
    expect(recall()).toMatchObject({ value: 2, isNew: false });
  });

  it('forgets single keys or everything', () => {
    const { memory, recall } = counting();
    recall();
    memory.forget(['another']);
    expect(recall()).toMatchObject({ value: 1 });
    memory.forget(['key']);
    expect(recall()).toMatchObject({ value: 2 });
    memory.forget();
    expect(recall()).toMatchObject({ value: 3 });
  });

  it('does not trust what a clock that was set back puts into the future', () => {
    const { recall, setNow } = counting();
    setNow(5_000);
    recall();
    setNow(0);
    expect(recall()).toMatchObject({ value: 2 });
  });
});

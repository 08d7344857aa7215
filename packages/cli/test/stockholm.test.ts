import { expect, it } from '@jest/globals';
import { dayInWords, stockholmDate, stockholmTime } from '../src/stockholm.ts';

it('agrees with Intl for every hour of thirty years', () => {
  const format = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Europe/Stockholm',
  });
  const wrong: string[] = [];
  for (let at = Date.UTC(2010, 0, 1); at < Date.UTC(2040, 0, 1); at += 3_600_000) {
    const ours = `${stockholmDate(at)} ${stockholmTime(new Date(at).toISOString())}`;
    if (ours !== format.format(at)) wrong.push(ours);
  }
  expect(wrong).toEqual([]);
});

it('says days in words, and nothing of what is none', () => {
  expect(dayInWords('2026-11-24')).toBe('Tuesday 24 November');
  for (const text of ['', '2026-13-01', 'today', '2026-11-24T10:00']) expect(dayInWords(text)).toBeUndefined();
  for (const moment of ['soon', '+275760-09-13T00:00:00Z', '+012026-11-23T10:00:00Z', '-000001-01-01T00:00:00Z'])
    expect(stockholmTime(moment)).toBeUndefined();
});

/** Notices and what they say of the day that they are read on, as tables. */
export type Row = [text: string, date: string | undefined, closing: 'closes' | 'mentions' | undefined];

export const WEDNESDAY = '2026-11-25';

/** One notice, the days on which it closes, and others on which it is no more than a notice. */
export const rows = (text: string, days: { on?: string[]; not?: string[] }): Row[] => [
  ...(days.on ?? []).map((date): Row => [text, date, 'closes']),
  ...(days.not ?? []).map((date): Row => [text, date, 'mentions']),
];
export const today = (closing: Row[2], ...texts: string[]) => texts.map((text): Row => [text, WEDNESDAY, closing]);

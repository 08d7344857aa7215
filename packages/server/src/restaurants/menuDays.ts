/**
 * Of which day the lines of a menu are: the day that their label names, or else the last one above them. Promises that
 * what stands under another day is known for it; what stands under no day is of the date.
 */
import { isDay } from './labels.ts';
import type { Line } from './line.ts';
import { daysMeant } from './noticeDays.ts';
import { beginsWithPhrase, isNumber, phrases, tokensIn, weekdayOf, wordsIn } from './wording.ts';

/** What is served all the week ends the reach of the day above it. */
const ALL_WEEK = phrases(
  'veckans|månadens|säsongens|alltid|hela veckan|weekly|this week|this weeks|varje dag|all week',
);

interface MenuDays {
  /** Takes the next line of the menu. */
  readonly pass: (line: Line) => void;
  /** Whether a dish, which was passed last, is of another day. */
  readonly isOther: (dish: Line) => boolean;
  /** A notice as it is meant: under the heading of another day it closes that one only. */
  readonly noticeUnderDay: (notice: Line) => Line;
}

/** Without a `date` no line is of another day. */
export function createMenuDays(date: string | undefined): MenuDays {
  let day = '';
  /** The day as long as it stands on a line of its own. */
  let heading = '';
  const isOtherDay = (text: string) => text !== '' && date !== undefined && daysMeant(tokensIn(text), date) === 'other';
  return {
    pass({ kind, clean, label = '' }) {
      const isHeading = kind === 'label' || kind === 'terms';
      const text = isHeading ? clean : kind === 'dish' ? label : '';
      const isAllWeek = kind === 'label' && beginsWithPhrase(wordsIn(text), ALL_WEEK);
      if (!isDay(text) && !isAllWeek) return;
      day = isAllWeek ? '' : text.replace(/[ :]+$/u, '');
      heading = isHeading ? day : '';
    },
    isOther({ label = '' }) {
      if (isOtherDay(label)) return true;
      return !beginsWithPhrase(wordsIn(label), ALL_WEEK) && isOtherDay(day);
    },
    noticeUnderDay(notice) {
      const isOfOwnDay = wordsIn(notice.clean).some((word) => weekdayOf(word) > 0 || isNumber(word));
      if (!notice.closes || isOfOwnDay || !isOtherDay(heading)) return notice;
      return { kind: 'notice', clean: `${heading}: ${notice.clean}` };
    },
  };
}

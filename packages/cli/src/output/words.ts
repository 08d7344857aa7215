/** What a menu says, in words. `unknown` is never worded as closed. */
import { type Menu, oldestOf } from '../relay/answers.ts';
import { dayInWords, stockholmTime } from '../stockholm.ts';
import { safe } from './safe.ts';

/** "Serves 4 dishes", "Closed today: weekend". */
export function statusInWords({ status, reason, holiday, notices, dishes, menuUrl }: Menu): string {
  const said = notices.map(safe).join(' ');
  switch (status) {
    case 'served':
      return `Serves ${dishes.length === 1 ? '1 dish' : `${dishes.length} dishes`}`;
    case 'closed':
      if (holiday !== undefined) return `Closed today: ${safe(holiday)}`;
      return reason === 'weekend' ? 'Closed today: weekend' : `Closed today${said ? `: ${said}` : ''}`;
    case 'no_online_menu':
      return menuUrl === null ? 'No online menu' : 'No online menu that can be read here';
    default:
      if (reason === 'not_yet_published') return 'Today’s menu is not published yet';
      if (said) return `No dishes found today; the site says: ${said}`;
      return 'Nothing found today; the site may not be updated yet';
  }
}

/** "fetched 10:41", and whether it is past its time or from this machine's disk. */
export function freshnessInWords({ fetchedAt, stale, offline }: Menu): string {
  const fetched = `fetched ${timeInWords(fetchedAt)}`;
  if (offline) return `${fetched}, kept on this machine`;
  return stale ? `${fetched}, may be out of date` : fetched;
}

/** The line of standard error for a menu that is not new; undefined for one that is. */
export function noticeOf({ name, fetchedAt, stale, offline }: Menu): string | undefined {
  const from = `${safe(name)}: this is from ${timeInWords(fetchedAt)} today`;
  if (offline) return `${from}, kept on this machine; no newer menu could be had`;
  return stale ? `${from} and past its time; a newer menu is not there yet` : undefined;
}

/** The one line of standard error for menus that are all from this machine's disk. */
export const keptNotice = (menus: readonly Menu[]) =>
  `shown is what this machine has kept of today, from ${timeInWords(oldestOf(menus) ?? '')} on`;

/** `Tuesday 24 November`; what is no date, as it is. */
export const dateInWords = (date: string) => dayInWords(date) ?? safe(date);

export const timeInWords = (moment: string) => stockholmTime(moment) ?? (safe(moment) || 'at an unknown time');

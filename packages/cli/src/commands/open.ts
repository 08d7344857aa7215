/** `lunch open <restaurant>`: its place on the map, or its website, in the browser. */
import { openInBrowser } from '../browser.ts';
import { findRestaurants } from '../directory.ts';
import { CommandError, ExitCode } from '../exitCodes.ts';
import { mistakeOf } from '../names.ts';
import { safe, safeUrl } from '../output/safe.ts';
import type { Session } from '../session.ts';

interface OpenOptions {
  readonly website?: boolean;
  /** False: only print the URL. */
  readonly browser?: boolean;
}

/** The URL goes to standard output, whether a browser could be started or not. */
export async function openRestaurant(session: Session, words: readonly string[], options: OpenOptions): Promise<void> {
  const [named, ...others] = await findRestaurants(session, words);
  const mistake = named && mistakeOf(named);
  if (mistake) throw mistake;
  const [restaurant, ...rest] = named?.kind === 'restaurants' ? named.restaurants : [];
  if (restaurant === undefined || rest.length > 0 || others.length > 0) {
    throw new CommandError('open takes one restaurant', ExitCode.usage);
  }
  const what = options.website ? 'website' : 'place on the map';
  const url = safeUrl(options.website ? restaurant.homepage : restaurant.mapUrl);
  if (url === undefined) throw new CommandError(`no ${what} is known of ${safe(restaurant.name)}`, ExitCode.fault);
  session.print(`${url}\n`);
  if (options.browser !== false) await openInBrowser(url, session.io);
}

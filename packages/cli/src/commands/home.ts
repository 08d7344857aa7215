/** `lunch` alone: on a terminal the favourites, or a picker where there are none and somebody can be asked; elsewhere the list. */
import { loadList } from '../directory.ts';
import { readFavourites } from '../disk/settingsFile.ts';
import { isInteractive } from '../io.ts';
import type { Session } from '../session.ts';
import { listRestaurants } from './list.ts';
import { showRestaurants } from './show.ts';

export async function showHome(session: Session): Promise<void> {
  if (session.format !== 'cards' || session.io.stdout.isTTY !== true) return listRestaurants(session);
  const favourites = readFavourites(session.io);
  if (favourites.length > 0) return showRestaurants(session, favourites);
  if (!isInteractive(session.io)) return listRestaurants(session);
  const restaurants = await loadList(session);
  const { pickRestaurant } = await import('../picker/picker.ts');
  const picked = await pickRestaurant(restaurants, session);
  if (picked === undefined) return;
  await showRestaurants(session, [picked.identifier]);
  session.tell(`"lunch fav add ${picked.identifier}" makes it what "lunch" alone shows`);
}

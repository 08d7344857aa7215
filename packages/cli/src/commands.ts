/**
 * What the command line starts: loaded as one, and only once there is a command to run. `program.ts` alone answers `--help`
 * and `--version`.
 */
export { showCompletion } from './commands/completion.ts';
export { getSetting, setSetting, showConfigPath, unsetSetting } from './commands/config.ts';
export { addFavourites, listFavourites, removeFavourites } from './commands/fav.ts';
export { findDishes } from './commands/find.ts';
export { showHelp } from './commands/help.ts';
export { showHome } from './commands/home.ts';
export { listRestaurants } from './commands/list.ts';
export { openRestaurant } from './commands/open.ts';
export { showRandom } from './commands/random.ts';
export { showRestaurants } from './commands/show.ts';
export { complete } from './completion/candidates.ts';
export { createSession } from './session.ts';

export type { MenuArrival } from './arrivals.ts';
export type { CacheResult, LunchCall, LunchResponse } from './call.ts';
export {
  type CallOptions,
  createLunchClient,
  type Dish,
  type DishesToday,
  type ListedRestaurant,
  type LunchClient,
  type MenusToday,
  type MenusWanted,
  type RestaurantToday,
  type TodaysMenu,
} from './client.ts';
export { isLunchError, LunchError, type LunchErrorKind, type Problem } from './errors.ts';
export type { ParsedRelayRequest, RelayRequest } from './relayed.ts';
export type { LunchClientOptions } from './settings.ts';

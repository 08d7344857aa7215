export type { Dish, DishesToday, ListedRestaurant, MenusToday, RestaurantToday, TodaysMenu } from './answers.ts';
export type { MenuArrival, MenusWanted } from './arrivals.ts';
export type { CacheResult, LunchCall, LunchResponse } from './call.ts';
export { createLunchClient, type LunchClient, type RegionFilter } from './client.ts';
export type { CallOptions } from './connection.ts';
export { isLunchError, LunchError, type LunchErrorKind, type Problem } from './errors.ts';
export { createEtagCache, type EtagCache } from './etags.ts';
export type { ParsedRelayRequest, RelayRequest } from './relayed.ts';
export type { LunchClientOptions } from './settings.ts';

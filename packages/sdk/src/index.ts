export {
  type CallOptions,
  createLunchClient,
  type Dish,
  type ListedRestaurant,
  type LunchClient,
  type LunchClientOptions,
  type RestaurantToday,
  type TodaysMenu,
} from './client.ts';
export { LunchError, type LunchErrorKind } from './errors.ts';

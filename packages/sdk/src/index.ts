export {
  type CallOptions,
  createLunchClient,
  type Dish,
  type DishesToday,
  type ListedRestaurant,
  type LunchClient,
  type LunchClientOptions,
  type MenusToday,
  type RestaurantToday,
  type TodaysMenu,
} from './client.ts';
export { LunchError, type LunchErrorKind } from './errors.ts';

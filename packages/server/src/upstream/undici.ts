/**
 * Of undici what is used, and nothing else: its index loads fetch, WebSocket, caches and mocks with it, which took 3 MB of
 * every relay's memory. It names its files to nobody, so that only its exact version, which `package.json` has, promises that
 * they lie there.
 */
import { createRequire } from 'node:module';
import type { buildConnector as BuildConnector, Dispatcher, Pool as PoolOfOrigin } from 'undici';

const load = createRequire(import.meta.url);

export const buildConnector = load('undici/lib/core/connect.js') as typeof BuildConnector;

export const Pool = load('undici/lib/dispatcher/pool.js') as typeof PoolOfOrigin;
export type Pool = PoolOfOrigin;

/** What the index makes a method of every dispatcher. */
const request = load('undici/lib/api/api-request.js') as (
  this: Dispatcher,
  options: Dispatcher.RequestOptions,
) => Promise<Dispatcher.ResponseData>;

/** Sends a request over a pool. Rejects with undici's errors. */
export const requestOver = (pool: Pool, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> =>
  request.call(pool, options);

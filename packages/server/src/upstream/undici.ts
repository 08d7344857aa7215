/**
 * Of undici what is used, and nothing else: its index loads fetch, WebSocket, caches and mocks as well, which is half of the
 * 5 MB that it takes. Undici names its files to nobody: that they lie there is promised by its exact version alone, which
 * `package.json` has.
 */
import { createRequire } from 'node:module';
import type { buildConnector as BuildConnector, Dispatcher, Agent as FullAgent, Pool as FullPool } from 'undici';

const require = createRequire(import.meta.url);

/** What the index makes methods of every dispatcher: there are none here. */
type LeftOut = 'request' | 'stream' | 'pipeline' | 'connect' | 'upgrade';

export type Agent = Omit<FullAgent, LeftOut>;
export const Agent = require('undici/lib/dispatcher/agent.js') as new (options: FullAgent.Options) => Agent;

export type Pool = Omit<FullPool, LeftOut>;
export const Pool = require('undici/lib/dispatcher/pool.js') as new (origin: string, options: FullPool.Options) => Pool;

export const buildConnector = require('undici/lib/core/connect.js') as typeof BuildConnector;

const requestBy = require('undici/lib/api/api-request.js') as (
  this: Agent,
  options: Dispatcher.RequestOptions,
) => Promise<Dispatcher.ResponseData>;

type GetOptions = Pick<Dispatcher.RequestOptions, 'signal' | 'headers'> & { readonly dispatcher: Agent };

/** A GET, as undici's own `request` makes it. Rejects with undici's errors. */
export function request(url: string, { dispatcher, ...options }: GetOptions): Promise<Dispatcher.ResponseData> {
  // dots and characters that no URI has are seen to by the parser
  const { origin, pathname, search } = new URL(url);
  return requestBy.call(dispatcher, { ...options, method: 'GET', origin, path: pathname + search });
}

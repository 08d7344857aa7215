/** What a load generator is told, and what it tells. */
import type { RequestFields } from '../replay.ts';

/** `one`: always the same path. `each`: all in turn. `distinct`: the prefix with a number behind it that never comes again. */
export type Paths =
  | { readonly kind: 'one'; readonly path: string }
  | { readonly kind: 'each'; readonly paths: readonly string[] }
  | { readonly kind: 'distinct'; readonly prefix: string };

export interface LoadPlan {
  /** Of the server, without a path. */
  readonly url: string;
  readonly paths: Paths;
  readonly fields: RequestFields;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers with a status from 400 on, connections that broke, answers that did not come. */
  readonly failures: number;
}

/** A number that no request of this process has had. */
let last = 0;
export const nextNumber = (): number => ++last;

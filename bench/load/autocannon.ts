/**
 * autocannon, where there is no wrk: in this process, which does nothing else meanwhile. Its latencies are whole
 * milliseconds, and it is busy sooner than a quick server is: with it, only compare.
 */
import autocannon, { type Request, type Result } from 'autocannon';
import { type LoadPlan, type LoadResult, nextNumber } from './plan.ts';

export async function runAutocannon({ url, paths, fields, connections, seconds }: LoadPlan): Promise<LoadResult> {
  const prefix = paths.kind === 'distinct' ? `${paths.prefix}${nextNumber()}-` : '';
  let count = 0;
  const requests: Request[] = {
    one: () => [{ path: paths.kind === 'one' ? paths.path : '/' }],
    each: () => (paths.kind === 'each' ? paths.paths.map((path) => ({ path })) : []),
    distinct: () => [{ setupRequest: (request: Request) => ({ ...request, path: `${prefix}${++count}` }) }],
  }[paths.kind]();
  const result: Result = await autocannon({ url, connections, duration: seconds, headers: { ...fields }, requests });
  return {
    requests: result.requests.total,
    requestsPerSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    maxMs: result.latency.max,
    failures: result.errors + result.timeouts + result['4xx'] + result['5xx'],
  };
}

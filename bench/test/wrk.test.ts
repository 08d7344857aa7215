import { describe, expect, it } from '@jest/globals';
import { parseWrk } from '../load/wrk.ts';

const OUTPUT = `Running 1s test @ http://127.0.0.1:8080/restaurant/nanna
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.77ms    2.01ms  31.37ms   97.62%
    Req/Sec    40.11k     3.23k   43.21k    80.00%
  40110 requests in 1.00s, 50.31MB read
Requests/sec:  40100.02
Transfer/sec:     50.30MB
RESULT {"requests":40110,"durationUs":2000000,"p50Us":1500,"p99Us":9876,"maxUs":31370,"broken":2,"refused":3}
`;

describe('what wrk says', () => {
  it('is read with its units', () => {
    expect(parseWrk(OUTPUT)).toEqual({
      requests: 40_110,
      requestsPerSecond: 20_055,
      p50Ms: 1.5,
      p99Ms: 9.876,
      maxMs: 31.37,
      failures: 5,
    });
  });

  it('is refused where the result is missing or not whole', () => {
    expect(() => parseWrk('unable to connect to 127.0.0.1:1\n')).toThrow('wrk gave no result:\nunable to connect');
    expect(() => parseWrk('RESULT {"requests":1,"durationUs":1,"p50Us":1,"p99Us":1,"broken":0,"refused":0}')).toThrow(
      'maxUs',
    );
  });
});

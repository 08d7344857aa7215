import type http from 'node:http';
import { describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { beginTrace } from '../../src/operations/trace.ts';
import { startTestRelay } from '../support/relay.ts';
import { startHttpUpstream } from '../support/upstreams.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const GIVEN = `00-${TRACE}-b7ad6b7169203331-01`;
const random = (count: number) => (count === 16 ? '5' : '1').repeat(count);

describe('a trace', () => {
  it('goes on under its id, with a parent of our own and the flags that it came with', () => {
    expect(beginTrace(GIVEN, random)).toEqual({
      traceId: TRACE,
      traceparent: `00-${TRACE}-5555555555555555-01`,
      isContinued: true,
    });
  });

  it('of a later version is read as far as it is known', () => {
    expect(beginTrace(`cc-${TRACE}-b7ad6b7169203331-01-what-else`, random).traceId).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    'x',
    GIVEN.toUpperCase(),
    `ff-${TRACE}-b7ad6b7169203331-01`,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `${GIVEN}-more`,
    `${GIVEN}, ${GIVEN}`,
    `cc-${TRACE}-b7ad6b7169203331-011`,
  ])('begins anew in place of %s', (given) => {
    expect(beginTrace(given, random)).toEqual({
      traceId: '1'.repeat(32),
      traceparent: `00-${'1'.repeat(32)}-5555555555555555-00`,
      isContinued: false,
    });
  });

  it('is the same in the log, at the upstream, and in a problem', async () => {
    const received: http.IncomingHttpHeaders[] = [];
    const upstream = await startHttpUpstream(({ headers }, response) => {
      received.push(headers);
      response.setHeader('Content-Type', 'application/json').end('{"restaurants":[]}');
    });
    const test = await startTestRelay({ settings: { UPSTREAM_URL: upstream.url } });
    try {
      const ask = (path: string, headers: Record<string, string>) => request(test.relay.url).get(path).set(headers);
      await ask('/version', { traceparent: GIVEN, tracestate: 'a=1' }).expect(200);
      await ask('/restaurant', { traceparent: GIVEN, tracestate: 'a=1' }).expect(200);
      const refused = await ask('/dishes', { traceparent: GIVEN }).expect(400);
      await ask('/version?2', { traceparent: 'none', tracestate: 'a=1' }).expect(200);
      const traces = test.logged.filter(({ msg }) => msg === 'request').map(({ traceId }) => String(traceId));
      expect(traces).toEqual([TRACE, TRACE, TRACE, expect.stringMatching(/^[\da-f]{32}$/)]);
      expect(refused.body).toMatchObject({ code: 'invalid_request', traceId: TRACE });
      const [relayed, typed, begun] = received;
      for (const headers of [relayed, typed]) {
        expect(headers?.['traceparent']).toMatch(new RegExp(`^00-${TRACE}-(?!b7ad6b7169203331)[\\da-f]{16}-01$`));
        expect(headers?.['tracestate']).toBe('a=1');
      }
      expect(begun?.['traceparent']).toMatch(new RegExp(`^00-${traces[3]}-[\\da-f]{16}-00$`));
      expect(begun?.['tracestate']).toBeUndefined();
    } finally {
      await test.close();
      await upstream.close();
    }
  });
});

/** What a caller is told when the upstream breaks, through the real relay; on the raw relay its faults arrive as they are. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createLunchClient, type LunchClient } from '@lunch-relay/sdk';
import type { Fault } from '@lunch-relay/upstream-sim';
import { startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { failureOf } from './support/failureOf.ts';

let test: TestRelay;
let client: LunchClient;
beforeAll(async () => {
  test = await startTestRelay({ settings: { UPSTREAM_TIMEOUT_MS: '1000' } });
  // what is sent again is told in transport.test.ts
  client = createLunchClient({ baseUrl: test.relay.url, retries: 0 });
});
afterEach(() => test.simulator.clearFaults());
afterAll(() => test.close());

const EMPTY_500: Fault = { kind: 'status', status: 500, body: '', contentType: 'application/json' };

describe('a menu that cannot be had', () => {
  // each another restaurant: the relay remembers for a while that one has failed
  it.each<[string, string, Fault, Record<string, unknown>]>([
    [
      'a reset',
      'bikupan',
      { kind: 'reset-before-headers' },
      { kind: 'upstream_unavailable', code: 'upstream_unreachable' },
    ],
    ['a reset in the body', 'glada', { kind: 'reset-after-headers' }, { kind: 'upstream_unavailable', status: 502 }],
    ['a truncated body', 'jons', { kind: 'truncate' }, { kind: 'upstream_unavailable', status: 502 }],
    ['HTML', 'jorpes', { kind: 'html-200' }, { kind: 'upstream_unavailable', code: 'upstream_invalid_response' }],
    ['an empty 500', 'livet', EMPTY_500, { kind: 'upstream_unavailable', code: 'upstream_error' }],
    [
      '429',
      'dufva',
      { kind: 'status', status: 429 },
      { kind: 'rate_limited', code: 'upstream_rate_limited', status: 503 },
    ],
    ['no answer', 'elma', { kind: 'hang' }, { kind: 'timeout', code: 'upstream_timeout', status: 504 }],
    ['a slow answer', 'omni', { kind: 'delay', delayMs: 2_000 }, { kind: 'timeout', status: 504 }],
  ])('after %s (%s)', async (_, identifier, fault, expected) => {
    test.simulator.setFault(`/restaurant/${identifier}`, fault);
    const error = await failureOf(client.getRestaurant(identifier));
    expect(error).toMatchObject({ ...expected, retryable: true, requestId: expect.any(String) as unknown });
    expect(error.problem).toMatchObject({ code: error.code, status: error.status });
  });
});

describe('a relayed URI', () => {
  const path = '/restaurant/nanna/';
  it('gives what the API answers', async () => {
    const { data, headers, status } = await client.relay(path).withResponse();
    expect(data).toMatchObject({ restaurant: { title: 'Restaurang Nanna Svartz' } });
    expect([status, headers.get('via')]).toEqual([200, expect.stringContaining('lunch-relay')]);
    const text = await client.relay(path, { parse: (response) => response.text() });
    expect(JSON.parse(text)).toEqual(data);
  });

  it.each<[string, string, Fault, Record<string, unknown>]>([
    ['a reset', '/a', { kind: 'reset-before-headers' }, { kind: 'upstream_unavailable', code: 'upstream_unreachable' }],
    ['a reset in the body', '/b', { kind: 'reset-after-headers' }, { kind: 'invalid_response', retryable: true }],
    ['a truncated body', '/c', { kind: 'truncate' }, { kind: 'invalid_response', retryable: true }],
    ['HTML', '/d', { kind: 'html-200' }, { kind: 'invalid_response', retryable: false, status: 200 }],
    ['an empty 500', '/e', EMPTY_500, { kind: 'upstream_unavailable', status: 500 }],
    ['429', '/f', { kind: 'status', status: 429 }, { kind: 'rate_limited', status: 429 }],
    ['no answer', '/g', { kind: 'hang' }, { kind: 'timeout', code: 'upstream_timeout' }],
    ['404', '/h', { kind: 'status', status: 404 }, { kind: 'not_found', status: 404 }],
    ['403', '/i', { kind: 'status', status: 403 }, { kind: 'invalid_request', status: 403 }],
  ])('that breaks with %s (%s)', async (_, broken, fault, expected) => {
    test.simulator.setFault(broken, fault);
    expect(await failureOf(client.relay(broken as `/${string}`))).toMatchObject(expected);
  });

  it('tells a parse that fails from an answer that does', async () => {
    const cause = new Error('not what I know');
    const parse = () => {
      throw cause;
    };
    expect(await failureOf(client.relay(path, { parse }))).toMatchObject({ kind: 'invalid_response', cause });
  });

  it('sends method, body and headers', async () => {
    test.simulator.resetRequests();
    const body = new URLSearchParams({ a: 'å' });
    await client.relay('/echo', { method: 'POST', body }, { headers: { 'X-Trace': '1' } }).catch(() => {});
    expect(test.simulator.requests[0]).toMatchObject({ method: 'POST' });
    const { rawHeaders } = test.simulator.requests[0] ?? { rawHeaders: [] };
    const values = (name: string) => rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === name);
    expect(values('x-trace')).toEqual(['1']);
    expect(values('content-type')).toEqual(['application/x-www-form-urlencoded;charset=UTF-8']);
  });

  it.each(['/../restaurant', '/%2e%2e/restaurant', 'restaurant'])('does not lead out of the API: %s', async (path) => {
    expect(await failureOf(client.relay(path as `/${string}`))).toMatchObject({ kind: 'invalid_request' });
  });
});

describe('only-if-cached', () => {
  it('has a kind of its own for what is not stored', async () => {
    const own = await startTestRelay({ settings: { RELAY_REQUEST_DIRECTIVES: 'honour' } });
    const stored = { headers: { 'Cache-Control': 'only-if-cached' } };
    const call = createLunchClient({ baseUrl: own.relay.url }).relay('/restaurant/nanna/', {}, stored);
    expect(await failureOf(call)).toMatchObject({ kind: 'not_cached', code: 'not_cached', retryable: false });
    await own.close();
  });
});

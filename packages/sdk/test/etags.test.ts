/** Conditional requests that are answered 304, by the real relay, with and without the memory of the client. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEtagCache, createLunchClient } from '@lunch-relay/sdk';
import { startTestRelay, type TestRelay } from '../../server/test/support/relay.ts';
import { until } from '../../server/test/support/until.ts';
import { startHttpUpstream } from '../../server/test/support/upstreams.ts';
import { EMPTY_LIST, inTurn, json, startScripted } from './support/scripted.ts';

describe('with a real relay', () => {
  let test: TestRelay;
  beforeEach(async () => {
    test = await startTestRelay();
  });
  afterEach(() => test.close());

  /** As the relay logs them, after the answer. */
  async function statuses(count: number): Promise<unknown[]> {
    const requests = () => test.logged.filter(({ msg }) => msg === 'request');
    await until(() => requests().length >= count);
    return requests().map(({ status }) => status);
  }

  it('an answer that has not changed comes from memory, with the headers of now', async () => {
    const client = createLunchClient({ baseUrl: test.relay.url, cache: createEtagCache() });
    const first = await client.getRestaurant('nanna').withResponse();
    test.setNow(Date.parse('2026-11-23T10:01:00Z'));
    const second = await client.getRestaurant('nanna').withResponse();
    expect(await statuses(2)).toEqual([200, 304]);
    expect(second).toMatchObject({ data: first.data, status: 200, cache: 'hit', ageMs: 60_000 });
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
  });

  it('what a caller changes is not what the next one gets', async () => {
    const client = createLunchClient({ baseUrl: test.relay.url, cache: createEtagCache() });
    const { data, headers } = await client.listRestaurants().withResponse();
    data.length = 0;
    headers.delete('content-type');
    const again = await client.listRestaurants().withResponse();
    expect(again.data).toHaveLength(18);
    expect(again.headers.get('content-type')).toContain('json');
  });

  it('what one user was answered is not another’s', async () => {
    const server = await startHttpUpstream(({ headers }, response) => {
      const isSame = headers['if-none-match'] === '"v1"';
      response.writeHead(isSame ? 304 : 200, {
        'Content-Type': 'application/json',
        ETag: '"v1"',
        Vary: 'Authorization',
      });
      response.end(isSame ? undefined : JSON.stringify({ you: headers.authorization }));
    });
    const client = createLunchClient({ baseUrl: new URL(server.url).origin, cache: createEtagCache() });
    const me = (authorization: string) => client.relay('/me', {}, { headers: { authorization } });
    expect([await me('A'), await me('B'), await me('A')]).toEqual([{ you: 'A' }, { you: 'B' }, { you: 'A' }]);
    await server.close();
  });

  it('without it everything is asked for anew', async () => {
    const client = createLunchClient({ baseUrl: test.relay.url });
    await client.listRestaurants();
    await client.listRestaurants();
    expect(await statuses(2)).toEqual([200, 200]);
  });

  it.each([
    ['with it', createEtagCache()],
    ['without', undefined],
  ])('a caller’s own condition is answered 304, %s', async (_, cache) => {
    const { raw } = createLunchClient({ baseUrl: test.relay.url, cache });
    const { response } = await raw.GET('/restaurant');
    const headers = { 'If-None-Match': response.headers.get('etag') };
    expect((await raw.GET('/restaurant', { headers })).response.status).toBe(304);
  });
});

describe('the memory', () => {
  async function conditionsOf(
    scripts: Parameters<typeof startScripted>[0],
    paths: readonly `/${string}`[],
    maxEntries = 2,
  ) {
    const server = await startScripted(scripts);
    const client = createLunchClient({ baseUrl: server.url, retries: 0, cache: createEtagCache({ maxEntries }) });
    for (const path of paths) await client.relay(path).catch(() => {});
    await server.close();
    return server.requests.map(({ headers }) => headers['if-none-match']);
  }

  it('keeps the answers used last', async () => {
    const answer = json(EMPTY_LIST, 200, { ETag: '"1"' });
    const asked = await conditionsOf(answer, ['/a', '/b', '/a', '/c', '/a', '/b']);
    expect(asked).toEqual([undefined, undefined, '"1"', undefined, '"1"', undefined]);
  });

  it.each([
    ['has no ETag', {}],
    ['must not be stored', { ETag: '"1"', 'Cache-Control': 'no-store' }],
  ])('keeps nothing that %s', async (_, headers) => {
    expect(await conditionsOf(json(EMPTY_LIST, 200, headers), ['/a', '/a'])).toEqual([undefined, undefined]);
  });

  it('keeps no empty answer', async () => {
    const empty: Parameters<typeof startScripted>[0] = (response) => void response.setHeader('ETag', '"1"').end();
    expect(await conditionsOf(empty, ['/a', '/a'])).toEqual([undefined, undefined]);
  });

  it.each([0, 1.5, 10_001, Number.NaN])('refuses to keep %d answers', (maxEntries) => {
    expect(() => createEtagCache({ maxEntries })).toThrow(/^maxEntries must be a whole number from 1 to 10000/);
  });

  it('keeps an answer over a fault', async () => {
    const faulty = inTurn(json(EMPTY_LIST, 200, { ETag: '"1"' }), json({}, 502));
    expect(await conditionsOf(faulty, ['/a', '/a', '/a'])).toEqual([undefined, '"1"', '"1"']);
  });

  it('keeps nothing large', async () => {
    const large = json('x'.repeat(1_048_576), 200, { ETag: '"1"' });
    expect(await conditionsOf(large, ['/a', '/a'])).toEqual([undefined, undefined]);
  });

  it('sends max-age=0, so that fetch adds no no-cache, and follows an answer that changes', async () => {
    let version = 0;
    const server = await startScripted((...words) => {
      version += 1;
      json({ version }, 200, { ETag: `"${version}"` })(...words);
    });
    const client = createLunchClient({ baseUrl: server.url, cache: createEtagCache() });
    expect([await client.relay('/a'), await client.relay('/a')]).toEqual([{ version: 1 }, { version: 2 }]);
    await server.close();
    expect(server.requests[1]?.headers).toMatchObject({ 'if-none-match': '"1"', 'cache-control': 'max-age=0' });
  });
});

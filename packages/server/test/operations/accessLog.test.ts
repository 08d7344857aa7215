import { afterEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { startTestRelay, type TestRelay } from '../support/relay.ts';

const open: TestRelay[] = [];
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

async function start(settings: Record<string, string>): Promise<TestRelay> {
  const test = await startTestRelay({ settings });
  open.push(test);
  return test;
}

const requestsIn = ({ logged }: TestRelay) => logged.filter(({ msg }) => msg === 'request');

describe('the log of requests', () => {
  it('says of each what the cache made of it, and how long the upstream took', async () => {
    const test = await start({ LOG_HITS_ONE_IN: '1' });
    test.simulator.setLatency(30);
    const paths = ['/restaurant/nanna', '/restaurant/nanna', '/relay_anything/restaurant/jons', '/docs', '/version'];
    for (const path of [...paths, '/relay_anything/restaurant/jons']) await request(test.relay.url).get(path);
    await request(test.relay.url).post('/version');
    const told = requestsIn(test).map(({ route, cache, upstreamMs }) => [route, cache, upstreamMs !== undefined]);
    expect(told).toEqual([
      ['getRestaurant', 'miss', true],
      ['getRestaurant', 'hit', false],
      ['relay', 'miss', true],
      ['docs', undefined, false],
      ['relay', 'miss', true],
      ['relay', 'hit', false],
      ['relay', 'bypass', true],
    ]);
    expect(requestsIn(test)[0]?.['upstreamMs']).toBeGreaterThanOrEqual(29);
  });

  it('has one line for so many hits, which says how many, and every other request', async () => {
    const test = await start({ LOG_HITS_ONE_IN: '3' });
    await request(test.relay.url).get('/restaurant/nanna');
    for (let hit = 0; hit < 7; hit++) await request(test.relay.url).get('/restaurant/nanna');
    for (const path of ['/restaurant/nana', '/../x']) await request(test.relay.url).get(path);
    const told = requestsIn(test).map(({ status, sampled }) => [status, sampled]);
    expect(told).toEqual([
      [200, undefined],
      [200, 3],
      [200, 3],
      [200, 3],
      [404, undefined],
      [400, undefined],
    ]);
  });

  it('holds no secret of a client, wherever that puts it', async () => {
    const test = await start({});
    const query = '?q=lax&api_key=s3cret&access_token=s3cret&key=s3cret&monkey=banana';
    await request(test.relay.url)
      .get(`/version${query}`)
      .set({ Authorization: 'Bearer s3cret', Cookie: 'session=s3cret', 'Proxy-Authorization': 'Basic s3cret' });
    await request(test.relay.url).post(`/version${query}`).send('s3cret');
    expect(JSON.stringify(test.logged)).not.toContain('s3cret');
    expect(requestsIn(test)[0]?.['url']).toBe(
      '/version?q=lax&api_key=[redacted]&access_token=[redacted]&key=[redacted]&monkey=banana',
    );
    expect(test.simulator.requests[0]?.url).toContain('api_key=s3cret');
  });
});

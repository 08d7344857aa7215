import { afterEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createLog } from '../../src/operations/log.ts';
import { connectRaw } from '../support/rawHttp.ts';
import { startTestRelay, type TestRelay } from '../support/relay.ts';
import { until } from '../support/until.ts';

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
    const client = await connectRaw(test.relay.url);
    client.send('GET http://u:s3cret@x/version?api-key=s3cret&jwt=s3cret&pwd=s3cret HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.until((text) => text.includes('version'));
    client.socket.destroy();
    expect(JSON.stringify(test.logged)).not.toContain('s3cret');
    expect(requestsIn(test).at(-1)?.['url']).toMatch(/^http:\/\/\[redacted\]@x\/version\?api-key=\[redacted\]/);
  });

  it('is written at once, whatever a client has put together', async () => {
    const test = await start({});
    const startedAt = performance.now();
    await fetch(`${test.relay.url}/version${'?jwt'.repeat(1_500)}`);
    await until(() => requestsIn(test).length > 0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it.each([
    ['/x?token=a?b&c=d?e', '/x?token=[redacted]&c=d?e'],
    ['/x?next=/y?token=a#b', '/x?next=/y?token=[redacted]#b'],
    ['/x?a&TOKEN=a&&monkey=b&sig=c=d', '/x?a&TOKEN=[redacted]&&monkey=b&sig=[redacted]'],
    ['/token=a?token&x-token-y=b', '/token=a?token&x-token-y=[redacted]'],
  ])('holds %s as %s', async (path, logged) => {
    const test = await start({});
    const client = await connectRaw(test.relay.url);
    client.send(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await until(() => requestsIn(test).length > 0);
    client.socket.destroy();
    expect(requestsIn(test)[0]?.['url']).toBe(logged);
  });

  it('holds of an error only what it says and where', () => {
    const lines: string[] = [];
    const log = createLog('error', { write: (line) => void lines.push(line) });
    const cause = Object.assign(new Error('the cause'), { headers: { authorization: 's3cret' } });
    const error = Object.assign(new Error('broken', { cause }), { code: 'EPIPE', headers: { cookie: 's3cret' } });
    log.error({ err: error }, 'a fault');
    log.error({ err: 's' }, 'thrown, and no error');
    expect(lines.join('')).not.toContain('s3cret');
    const [first, second] = lines.map((line) => (JSON.parse(line) as { err: object }).err);
    expect(first).toMatchObject({ type: 'Error', code: 'EPIPE', stack: expect.stringContaining('the cause') });
    expect(second).toEqual({ message: 's' });
  });

  it('tells a client that left before its answer from one that got it', async () => {
    const test = await start({});
    test.simulator.setLatency(300);
    const client = await connectRaw(test.relay.url);
    client.send('GET /version HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => test.simulator.requestCount() > 0);
    client.socket.destroy();
    await until(() => requestsIn(test).length > 0);
    expect(requestsIn(test)[0]).toMatchObject({ status: 499, aborted: true });
  });
});

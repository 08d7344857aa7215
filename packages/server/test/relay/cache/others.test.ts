/** What one request gets is not what others are then answered with, unless it is what they asked for. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startOrigin, type TestOrigin } from '../../support/origin.ts';
import { connectRaw, fetchRaw } from '../../support/rawHttp.ts';
import { MONDAY_11, startRelayTo } from '../../support/relay.ts';
import { useHandledRelays } from '../../support/scriptedRelay.ts';
import { until } from '../../support/until.ts';
import { startHttpUpstream } from '../../support/upstreams.ts';

let origin: TestOrigin;
beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(() => origin.close());
const startHandled = useHandledRelays();

type Fields = Record<string, string>;

describe('others are not answered with', () => {
  it('no body, because of a HEAD that had what is stored brought up to date (RFC 9111, section 4.3.5)', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=10, stale-while-revalidate=60' }, body: 'the whole of it' });
    await origin.ask(path);
    origin.advance(20);
    await origin.ask(path, { method: 'HEAD' });
    await until(async () => (await origin.ask(path)).headers.get('cache-status')?.includes('hit; ttl=10') === true);
    expect((await origin.ask(path)).body).toBe('the whole of it');
  });

  it.each<[number, Fields]>([
    [412, { 'If-Match': '"no"' }],
    [416, { Range: 'bytes=999-' }],
    [417, { 'X-Expects': 'the impossible' }],
  ])('the %d of %j', async (status, headers) => {
    const path = origin.freshPath();
    origin.answers({ status, headers: { 'Cache-Control': 'max-age=60' } });
    await origin.ask(path, { headers });
    origin.answers({ headers: { 'Cache-Control': 'max-age=60' } });
    expect((await origin.ask(path)).status).toBe(200);
  });

  it('the absolute links of one who came by another name, port or prefix, though a proxy of ours says so', async () => {
    const url = await startHandled(
      ({ headers }, response) => {
        const { 'x-forwarded-proto': proto, 'x-forwarded-prefix': prefix, 'x-forwarded-port': port } = headers;
        response.writeHead(200, { 'Cache-Control': 'max-age=60' }).end(JSON.stringify([proto, prefix, port]));
      },
      { TRUST_PROXY: '1' },
    );
    const headers = ['X-Forwarded-Proto: gopher', 'X-Forwarded-Prefix: //evil.example', 'X-Forwarded-Port: 666'];
    const body = async (given: string[]) => (await fetchRaw(`${url}/x`, { headers: given })).body.toString();
    expect([await body(headers), await body([])]).toEqual(['["http",null,null]', '["http",null,null]']);
  });
});

describe('others keep what is stored', () => {
  it('when somebody’s credentials have it confirmed', async () => {
    const path = origin.freshPath();
    origin.answers({ headers: { 'Cache-Control': 'max-age=10', ETag: '"a"' }, body: 'for all' });
    await origin.ask(path);
    origin.advance(20);
    origin.answers({ status: 304, headers: { 'Cache-Control': 'max-age=10', ETag: '"a"' } });
    const somebodys = await origin.ask(path, { headers: { Authorization: 'Bearer x' } });
    expect([somebodys.status, somebodys.body, somebodys.upstream]).toEqual([200, 'for all', 'validated']);
    expect(somebodys.headers.get('cache-status')).not.toContain('stored');
    expect((await origin.ask(path)).upstream).toBe('validated');
  });

  it('when a HEAD tells its length, which a body in chunks came without', async () => {
    const url = await startHandled(
      ({ method }, response) => {
        response.setHeader('Cache-Control', 'max-age=60');
        if (method === 'HEAD') response.setHeader('Content-Length', 5);
        else response.write('fi');
        response.end(method === 'HEAD' ? '' : 've!');
      },
      { RELAY_REQUEST_DIRECTIVES: 'honour' },
    );
    await fetchRaw(`${url}/x`);
    await fetchRaw(`${url}/x`, { method: 'HEAD', headers: ['Cache-Control: no-cache'] });
    const { headers } = await fetchRaw(`${url}/x`);
    expect(headers).toContainEqual(['Cache-Status', expect.stringContaining('hit')]);
  });

  it('when nobody can be sent what came last', async () => {
    let reason = 'Fine';
    const url = await startHandled((_, response) => {
      const head = `HTTP/1.1 200 ${reason}\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok`;
      response.socket?.end(head, 'latin1');
    });
    reason = 'O\x01K';
    const statuses = [];
    // as often as it takes for an answer to be made ready
    for (let times = 0; times < 5; times++) statuses.push((await fetchRaw(`${url}/x`)).statusLine);
    expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 502 Bad Gateway']));
    reason = 'Fine';
    expect((await fetchRaw(`${url}/x`)).statusLine).toBe('HTTP/1.1 200 Fine');
  });
});

describe('an answer', () => {
  it('does not age while its call waits for its turn (RFC 9111, section 4.2.3)', async () => {
    let now = MONDAY_11;
    const asked: string[] = [];
    let finish = () => {};
    const upstream = await startHttpUpstream(({ url = '' }, response) => {
      asked.push(url);
      response.sendDate = false;
      if (url === '/api/x') response.writeHead(200, { 'Cache-Control': 'max-age=2' });
      if (url === '/api/slow') finish = () => void response.end();
      else response.end();
    });
    const relay = await startRelayTo(upstream.url, { UPSTREAM_CONCURRENCY: '1' }, { clock: () => now });
    const slow = fetchRaw(`${relay.url}/slow`);
    await until(() => asked.length === 1);
    const waiting = connectRaw(relay.url);
    (await waiting).send('GET /x HTTP/1.1\r\nHost: x\r\n\r\n');
    // by the time that this is answered the relay has read what came before it
    await fetchRaw(`${relay.url}/docs/errors`);
    now += 3_000;
    finish();
    await slow;
    await (await waiting).until((text) => text.includes('\r\n\r\n'));
    (await waiting).socket.destroy();
    const { headers } = await fetchRaw(`${relay.url}/x`);
    expect(headers).toContainEqual(['Cache-Status', 'lunch-relay; hit; ttl=2']);
    expect(asked).toEqual(['/api/slow', '/api/x']);
    await relay.close();
    await upstream.close();
  });
});

/** WebSockets: ignored unless the configuration lets them through. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { closedAfterEach } from '../support/closing.ts';
import { connectRaw, type RawConnection } from '../support/rawHttp.ts';
import { startRelayTo } from '../support/relay.ts';
import { until } from '../support/until.ts';
import { startScriptedUpstream } from '../support/upstreams.ts';

const closing = closedAfterEach();

const ON = { RELAY_UPGRADES: '1' };
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = createHash('sha1').update(`${KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
const SWITCH = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n\r\n`;
const HANG_UP = Symbol('hang up');
const handshake = (target: string, upgrade = 'websocket') =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, X-Hop\r\nUpgrade: ${upgrade}\r\nX-Hop: 1\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n`;

/** A relay in front of an upstream that answers handshakes, and sends back what comes through the tunnel. */
async function start(settings: Record<string, string>, answer: string | typeof HANG_UP = SWITCH) {
  const open = { tunnels: 0 };
  const upstream = await startScriptedUpstream((socket, chunk) => {
    if (chunk === 'reset') socket.resetAndDestroy();
    else if (!chunk.startsWith('GET ')) socket.write(`echo ${chunk}`);
    else if (/\r\nupgrade: websocket\r\n/i.test(chunk)) {
      open.tunnels += 1;
      socket.once('close', () => {
        open.tunnels -= 1;
      });
      if (answer === HANG_UP) socket.destroy();
      else socket.write(answer);
    } else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain');
  });
  closing.push(upstream.close);
  const relay = await startRelayTo(upstream.url, settings);
  closing.push(relay.close);
  return { relay, upstream, open };
}

async function shakeHands(url: string, target: string, upgrade?: string): Promise<RawConnection> {
  const client = await connectRaw(url);
  closing.push(() => client.socket.destroy());
  client.send(handshake(target, upgrade));
  return client;
}

describe('a WebSocket', () => {
  it('is ignored by default, and the request answered like the others', async () => {
    const { relay, upstream } = await start({});
    const client = await shakeHands(relay.url, '/x');
    expect(await client.until((text) => text.endsWith('plain'))).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(upstream.received[0]).not.toMatch(/upgrade/i);
  });

  it('is relayed if it may be, and ends on both sides at once', async () => {
    const { relay, upstream, open } = await start(ON);
    const client = await shakeHands(relay.url, '/relay_anything/chat?a=1');
    const answer = await client.until((text) => text.endsWith('\r\n\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(answer.toLowerCase()).toContain(`sec-websocket-accept: ${ACCEPT.toLowerCase()}`);
    client.send('hello');
    await client.until((text) => text.endsWith('echo hello'));
    const [head = ''] = upstream.received;
    expect(head).toMatch(/^GET \/api\/chat\?a=1 HTTP\/1\.1\r\n/);
    expect(head).toMatch(/\r\nvia: 1\.1 lunch-relay\r\n/);
    expect(head).not.toMatch(/x-hop/i);
    client.socket.destroy();
    await until(() => open.tunnels === 0);
  });

  it('is no other protocol: Upgrade to HTTP/2 is ignored all the same', async () => {
    const { relay } = await start(ON);
    const client = await shakeHands(relay.url, '/x', 'h2c');
    expect(await client.until((text) => text.endsWith('plain'))).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it.each([
    ['a path that climbs', '/%2e%2e/x', SWITCH, '400', 'invalid_path'],
    ['an upstream that hangs up', '/x', HANG_UP, '502', 'upstream_unreachable'],
  ] as Array<[string, string, string | typeof HANG_UP, string, string]>)(
    'with %s is refused with a problem',
    async (_, target, answer, status, code) => {
      const { relay } = await start(ON, answer);
      const client = await shakeHands(relay.url, target);
      await client.closed;
      expect(client.received()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*"code":"${code}"`));
    },
  );

  it('that the upstream does not answer is a 504 in time', async () => {
    const { relay } = await start({ ...ON, UPSTREAM_TIMEOUT_MS: '150' }, '');
    const client = await shakeHands(relay.url, '/x');
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 504 [\s\S]*"code":"upstream_timeout"/);
  });

  it('whose upstream breaks off is cut, without a second head', async () => {
    const { relay } = await start(ON, `${SWITCH}frame`);
    const client = await shakeHands(relay.url, '/x');
    await client.until((text) => text.endsWith('frame'));
    client.send('reset');
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('that the upstream does not want gets its answer', async () => {
    const { relay } = await start(ON, 'HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno');
    const client = await shakeHands(relay.url, '/x');
    await client.closed;
    expect(client.received()).toMatch(/^HTTP\/1\.1 426 Upgrade Required\r\n[\s\S]*no$/);
  });

  it.each([
    ['an answer that is due', 'GET /x HTTP/1.1\r\nHost: x\r\n\r\n', handshake('/y'), /^HTTP\/1\.1 200 OK[\s\S]*plain/],
    ['a refusal', 'GET /../x HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n', handshake('/y'), /^HTTP\/1\.1 400 /],
    [
      'a refusal, and CONNECT',
      'GET /x HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
      'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
      /^(?:$|HTTP\/1\.1 400 )/,
    ],
    [
      'an answer that is due, and CONNECT',
      'GET /x HTTP/1.1\r\nHost: x\r\n\r\n',
      'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
      /^$/,
    ],
  ])('behind %s in the same packet ends nothing and opens nothing', async (_, first, second, told) => {
    const { relay, open } = await start(ON);
    const client = await connectRaw(relay.url);
    closing.push(() => client.socket.destroy());
    client.send(first + second);
    await client.until((text) => text.includes('plain')).catch(() => {}); // or closed
    expect(client.received()).toMatch(told);
    expect(client.received()).not.toContain(' 101 ');
    expect(open.tunnels).toBe(0);
    expect((await fetch(`${relay.url}/next`)).status).toBe(200);
  });

  it('holds a place among the streams, and gives it back', async () => {
    const { relay } = await start({ ...ON, UPSTREAM_TIMEOUT_MS: '1000' });
    const clients: RawConnection[] = [];
    for (let index = 0; index < 16; index++) {
      const client = await shakeHands(relay.url, '/x');
      await client.until((text) => text.includes(' 101 '));
      clients.push(client);
    }
    const refused = await shakeHands(relay.url, '/x');
    await refused.closed;
    expect(refused.received()).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"upstream_overloaded"/);
    clients[0]?.socket.destroy();
    const next = await shakeHands(relay.url, '/x');
    await next.until((text) => text.includes(' 101 '));
  });

  it('does not keep a relay from stopping', async () => {
    const { relay } = await start({ ...ON, SHUTDOWN_TIMEOUT_MS: '60000' });
    const client = await shakeHands(relay.url, '/x');
    await client.until((text) => text.includes(' 101 '));
    await relay.close();
    await client.closed;
  });
});

/** Whom the upstream is told that a request comes from, and whose word is taken for it. */
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { parseTrust, toForwardingFields } from '../../src/relay/forwarding.ts';
import { fetchRaw } from '../support/rawHttp.ts';
import { startRelayTo, startTestRelay } from '../support/relay.ts';
import { startHttpUpstream } from '../support/upstreams.ts';

const GIVEN = [
  'Forwarded: for=192.0.2.1',
  'X-Forwarded-For: 192.0.2.1, 10.0.0.1',
  'X-Forwarded-Host: lunch.example',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Port: 443',
];

/** The forwarding fields that the upstream gets. */
async function seen(trust: string, headers: readonly string[], method = 'DELETE'): Promise<Record<string, string>> {
  const test = await startTestRelay({ settings: { TRUST_PROXY: trust } });
  try {
    const { body } = await fetchRaw(`${test.relay.url}/_sim/echo`, { method, headers });
    const { rawHeaders } = JSON.parse(body.toString()) as { rawHeaders: string[] };
    const fields = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1]]] : [],
    );
    const { host } = new URL(test.relay.url);
    return Object.fromEntries(
      fields
        .filter(([name]) => /forwarded/.test(name ?? ''))
        .map(([name, value]) => [name, value?.replaceAll(host, 'RELAY')]),
    ) as Record<string, string>;
  } finally {
    await test.close();
  }
}

const OWN = {
  forwarded: 'for=127.0.0.1;host="RELAY";proto=http',
  'x-forwarded-for': '127.0.0.1',
  'x-forwarded-host': 'RELAY',
  'x-forwarded-proto': 'http',
};

describe('what a client says of itself', () => {
  it.each(['', '0', '10.0.0.0/8', '192.0.2.1'])('is replaced if TRUST_PROXY is "%s"', async (trust) => {
    expect(await seen(trust, GIVEN)).toEqual(OWN);
  });

  it.each(['1', '2', 'loopback', '10.0.0.0/8, 127.0.0.1'])('is added to if TRUST_PROXY is "%s"', async (trust) => {
    expect(await seen(trust, GIVEN)).toEqual({
      forwarded: 'for=192.0.2.1, for=127.0.0.1;host="RELAY";proto=http',
      'x-forwarded-for': '192.0.2.1, 10.0.0.1, 127.0.0.1',
      'x-forwarded-host': 'lunch.example',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
    });
    expect(await seen(trust, [])).toEqual(OWN);
  });

  it('and what name the relay goes by is not told where the answer may be for others', async () => {
    expect(await seen('1', GIVEN, 'GET')).toEqual({
      forwarded: 'for=127.0.0.1;proto=http',
      'x-forwarded-for': '192.0.2.1, 10.0.0.1, 127.0.0.1',
      'x-forwarded-proto': 'http',
    });
  });

  it('cannot be taken out by Connection', async () => {
    expect(await seen('', ['Connection: X-Forwarded-For, Forwarded, Via'])).toEqual(OWN);
  });
});

describe('a second attempt', () => {
  it('says the same of the client as the first', async () => {
    const received: string[] = [];
    const upstream = await startHttpUpstream(({ headers }, response) => {
      received.push(String(headers['x-forwarded-for']));
      response.writeHead(received.length > 1 ? 200 : 502).end();
    });
    const relay = await startRelayTo(upstream.url, { TRUST_PROXY: 'loopback', UPSTREAM_RETRIES: '1' });
    await fetchRaw(`${relay.url}/x`, { headers: ['x-forwarded-for: 9.9.9.9'] });
    expect(received).toEqual(['9.9.9.9, 127.0.0.1', '9.9.9.9, 127.0.0.1']);
    await relay.close();
    await upstream.close();
  });
});

describe('an address', () => {
  const fieldsFor = (remoteAddress: string | undefined) =>
    Object.fromEntries(
      toForwardingFields({ socket: { remoteAddress }, headers: {} } as unknown as IncomingMessage, false),
    );

  it.each([
    ['192.0.2.7', 'for=192.0.2.7;proto=http', '192.0.2.7'],
    ['::ffff:192.0.2.7', 'for=192.0.2.7;proto=http', '192.0.2.7'],
    ['2001:db8::1', 'for="[2001:db8::1]";proto=http', '2001:db8::1'],
    [undefined, 'for=unknown;proto=http', 'unknown'],
  ])('%s is written as RFC 7239 wants it', (address, forwarded, forwardedFor) => {
    expect(fieldsFor(address)).toEqual({
      forwarded,
      'x-forwarded-for': forwardedFor,
      'x-forwarded-proto': 'http',
    });
  });

  it('is of a proxy of ours up to the number of them, or by its network', () => {
    expect([0, 1, 2].map((hops) => parseTrust('2')('192.0.2.1', hops))).toEqual([true, true, false]);
    expect(
      ['10.1.2.3', '11.1.2.3', 'fd00::1'].map((address) => parseTrust('10.0.0.0/8,uniquelocal')(address, 0)),
    ).toEqual([true, false, true]);
  });
});

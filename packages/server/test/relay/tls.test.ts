/** An upstream behind TLS has to be who it says it is. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import selfsigned from 'selfsigned';
import { closedAfterEach } from '../support/closing.ts';
import { startRelayTo } from '../support/relay.ts';
import { startHttpUpstream } from '../support/upstreams.ts';

const DAY_MS = 86_400_000;
const closing = closedAfterEach();

const builtIn = tls.getCACertificates('default');
beforeAll(() => tls.setDefaultCACertificates(builtIn));
afterAll(() => tls.setDefaultCACertificates(builtIn));

/** A relay in front of a server with a certificate of its own, and that certificate. */
async function start(name: string, notBefore: number, notAfter: number) {
  const pems = await selfsigned.generate([{ name: 'commonName', value: name }], {
    notBeforeDate: new Date(notBefore),
    notAfterDate: new Date(notAfter),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: name }] },
    ],
  });
  const upstream = await startHttpUpstream((_request, response) => response.end('safe'), {
    key: pems.private,
    cert: pems.cert,
  });
  closing.push(upstream.close);
  const relay = await startRelayTo(upstream.url);
  closing.push(relay.close);
  return { url: relay.url, certificate: pems.cert };
}

async function told(url: string): Promise<string> {
  const answer = await fetch(`${url}/x`);
  return answer.ok ? answer.text() : `${answer.status} ${((await answer.json()) as { code: string }).code}`;
}

describe('the certificate of the upstream', () => {
  const now = Date.now();

  it('is good if somebody whom we trust has signed it', async () => {
    const { url, certificate } = await start('localhost', now - DAY_MS, now + DAY_MS);
    expect(await told(url)).toBe('502 upstream_unreachable');
    tls.setDefaultCACertificates([...builtIn, certificate]);
    expect(await told(url)).toBe('safe');
  });

  it.each([
    ['another name', 'other.example', now - DAY_MS, now + DAY_MS],
    ['a time that is over', 'localhost', now - 2 * DAY_MS, now - DAY_MS],
    ['a time that is to come', 'localhost', now + DAY_MS, now + 2 * DAY_MS],
  ])('is not good with %s', async (_, name, notBefore, notAfter) => {
    const { url, certificate } = await start(name, notBefore, notAfter);
    tls.setDefaultCACertificates([...builtIn, certificate]);
    expect(await told(url)).toBe('502 upstream_unreachable');
  });
});

/** A server that takes connections and shakes no hands. */
async function startSilent() {
  const server = net.createServer((socket) => void closing.push(() => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return `https://localhost:${(server.address() as AddressInfo).port}/api`;
}

describe('a handshake that takes too long', () => {
  it.each([
    ['a plain GET', {}],
    ['a POST', { method: 'POST', body: 'ok' }],
  ])('ends %s long before its time is over', async (_, init) => {
    const relay = await startRelayTo(await startSilent(), { UPSTREAM_TIMEOUT_MS: '10000' });
    closing.push(relay.close);
    const startedAt = performance.now();
    const { status } = await fetch(`${relay.url}/x`, init);
    expect(status).toBe(503);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});

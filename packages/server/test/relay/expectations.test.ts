/** `Expect`: the upstream says whether the body may come, and the relay waits for whoever has the turn. */
import { describe, expect, it } from '@jest/globals';
import { connectRaw, exchangeRaw, fetchRaw } from '../support/rawHttp.ts';
import { always, headOf, OK, useScriptedRelays } from '../support/scriptedRelay.ts';

const start = useScriptedRelays();

describe('Expect: 100-continue', () => {
  const HEAD = 'POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n';

  it('lets the upstream say when the body may come', async () => {
    const { url, received } = await start(
      (socket, _chunk, before) => void socket.write(before === 0 ? 'HTTP/1.1 100 Continue\r\n\r\n' : OK),
    );
    const client = await connectRaw(url);
    client.send(HEAD);
    expect(await client.until((text) => text.endsWith('\r\n\r\n'))).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    expect(received).toHaveLength(1);
    expect(headOf(received[0])).toContain('expect: 100-continue');
    client.send('body');
    await client.until((text) => text.endsWith('ok'));
    expect(received.slice(1)).toEqual(['body']);
    client.socket.destroy();
  });

  it('lets the upstream refuse before the body has come', async () => {
    const { url, received } = await start(always('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno'));
    const client = await connectRaw(url);
    client.send(HEAD);
    const answer = await client.until((text) => text.endsWith('no'));
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized/);
    expect(received).toHaveLength(1);
    client.socket.destroy();
  });

  it('that was granted is the client’s turn, however long it takes', async () => {
    const { url } = await start(
      (socket, _chunk, before) => void socket.write(before === 0 ? 'HTTP/1.1 100 Continue\r\n\r\n' : OK),
      { UPSTREAM_TIMEOUT_MS: '150' },
    );
    const client = await connectRaw(url);
    client.send(HEAD);
    await client.until((text) => text.includes('100 Continue'));
    await new Promise((resolve) => setTimeout(resolve, 400));
    client.send('body');
    expect(await client.until((text) => text.endsWith('ok'))).toContain('HTTP/1.1 200 OK');
    client.socket.destroy();
  });

  it('that the upstream does not react to is its delay, not the client’s', async () => {
    const { url } = await start(() => {}, { UPSTREAM_TIMEOUT_MS: '150' });
    const client = await connectRaw(url);
    client.send(HEAD);
    expect(await client.until((text) => text.includes('"code"'))).toMatch(/^HTTP\/1\.1 504 /);
    client.socket.destroy();
  });

  it('is nothing in HTTP/1.0', async () => {
    const { url, received } = await start((socket, chunk) => void (chunk.endsWith('body') && socket.write(OK)));
    const { text } = await exchangeRaw(url, `${HEAD.replace('1.1', '1.0')}body`);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(headOf(received[0]).join()).not.toMatch(/expect/i);
  });

  it('and other expectations are the upstream’s to judge', async () => {
    const { url, received } = await start(always('HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno'));
    const { statusLine } = await fetchRaw(`${url}/x`, {
      method: 'POST',
      headers: ['Expect: miracle', 'Content-Length: 0'],
    });
    expect(statusLine).toBe('HTTP/1.1 417 No');
    expect(headOf(received[0])).toContain('expect: miracle');
  });
});

/** Bodies that break off or do not fit are never stored, and nobody gets half of one as if it were whole. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { closedAfterEach } from '../../support/closing.ts';
import { startRelayTo } from '../../support/relay.ts';
import { startHttpUpstream } from '../../support/upstreams.ts';

const closing = closedAfterEach();

async function start(first: (response: ServerResponse) => void) {
  let requests = 0;
  const upstream = await startHttpUpstream((_, response) => {
    requests += 1;
    response.setHeader('Cache-Control', 'max-age=600');
    if (requests === 1) first(response);
    else response.end('whole');
  });
  closing.push(upstream.close);
  const relay = await startRelayTo(upstream.url, { UPSTREAM_CONCURRENCY: '0' });
  closing.push(relay.close);
  const read = async () => (await fetch(`${relay.url}/x`)).text().catch(() => 'broken');
  return { read, requests: () => requests };
}

const cut = (response: ServerResponse) => setTimeout(() => response.socket?.resetAndDestroy(), 100);

describe('a body', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['shorter than its length', (response) => response.writeHead(200, { 'Content-Length': '100' }).write('half')],
    ['whose last chunk is missing', (response) => response.writeHead(200).write('half')],
  ])("%s is nobody's, and not stored", async (_, begin) => {
    const { read, requests } = await start((response) => {
      begin(response);
      cut(response);
    });
    const replies = await Promise.all(Array.from({ length: 5 }, read));
    expect(new Set(replies)).toEqual(new Set(['broken', 'whole']));
    expect(replies.filter((reply) => reply === 'broken')).toHaveLength(1);
    expect(await read()).toBe('whole');
    expect(requests()).toBeGreaterThan(1);
  });

  it.each(['length', 'chunks'])('over 1 MiB by %s passes through whole, and is not stored', async (framing) => {
    const large = Buffer.alloc(1024 * 1024 + 1, 'x');
    const { read, requests } = await start((response) => {
      if (framing === 'length') response.setHeader('Content-Length', large.length);
      else response.write('');
      response.end(large);
    });
    expect(await read()).toHaveLength(large.length);
    expect(await read()).toBe('whole');
    expect(requests()).toBe(2);
  });

  it('of 1 MiB is stored', async () => {
    const { read, requests } = await start((response) => response.end(Buffer.alloc(1024 * 1024, 'x')));
    await read();
    expect(await read()).toHaveLength(1024 * 1024);
    expect(requests()).toBe(1);
  });
});

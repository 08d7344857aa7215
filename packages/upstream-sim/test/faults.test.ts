import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { ask, errorCode, openReply } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();
const nanna = () => running.at('/restaurant/nanna');

describe('which requests a fault hits', () => {
  it('hits its exact path only, whatever the query', async () => {
    running.simulator.setFault('/restaurant/nanna', { kind: 'status', status: 500 });
    expect((await ask(`${nanna()}?x=1`)).status).toBe(500);
    expect((await ask(running.at('/restaurant/omni'))).status).toBe(200);
    expect((await ask(running.at('/restaurant'))).status).toBe(200);
  });

  it('hits all paths with *, but not those that have a fault of their own', async () => {
    running.simulator.setFault('*', { kind: 'status', status: 502 });
    running.simulator.setFault('/restaurant/nanna', { kind: 'status', status: 500 });
    expect((await ask(nanna())).status).toBe(500);
    expect((await ask(running.at('/restaurant'))).status).toBe(502);
    expect((await ask(running.at('/_sim/echo'))).status).toBe(502);
    running.simulator.clearFaults();
    expect((await ask(nanna())).status).toBe(200);
  });

  it('hits as many requests as it should, and then no more', async () => {
    running.simulator.setFault('/restaurant/nanna', { kind: 'status', status: 500 }, { times: 2 });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await ask(nanna())).status);
    expect(statuses).toEqual([500, 500, 200]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %p times', (times) => {
    expect(() => running.simulator.setFault('*', { kind: 'hang' }, { times })).toThrow(RangeError);
  });

  it('hits before the memory: the upstream keeps what it knew', async () => {
    await ask(nanna());
    running.now += 1_000_000;
    running.simulator.setFault('*', { kind: 'status', status: 500 }, { times: 1 });
    await ask(nanna());
    expect((await ask(nanna())).headers['cache-control']).toBe('max-age=9800');
  });
});

describe('what a fault does', () => {
  it('delays an answer', async () => {
    running.simulator.setFault('*', { kind: 'delay', delayMs: 40 });
    const startedAt = performance.now();
    expect((await ask(nanna())).status).toBe(200);
    await ask(running.at('/_sim/echo'));
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(79);
  });

  it('answers another status, in HTML by itself and otherwise as told', async () => {
    running.simulator.setFault('*', { kind: 'status', status: 502 });
    const html = await ask(nanna());
    expect(html).toMatchObject({ status: 502, text: '<!doctype html><title>502</title>\n' });
    expect(html.headers['content-type']).toBe('text/html; charset=utf-8');
    running.simulator.setFault('*', { kind: 'status', status: 500, body: '{"a":1}', contentType: 'application/json' });
    const json = await ask(nanna());
    expect(json).toMatchObject({ status: 500, text: '{"a":1}' });
    expect(json.headers['content-type']).toBe('application/json');
  });

  it('answers HTML with 200', async () => {
    running.simulator.setFault('*', { kind: 'html-200' });
    const reply = await ask(nanna());
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(reply.text).toContain('Maintenance');
  });

  it('resets the connection instead of an answer', async () => {
    running.simulator.setFault('*', { kind: 'reset-before-headers' });
    expect(await errorCode(ask(nanna()))).toBe('ECONNRESET');
  });

  it('resets the connection in the middle of the body', async () => {
    running.simulator.setFault('*', { kind: 'reset-after-headers' });
    const reply = await openReply(nanna());
    expect(reply.statusCode).toBe(200);
    const pieces: Buffer[] = [];
    reply.on('data', (piece: Buffer) => pieces.push(piece));
    expect(await errorCode(new Promise((_, reject) => reply.once('error', reject)))).toBe('ECONNRESET');
    expect(Buffer.concat(pieces)).toHaveLength(Math.floor(Number(reply.headers['content-length']) / 2));
  });

  it('ends in an orderly way after half of the promised length', async () => {
    running.simulator.setFault('*', { kind: 'truncate' });
    const reply = await openReply(running.at('/_sim/bytes?size=100000'));
    const pieces: Buffer[] = [];
    reply.on('data', (piece: Buffer) => pieces.push(piece));
    await errorCode(new Promise((_, reject) => reply.once('error', reject)));
    expect(reply.complete).toBe(false);
    expect(reply.headers['content-length']).toBe('100000');
    expect(Buffer.concat(pieces)).toHaveLength(32_768);
  });

  it('ends chunks without the last one', async () => {
    running.simulator.setFault('*', { kind: 'truncate' });
    const reply = await openReply(running.at('/_sim/chunked'));
    expect(await errorCode(text(reply))).toBe('ECONNRESET');
  });

  it('drips the body byte by byte after the head', async () => {
    running.simulator.setFault('*', { kind: 'drip', intervalMs: 2 });
    const reply = await openReply(running.at('/nothing'));
    let pieces = 0;
    reply.on('data', () => (pieces += 1));
    expect(await text(reply)).toBe('{"detail":"Not Found"}');
    expect(pieces).toBeGreaterThan(5);
  });

  it('stops to drip when the client leaves, and others are served meanwhile', async () => {
    running.simulator.setFault('/restaurant', { kind: 'drip', intervalMs: 50 });
    const leaving = new AbortController();
    const reply = await openReply(running.at('/restaurant'), { signal: leaving.signal });
    expect((await ask(nanna())).status).toBe(200);
    leaving.abort();
    expect(await errorCode(text(reply))).toBe('ECONNRESET');
  });

  it('never answers, without keeping others from being served, until the client leaves', async () => {
    running.simulator.setFault('/restaurant/nanna', { kind: 'hang' });
    const leaving = new AbortController();
    const hanging = errorCode(ask(nanna(), { signal: leaving.signal }));
    expect((await ask(running.at('/restaurant/omni'))).status).toBe(200);
    expect(running.simulator.openConnections()).toBeGreaterThanOrEqual(1);
    leaving.abort();
    expect(await hanging).toBe('ABORT_ERR');
  });
});

import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getHead, statusOfWhole } from '../load/connection.ts';
import { createPick, runOpenLoop } from '../load/openLoop.ts';
import { type Step, summary } from '../saturation.ts';

describe('an answer', () => {
  it.each([
    ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 200],
    ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok', undefined],
    ['HTTP/1.1 200 OK\r\ncontent-le', undefined],
    ['HTTP/1.1 304 Not Modified\r\ncontent-length: 1000\r\n\r\n', 304],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n', 200],
    ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n', undefined],
  ])('%j has the status %s', (text, status) => {
    expect(statusOfWhole(text)).toBe(status);
  });

  it('is asked for with a whole head', () => {
    expect(getHead('/version', { 'X-A': 'b' })).toBe('GET /version HTTP/1.1\r\nHost: lunch.example\r\nX-A: b\r\n\r\n');
  });
});

describe('a mix', () => {
  it('is taken by weight, and evenly', () => {
    const pick = createPick([
      { name: 'often', path: '/', weight: 3 },
      { name: 'seldom', path: '/', weight: 1 },
    ]);
    const names = Array.from({ length: 8 }, () => pick().name);
    expect(names.filter((name) => name === 'often')).toHaveLength(6);
    expect(names.slice(0, 4)).toContain('seldom');
  });
});

describe('the open loop', () => {
  const STALL_MS = 300;
  let asked = 0;
  const server = http.createServer((_request, response) => {
    asked += 1;
    // once everything stands still, as in a collection of garbage
    if (asked === 20) for (const end = Date.now() + STALL_MS; Date.now() < end; );
    response.end('ok');
  });
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('counts the wait of everybody who came during a stall', async () => {
    const { port } = server.address() as { port: number };
    const mix = [{ name: 'all', path: '/', weight: 1 }];
    const result = await runOpenLoop({ port, mix, requestsPerSecond: 200, seconds: 0.5, connections: 1 });
    expect(result.statuses).toEqual({ all: { 200: 100 } });
    // a closed loop would have met the stall once in a hundred requests; 60 were due during it
    expect(result.p50Ms).toBeGreaterThan(20);
    expect(result.maxMs).toBeGreaterThanOrEqual(STALL_MS - 10);
    expect(result.queueMost + asked).toBeGreaterThan(100);
  });
});

describe('the open loop before a server that hangs', () => {
  const server = http.createServer(() => {});
  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('counts everybody once, with the time that they waited', async () => {
    const { port } = server.address() as { port: number };
    const mix = [{ name: 'all', path: '/', weight: 1 }];
    const result = await runOpenLoop({ port, mix, requestsPerSecond: 100, seconds: 0.2, connections: 2 });
    expect(result.statuses).toEqual({ all: { 0: 20 } });
    expect(result.achievedPerSecond).toBe(0);
    expect(result.p50Ms).toBeGreaterThan(2_500);
  });
});

describe('saturation', () => {
  const step = (offeredPerSecond: number, achievedPerSecond: number, p99Ms: number, cpuShare = 1) =>
    ({ offeredPerSecond, achievedPerSecond, p99Ms, cpuShare, sendLagP99Ms: 1 }) as Step;
  const plan = { p99LimitMs: 100, workers: 1 };

  it('is the most that was answered in time', () => {
    const steps = [step(100, 100, 2, 0.2), step(200, 199, 5, 0.5), step(400, 390, 200), step(800, 450, 900)];
    const found = { sustainedPerSecond: 200, mostPerSecond: 450, isLimitedElsewhere: false };
    expect(summary(steps, plan)).toMatchObject(found);
  });

  it('is not the server’s where it had time left', () => {
    expect(summary([step(100, 100, 2, 0.2), step(200, 120, 500, 0.4)], plan).isLimitedElsewhere).toBe(true);
    expect(summary([step(100, 100, 2, 1), step(200, 120, 500, 1)], { ...plan, workers: 2 }).isLimitedElsewhere).toBe(
      true,
    );
  });

  it('is none where already the first is too much', () => {
    expect(summary([step(100, 10, 2)], plan).sustainedPerSecond).toBe(0);
  });
});

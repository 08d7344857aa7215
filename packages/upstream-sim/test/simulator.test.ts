import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createJournal } from '../src/journal.ts';
import { startSimulator } from '../src/simulator.ts';
import { ask, errorCode, menuLines } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();

describe('what it received', () => {
  it('counts requests by path and keeps them in order, with their targets and raw headers', async () => {
    await ask(running.at('/restaurant/nanna?day=1'), { headers: { 'X-Mine': 'yes' } });
    await ask(running.at('/restaurant/nanna'), { method: 'POST' });
    await ask(running.at(''));
    const { simulator } = running;
    expect(simulator.requestCount()).toBe(3);
    expect(simulator.requestCount('/restaurant/nanna')).toBe(2);
    expect(simulator.requestCount('')).toBe(1);
    expect(simulator.requestCount('/restaurant')).toBe(0);
    expect(simulator.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/restaurant/nanna?day=1',
      'POST /api/restaurant/nanna',
      'GET /api',
    ]);
    expect(simulator.requests[0]?.rawHeaders).toEqual(expect.arrayContaining(['X-Mine', 'yes']));
  });

  it('forgets it when told to', async () => {
    await ask(running.at('/restaurant'));
    running.simulator.resetRequests();
    expect(running.simulator.requests).toEqual([]);
    expect(running.simulator.requestCount('/restaurant')).toBe(0);
  });

  it('keeps exact counts and only the latest requests of very many', () => {
    const journal = createJournal();
    for (let count = 0; count < 25_000; count += 1) {
      journal.record({ method: 'GET', url: `/api/${count}`, path: '/x', rawHeaders: [] });
    }
    expect(journal.count('/x')).toBe(25_000);
    expect(journal.requests().length).toBeLessThanOrEqual(20_000);
    expect(journal.requests().at(-1)?.url).toBe('/api/24999');
  });
});

describe('its connections', () => {
  it('are counted, and kept open between requests', async () => {
    const before = running.simulator.connectionsAccepted;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let count = 0; count < 3; count += 1) {
      await new Promise((resolve) =>
        get(running.at('/restaurant'), { agent }, (reply) => reply.resume().on('end', resolve)),
      );
      // the agent takes the socket back in the next turn of the loop
      await sleep(1);
    }
    expect(running.simulator.connectionsAccepted).toBe(before + 1);
    expect(running.simulator.openConnections()).toBe(1);
    agent.destroy();
    while (running.simulator.openConnections() > 0) await sleep(1);
  });
});

describe('a simulator of its own', () => {
  it('takes its options, and gives the same menus for the same seed', async () => {
    const clock = () => Date.parse('2026-11-23T11:00:00Z');
    const one = await startSimulator({ wire: 'W6', seed: 7, clock });
    const two = await startSimulator({
      seed: 7,
      clock,
      latencyMs: 20,
      rateLimit: { requestsPerMinute: 1, rejectWith: 429 },
    });
    expect(await menuLines(`${one.url}/restaurant/elma`)).toEqual(await menuLines(`${two.url}/restaurant/elma`));
    expect((await ask(`${two.url}/restaurant/elma`)).status).toBe(429);
    expect((await ask(`${one.url}/restaurant/`)).status).toBe(404);
    await Promise.all([one.close(), two.close()]);
  });

  it('closes although requests hang, wait or drip, and leaves nothing open', async () => {
    const simulator = await startSimulator({ latencyMs: 60_000 });
    simulator.setFault('/hang', { kind: 'hang' });
    simulator.setFault('/_sim/headers', { kind: 'drip', intervalMs: 60_000 });
    const broken = ['/hang', '/_sim/headers', '/restaurant', '/restaurant/nanna'].map((path) =>
      errorCode(ask(`${simulator.url}${path}`)),
    );
    while (simulator.requestCount() < 4) await sleep(1);
    await simulator.close();
    expect(simulator.openConnections()).toBe(0);
    expect(await Promise.all(broken)).toEqual(Array(4).fill('ECONNRESET'));
    await simulator.close();
    expect(await errorCode(ask(simulator.url))).toBe('ECONNREFUSED');
  });

  it('says which port is taken', async () => {
    const port = Number(new URL(running.simulator.origin).port);
    await expect(startSimulator({ port })).rejects.toThrow(`port ${port} on 127.0.0.1 is already in use`);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ask } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();

describe('the ingress', () => {
  it.each([429, 503] as const)(
    'rejects what is over the rate limit with %i, in HTML and without a hint',
    async (code) => {
      running.simulator.setRateLimit({ requestsPerMinute: 2, rejectWith: code });
      const statuses = [];
      for (let count = 0; count < 2; count += 1) statuses.push((await ask(running.at('/restaurant'))).status);
      expect(statuses).toEqual([200, 200]);
      const rejected = await ask(running.at('/restaurant'));
      expect(rejected.status).toBe(code);
      expect(rejected.headers).toMatchObject({ 'content-type': 'text/html', server: 'nginx' });
      expect(rejected.headers).not.toHaveProperty('retry-after');
      expect(rejected.text).toContain(`<h1>${code} `);
    },
  );

  it('lets requests in again when a minute of the simulated clock has passed', async () => {
    running.simulator.setRateLimit({ requestsPerMinute: 1, rejectWith: 429 });
    expect((await ask(running.at('/restaurant'))).status).toBe(200);
    running.now += 59_999;
    expect((await ask(running.at('/restaurant'))).status).toBe(429);
    running.now += 1;
    expect((await ask(running.at('/restaurant'))).status).toBe(200);
  });

  it('starts to count anew when the limit is set, and stops when it is taken away', async () => {
    running.simulator.setRateLimit({ requestsPerMinute: 1, rejectWith: 503 });
    await ask(running.at('/restaurant'));
    running.simulator.setRateLimit({ requestsPerMinute: 1, rejectWith: 503 });
    expect((await ask(running.at('/restaurant'))).status).toBe(200);
    running.simulator.setRateLimit(undefined);
    expect((await ask(running.at('/restaurant'))).status).toBe(200);
  });

  it('rejects at once, without the queue, and counts the rejected as received', async () => {
    running.simulator.setRateLimit({ requestsPerMinute: 0, rejectWith: 503 });
    running.simulator.setLatency(10_000);
    expect((await ask(running.at('/restaurant'))).status).toBe(503);
    expect(running.simulator.requestCount('/restaurant')).toBe(1);
  });

  it.each(['/', '/restaurant', '/apis', '//api/restaurant'])(
    'answers %s, outside the base, with 404 in HTML',
    async (path) => {
      const reply = await ask(`${running.simulator.origin}${path}`);
      expect(reply.status).toBe(404);
      expect(reply.headers['content-type']).toBe('text/html');
      expect(running.simulator.requests[0]).toMatchObject({ url: path, path: undefined });
    },
  );
});

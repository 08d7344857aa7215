/** What becomes of errors that nobody expected. */
import type http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { createApp } from '../src/app.ts';
import { createFront } from '../src/front.ts';
import { type Listener, listen } from '../src/operations/listener.ts';
import { createLog } from '../src/operations/log.ts';
import { createMetrics } from '../src/operations/metrics.ts';
import { createPreparedAnswers } from '../src/prepared.ts';
import { createStanding } from '../src/restaurants/standing.ts';
import type { Handlers } from '../src/routes.ts';

const logged: string[] = [];
let listener: Listener;
beforeAll(async () => {
  const fault = () => Promise.reject(new Error('secret detail'));
  const handlers: Handlers = { listRestaurants: fault, getRestaurant: fault, listMenus: fault, findDishes: fault };
  const log = createLog('trace', { write: (line) => void logged.push(line) });
  const relay = (_: http.IncomingMessage, response: http.ServerResponse) => {
    response.writeHead(200, { 'Content-Length': '10' }).write('half');
    return Promise.reject(new Error('later'));
  };
  const nothing = () => {};
  const routes = {
    handlers,
    clock: Date.now,
    standing: createStanding(() => 0, Date.now),
    onServed: nothing,
    onReusable: nothing,
  };
  const app = createApp({ routes, relay, log, trust: () => false });
  const metrics = createMetrics({ tiers: [], breakerState: () => 'closed' });
  const { handle } = createFront({
    ...{ app, upgrade: fault, metrics, prepared: createPreparedAnswers(1, Date.now) },
    ...{ logRequest: nothing, isOverloaded: () => false },
  });
  listener = await listen(handle, { name: 'public', host: '127.0.0.1', port: 0 });
});
afterAll(() => listener.drain(0));

describe('a fault of the relay itself', () => {
  it('is a problem without its cause, which is logged', async () => {
    const response = await request(listener.url).get('/restaurant').set('X-Request-Id', 'r1').expect(500);
    expect(response.body).toEqual({
      type: '/docs/errors#internal_error',
      title: 'The relay failed',
      status: 500,
      detail: 'The relay failed.',
      code: 'internal_error',
      requestId: 'r1',
      traceId: expect.stringMatching(/^[\da-f]{32}$/),
    });
    expect(logged.find((line) => line.includes('"requestId":"r1"') && line.includes('secret detail'))).toBeDefined();
  });

  it('after the head of a response cuts it, and makes no second one', async () => {
    await expect(fetch(`${listener.url}/anything`).then((response) => response.text())).rejects.toThrow();
  });
});

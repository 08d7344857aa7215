import { describe, expect, it } from '@jest/globals';
import { ask } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();
const origin = 'https://lunch.example';
const corsFields = (rawHeaders: readonly string[]) => rawHeaders.filter((text) => text.startsWith('access-control-'));

describe('cross-origin rules', () => {
  it('show only when the request carries Origin, on errors too', async () => {
    expect(corsFields((await ask(running.at('/restaurant'))).rawHeaders)).toEqual([]);
    for (const path of ['/restaurant', '/restaurant/nobody', '/nothing']) {
      const reply = await ask(running.at(path), { headers: { origin } });
      expect(reply.headers['access-control-allow-origin']).toBe('*');
    }
  });

  it('answer a preflight with OK', async () => {
    const headers = {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'x-request-id',
    };
    const reply = await ask(running.at('/restaurant'), { method: 'OPTIONS', headers });
    expect(reply).toMatchObject({ status: 200, text: 'OK' });
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'x-request-id',
    });
  });

  it('refuse a preflight for another method, and an OPTIONS that is none', async () => {
    const headers = { origin, 'access-control-request-method': 'DELETE' };
    expect(await ask(running.at('/restaurant'), { method: 'OPTIONS', headers })).toMatchObject({ status: 400 });
    expect(await ask(running.at('/restaurant'), { method: 'OPTIONS', headers: { origin } })).toMatchObject({
      status: 405,
    });
  });
});

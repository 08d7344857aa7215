import { describe, expect, it } from '@jest/globals';
import { ask, menuLines } from './client.ts';
import { MONDAY_NOON, useSimulator } from './running.ts';

const running = useSimulator();
const HOUR_MS = 3_600_000;

interface Listed {
  restaurants: { identifier: string; name: string }[];
}

describe('documents of W9', () => {
  it('lists 18 restaurants with the field names of today', async () => {
    const reply = await ask(running.at('/restaurant'));
    const { restaurants } = reply.json<Listed>();
    expect(restaurants).toHaveLength(18);
    expect(restaurants[0]).toEqual({
      coordinate: [59.8422, 17.63403],
      homepage: 'https://www.hors.se/uppsala/17/3/restaurang-bikupan/',
      identifier: 'bikupan',
      menuUrl: 'https://www.hors.se/uppsala/17/3/restaurang-bikupan/',
      name: 'Restaurang Bikupan',
      region: 'Uppsala',
    });
    expect(restaurants.find(({ identifier }) => identifier === 'jons')?.name).toBe('Jöns Jacob ');
  });

  it('wraps a menu in the envelope of the restaurant', async () => {
    const { restaurant } = (await ask(running.at('/restaurant/nanna'))).json<{ restaurant: { menu: unknown[] } }>();
    expect(restaurant).toMatchObject({
      title: 'Restaurang Nanna Svartz',
      location: 'Solna',
      url: 'https://ki.hors.se/17/3/restaurang-nanna-svartz/',
      map_url: 'https://www.openstreetmap.org/#map=19/59.34867/18.0278',
    });
    expect(restaurant.menu.length).toBeGreaterThan(0);
    expect(restaurant.menu[0]).toEqual({ dish: expect.any(String) });
  });

  it('knows a restaurant by its percent-encoded identifier too', async () => {
    expect(await menuLines(running.at('/restaurant/n%61nna'))).toEqual(
      await menuLines(running.at('/restaurant/nanna')),
    );
  });

  it('tells its documentation and its version', async () => {
    expect((await ask(running.at(''))).json()).toEqual({
      documentation_swagger: '/api/docs',
      documentation_redoc: '/api/redoc',
      openapi: '/api/openapi.json',
    });
    expect((await ask(running.at('/version'))).json()).toEqual({ version: expect.any(String) });
  });

  it('signs its answers in lower case, as uvicorn does, with the date of the simulated clock', async () => {
    const { rawHeaders, headers } = await ask(running.at('/restaurant'));
    expect(rawHeaders.filter((_, index) => index % 2 === 0)).toEqual([
      'date',
      'server',
      'content-length',
      'content-type',
      'cache-control',
      'etag',
      'connection', // the client asked for no more than one answer
    ]);
    expect(headers).toMatchObject({ server: 'uvicorn', date: new Date(MONDAY_NOON).toUTCString() });
  });
});

describe('errors of W9', () => {
  it('says of an unknown restaurant that it was not found, and of an unknown path only Not Found', async () => {
    const restaurant = await ask(running.at('/restaurant/nobody'));
    expect(restaurant).toMatchObject({ status: 404, text: '{"detail":"Restaurant not found"}' });
    expect(restaurant.headers).not.toHaveProperty('cache-control');
    for (const path of ['/nothing', '/nothing/', '/restaurant/nanna/more', '/Restaurant', '/restaurant/%E0%A4%A']) {
      const reply = await ask(running.at(path));
      expect([path, reply.status]).toEqual([path, 404]);
      expect(reply.headers['content-type']).toBe('application/json');
    }
    expect((await ask(running.at('/nothing'))).text).toBe('{"detail":"Not Found"}');
  });

  it.each(['HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH'])('allows GET only and refuses %s', async (method) => {
    for (const path of ['', '/restaurant', '/restaurant/nanna', '/version']) {
      const reply = await ask(running.at(path), { method });
      expect(reply).toMatchObject({ status: 405, reason: 'Method Not Allowed' });
      expect(reply.headers).toMatchObject({ allow: 'GET', 'content-type': 'application/json' });
      expect(reply.text).toBe(method === 'HEAD' ? '' : '{"detail":"Method Not Allowed"}');
    }
    expect((await ask(running.at('/nothing'), { method })).status).toBe(404);
  });

  it('redirects a slash at the end with 307 to an absolute http: URL built from the Host header', async () => {
    const headers = { host: 'menu.example:8443' };
    const reply = await ask(running.at('/restaurant/nanna/?day=1'), { headers });
    expect(reply).toMatchObject({ status: 307, text: '' });
    expect(reply.headers['location']).toBe('http://menu.example:8443/api/restaurant/nanna?day=1');
    expect((await ask(running.at('/'))).headers['location']).toBe(running.simulator.url);
    expect((await ask(running.at('/restaurant/'))).headers['location']).toBe(running.at('/restaurant'));
  });
});

describe('freshness of W9', () => {
  it('tells the seconds that are left of three hours for a menu, and makes it anew after them', async () => {
    const first = await ask(running.at('/restaurant/nanna'));
    expect(first.headers['cache-control']).toBe('max-age=10800');
    running.now += 3 * HOUR_MS - 1000;
    expect((await ask(running.at('/restaurant/nanna'))).headers['cache-control']).toBe('max-age=1');
    running.now += 1000;
    expect((await ask(running.at('/restaurant/nanna'))).headers['cache-control']).toBe('max-age=10800');
  });

  it('remembers an empty menu and one of a restaurant without a parser just as long', async () => {
    await ask(running.at('/restaurant/jorpes'));
    running.now += HOUR_MS;
    expect((await ask(running.at('/restaurant/jorpes'))).headers['cache-control']).toBe('max-age=7200');
  });

  it('tells 100 hours minus its age for the list', async () => {
    expect((await ask(running.at('/restaurant'))).headers['cache-control']).toBe('max-age=360000');
    running.now += 99 * HOUR_MS;
    expect((await ask(running.at('/restaurant'))).headers['cache-control']).toBe('max-age=3600');
    running.now += HOUR_MS;
    expect((await ask(running.at('/restaurant'))).headers['cache-control']).toBe('max-age=360000');
  });

  it.each(['no-cache', 'no-store', 'max-age=0, No-Cache'])(
    'bypasses and refreshes its memory for %s',
    async (directive) => {
      await ask(running.at('/restaurant/nanna'));
      running.now += HOUR_MS;
      const headers = { 'cache-control': directive };
      expect((await ask(running.at('/restaurant/nanna'), { headers })).headers['cache-control']).toBe('max-age=10800');
      expect((await ask(running.at('/restaurant/nanna'))).headers['cache-control']).toBe('max-age=10800');
    },
  );

  it('does not take other directives for a bypass', async () => {
    await ask(running.at('/restaurant/nanna'));
    running.now += HOUR_MS;
    const headers = { 'cache-control': 'max-age=0, x-no-cache-please' };
    expect((await ask(running.at('/restaurant/nanna'), { headers })).headers['cache-control']).toBe('max-age=7200');
  });

  it('forgets everything in a restart', async () => {
    await ask(running.at('/restaurant/nanna'));
    running.now += HOUR_MS;
    running.simulator.forget();
    expect((await ask(running.at('/restaurant/nanna'))).headers['cache-control']).toBe('max-age=10800');
  });

  it('mints an unquoted numeric entity tag that a restart changes', async () => {
    const tag = async () => (await ask(running.at('/restaurant/nanna'))).headers['etag'];
    const before = await tag();
    expect(before).toMatch(/^W\/-?\d+$/);
    expect(await tag()).toBe(before);
    running.simulator.forget();
    expect(await tag()).not.toBe(before);
  });

  it('answers 304 to its own tag, unless the request bypasses the memory', async () => {
    const { etag = '' } = (await ask(running.at('/restaurant/nanna'))).headers;
    const reply = await ask(running.at('/restaurant/nanna'), { headers: { 'if-none-match': etag } });
    expect(reply).toMatchObject({ status: 304, text: '' });
    const headers = { 'if-none-match': etag, 'cache-control': 'no-cache' };
    expect((await ask(running.at('/restaurant/nanna'), { headers })).status).toBe(200);
  });
});

describe('the day of W9', () => {
  it("answers yesterday's dishes at 00:30 in Stockholm", async () => {
    const monday = await menuLines(running.at('/restaurant/nanna'));
    running.now = Date.parse('2026-11-24T00:30:00+01:00');
    running.simulator.forget();
    expect(await menuLines(running.at('/restaurant/nanna'))).toEqual(monday);
  });

  it("goes on to answer yesterday's dishes from memory after midnight UTC", async () => {
    running.now = Date.parse('2026-11-24T00:30:00+01:00');
    const monday = await menuLines(running.at('/restaurant/nanna'));
    running.now = Date.parse('2026-11-24T03:29:00+01:00');
    expect(await menuLines(running.at('/restaurant/nanna'))).toEqual(monday);
    running.now = Date.parse('2026-11-24T03:30:00+01:00');
    expect(await menuLines(running.at('/restaurant/nanna'))).not.toEqual(monday);
  });
});

describe('parser faults', () => {
  it('are 200 with an empty menu, for the restaurants that have them', async () => {
    running.simulator.setParserFault(['nanna']);
    expect(await menuLines(running.at('/restaurant/nanna'))).toEqual([]);
    expect(await menuLines(running.at('/restaurant/omni'))).not.toEqual([]);
    running.simulator.setParserFault('all');
    expect(await menuLines(running.at('/restaurant/omni'))).toEqual([]);
  });

  it('show at once although the menu was remembered, and end at once', async () => {
    const dishes = await menuLines(running.at('/restaurant/nanna'));
    running.simulator.setParserFault(['nanna']);
    expect(await menuLines(running.at('/restaurant/nanna'))).toEqual([]);
    running.simulator.setParserFault('none');
    expect(await menuLines(running.at('/restaurant/nanna'))).toEqual(dishes);
  });

  it('cannot be set for a restaurant that there is not', () => {
    expect(() => running.simulator.setParserFault(['nana'])).toThrow('there is no restaurant nana');
  });
});

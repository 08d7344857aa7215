import { beforeEach, describe, expect, it } from '@jest/globals';
import { ask, menuLines } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();

interface Listed {
  restaurants: object[];
  url?: string;
}

interface Menu {
  restaurant: object;
  url?: string;
}

const osm = 'https://www.openstreetmap.org/#map=19/59.34867/18.0278';
const homepage = 'https://ki.hors.se/17/3/restaurang-nanna-svartz/';

describe('W4', () => {
  beforeEach(() => running.simulator.setWire('W4'));

  it('lists restaurants with the field names of 2020', async () => {
    const list = (await ask(running.at('/restaurant/'))).json<Listed>();
    expect(Object.keys(list)).toEqual(['restaurants']);
    expect(list.restaurants).toHaveLength(18);
    expect(list.restaurants).toContainEqual({
      campus: 'Solna',
      identifier: 'nanna',
      name: 'Restaurang Nanna Svartz',
      url: homepage,
      menu_url: homepage,
      osm,
    });
  });

  it('has the menu envelope of all versions', async () => {
    const { restaurant, ...rest } = (await ask(running.at('/restaurant/nanna/'))).json<Menu>();
    expect(rest).toEqual({});
    expect(restaurant).toMatchObject({
      title: 'Restaurang Nanna Svartz',
      location: 'Solna',
      url: homepage,
      map_url: osm,
    });
  });

  it.each([
    ['/restaurant', '/restaurant/'],
    ['/restaurant/nanna?day=1', '/restaurant/nanna/?day=1'],
    ['', '/'],
  ])('redirects "%s" to its spelling with a slash, absolutely and for good', async (path, canonical) => {
    const reply = await ask(running.at(path), { headers: { host: 'menu.example' } });
    expect(reply.status).toBe(308);
    expect(reply.headers).toMatchObject({
      location: `http://menu.example/api${canonical}`,
      'content-type': 'text/html; charset=utf-8',
    });
  });

  it('answers at the base with what there is', async () => {
    expect((await ask(running.at('/'))).json()).toEqual({ entities: ['restaurant'], url: running.at('/') });
  });

  it('answers what it does not know with 404 in HTML', async () => {
    for (const path of ['/restaurant/nobody/', '/nothing', '/version', '/version/']) {
      const reply = await ask(running.at(path));
      expect([path, reply.status, reply.headers['content-type']]).toEqual([path, 404, 'text/html; charset=utf-8']);
    }
  });

  it('tells nothing of freshness, although it remembers', async () => {
    const reply = await ask(running.at('/restaurant/nanna/'));
    expect(reply.headers).not.toHaveProperty('cache-control');
    expect(reply.headers).not.toHaveProperty('etag');
    const monday = await menuLines(running.at('/restaurant/nanna/'));
    running.now = Date.parse('2026-11-24T11:00:00Z');
    expect(await menuLines(running.at('/restaurant/nanna/'))).not.toEqual(monday);
  });

  it('writes JSON in ASCII, as Flask does', async () => {
    const reply = await ask(running.at('/restaurant/'));
    expect(reply.text).toContain('"J\\u00f6ns Jacob "');
    expect(reply.headers['server']).toBe('gunicorn');
  });
});

describe('W6', () => {
  beforeEach(() => running.simulator.setWire('W6'));

  it('lists restaurants with the field names of 2021 and a url at the top', async () => {
    const list = (await ask(running.at('/restaurant'))).json<Listed>();
    expect(list.url).toBe(running.at('/restaurant'));
    expect(list.restaurants).toContainEqual({
      coordinate: [59.34867, 18.0278],
      homepage,
      identifier: 'nanna',
      menuUrl: homepage,
      name: 'Restaurang Nanna Svartz',
      osm,
      region: 'Solna',
    });
  });

  it('has a url beside the menu too', async () => {
    const { restaurant, url } = (await ask(running.at('/restaurant/nanna'))).json<Menu>();
    expect(url).toBe(running.at('/restaurant/nanna'));
    expect(restaurant).toMatchObject({ title: 'Restaurang Nanna Svartz', map_url: osm });
  });

  it.each(['/restaurant/', '/restaurant/nanna/', '/restaurant/nobody', '/nothing'])(
    'answers %s with 404 in HTML',
    async (path) => {
      const reply = await ask(running.at(path));
      expect(reply.status).toBe(404);
      expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(reply.text).toContain('<h1>Not Found</h1>');
    },
  );

  it('has its base only with a slash', async () => {
    expect((await ask(running.at(''))).headers['location']).toBe(running.at('/'));
    expect((await ask(running.at('/'))).json()).toEqual({ entities: ['restaurant'], url: running.at('/') });
  });

  it('answers HEAD without a body and OPTIONS with the methods, and refuses POST in HTML', async () => {
    const head = await ask(running.at('/restaurant'), { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1000);
    const options = await ask(running.at('/restaurant'), { method: 'OPTIONS' });
    expect(options).toMatchObject({ status: 200, text: '' });
    expect(options.headers['allow']).toBe('GET, HEAD, OPTIONS');
    const post = await ask(running.at('/restaurant'), { method: 'POST', body: 'x' });
    expect(post.status).toBe(405);
    expect(post.headers).toMatchObject({ allow: 'GET, HEAD, OPTIONS', 'content-type': 'text/html; charset=utf-8' });
  });

  it('answers a failing parser with 200 and an empty menu, as all versions do', async () => {
    running.simulator.setParserFault('all');
    expect(await menuLines(running.at('/restaurant/nanna'))).toEqual([]);
  });
});

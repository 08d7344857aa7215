/** The options of a client: what is refused, by name, and what of them is sent. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLunchClient, type LunchClientOptions } from '@lunch-relay/sdk';
import { failureOf } from './support/failureOf.ts';
import { EMPTY_LIST, json, type ScriptedServer, startScripted } from './support/scripted.ts';

describe('a client', () => {
  it.each(['', 'localhost:8080', 'ftp://x', '/api', 'http://', 'http://x/?a', 'http://x#a'])(
    'refuses the base URL "%s"',
    (baseUrl) => {
      expect(() => createLunchClient({ baseUrl })).toThrow(/^baseUrl must be /);
    },
  );

  it.each<Partial<LunchClientOptions>>([
    { timeoutMs: 0 },
    { timeoutMs: Number.POSITIVE_INFINITY },
    { totalTimeoutMs: 2 ** 31 },
    { retries: -1 },
    { retries: 1.5 },
  ])('refuses %j', (options) => {
    const [name = ''] = Object.keys(options);
    expect(() => createLunchClient({ baseUrl: 'http://x', ...options })).toThrow(RangeError);
    expect(() => createLunchClient({ baseUrl: 'http://x', ...options })).toThrow(name);
  });

  it.each<[string, unknown]>([
    ['fetch', { fetch: 'undici' }],
    ['cache', { cache: true }],
    ['headers', { headers: { 'not a name': 'x' } }],
    ['headers', { headers: { 'x-team': 'line\nbreak' } }],
    ['appInfo', { appInfo: { name: 'a\nb' } }],
    ['timeoutMs', { timeoutMs: '5s' }],
    ['retries', { retries: null }],
  ])('names %s, where it cannot be used', (name, options) => {
    const create = () => createLunchClient({ baseUrl: 'http://x', ...(options as object) });
    expect(create).toThrow(new RegExp(`\\b${name}\\b.* must be`));
    expect(create).not.toThrow(/break/);
  });

  it.each([undefined, null, 'http://localhost:8080'])('says of %p that it has no baseUrl', (options) => {
    expect(() => createLunchClient(options as never)).toThrow(/^baseUrl must be/);
  });

  it('tells nobody a password that is wrong', () => {
    expect(() => createLunchClient({ baseUrl: 'ftp://user:secret@x' })).not.toThrow(/secret/);
    const error: unknown = (() => {
      try {
        return createLunchClient({ baseUrl: 'http://x', headers: { authorization: 'se\ncret' } });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).cause).toBeUndefined();
  });
});

describe('what is sent', () => {
  const servers: ScriptedServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  async function serve(): Promise<ScriptedServer> {
    const server = await startScripted(json(EMPTY_LIST));
    servers.push(server);
    return server;
  }

  it('is the client’s own name, headers and credentials, and those of a call in their place', async () => {
    const server = await serve();
    const client = createLunchClient({
      baseUrl: server.url.replace('//', '//us%C3%A9r:p%40ss@'),
      headers: { 'X-Team': 'canteen', 'X-Trace': '0' },
      appInfo: { name: 'screen', version: '1.2' },
    });
    await client.listRestaurants({}, { headers: { 'x-trace': '1' } });
    await client.relay('/version', {}, { headers: { 'x-trace': '2' } });
    const sent = { 'user-agent': 'screen/1.2 lunch-relay-sdk', 'x-team': 'canteen' };
    const authorization = `Basic ${Buffer.from('usér:p@ss').toString('base64')}`;
    expect(server.requests.map(({ headers }) => headers)).toMatchObject([
      { ...sent, authorization, 'x-trace': '1' },
      { ...sent, authorization, 'x-trace': '2' },
    ]);
  });

  it('is what the caller names, over what is made of other options', async () => {
    const server = await serve();
    const options = { baseUrl: server.url.replace('//', '//user:password@'), appInfo: { name: 'screen' } };
    const own = { AUTHORIZATION: 'Bearer own', 'User-Agent': 'own/1' };
    await createLunchClient({ ...options, headers: own }).listRestaurants();
    await createLunchClient(options).listRestaurants({}, { headers: own });
    await createLunchClient(options).listRestaurants();
    const named = { authorization: 'Bearer own', 'user-agent': 'own/1' };
    expect(server.requests.map(({ headers }) => headers)).toMatchObject([
      named,
      named,
      { authorization: `Basic ${btoa('user:password')}`, 'user-agent': 'screen lunch-relay-sdk' },
    ]);
  });

  it('keeps the path of the base URL', async () => {
    const server = await serve();
    const client = createLunchClient({ baseUrl: `${server.url}/lunch/` });
    await client.listRestaurants();
    await client.relay('/version');
    expect(server.requests.map(({ url }) => url)).toEqual(['/lunch/restaurant', '/lunch/relay_anything/version']);
  });

  it.each([
    ['spaces around it', (url: string) => ` ${url}\n`, '/restaurant'],
    ['slashes at its end', (url: string) => `${url}/lunch//`, '/lunch/restaurant'],
  ])('goes to a base URL with %s', async (_, toBaseUrl, expected) => {
    const server = await serve();
    await createLunchClient({ baseUrl: toBaseUrl(server.url) }).listRestaurants();
    expect(server.requests.map(({ url }) => url)).toEqual([expected]);
  });

  it('says what of a call cannot be sent', async () => {
    const client = createLunchClient({ baseUrl: (await serve()).url });
    const headers = { 'x-team': 'line\nbreak' };
    const error = await failureOf(client.listRestaurants({}, { headers }));
    expect(error.kind).toBe('invalid_request');
    expect(error.message).toBe('This cannot be sent.');
    expect(error.cause).toBeDefined();
  });
});

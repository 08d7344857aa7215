import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { commonErrors, operations, problem } from '../src/contract.ts';
import { problemKinds } from '../src/errors.ts';
import { connectRaw, exchangeRaw, fetchRaw, parseRaw } from './support/rawHttp.ts';
import { startTestRelay, type TestRelay } from './support/relay.ts';
import { always, useScriptedRelays } from './support/scriptedRelay.ts';

/** What is looked at of the OpenAPI document. */
interface Described {
  readonly openapi: string;
  readonly paths: Record<string, { get: { operationId: string; responses: Record<string, { content?: Content }> } }>;
}

type Content = Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>;

describe('a path below those of the documents', () => {
  const start = useScriptedRelays();

  it('is relayed with its fields in their order and number', async () => {
    const { url } = await start(
      always('HTTP/1.1 200 OK\r\nB: 1\r\nA: 2\r\nB: 3\r\nX-Request-Id: theirs\r\nContent-Length: 0\r\n\r\n'),
    );
    const { headers } = await fetchRaw(`${url}/docs/foo`);
    expect(headers.slice(0, 4)).toEqual([
      ['B', '1'],
      ['A', '2'],
      ['B', '3'],
      ['X-Request-Id', 'theirs'],
    ]);
  });
});

describe('the documents', () => {
  let test: TestRelay;
  beforeAll(async () => {
    test = await startTestRelay();
  });
  afterAll(() => test.close());

  it('describe every operation of the contract with its errors', async () => {
    const response = await request(test.relay.url)
      .get('/openapi.json')
      .expect(200)
      .expect('Content-Type', /^application\/json/);
    const { openapi, paths } = response.body as Described;
    expect(openapi).toMatch(/^3\.1\./);
    for (const [operationId, { path, errors }] of Object.entries(operations)) {
      expect(paths[path]?.get.operationId).toBe(operationId);
      const statuses = [200, 304, ...[...errors, ...commonErrors].map((code) => problemKinds[code].status)].map(String);
      expect(Object.keys(paths[path]?.get.responses ?? {}).sort()).toEqual([...new Set(statuses)].sort());
    }
  });

  it('show an answer of each operation, and the problem of each error that it may give', async () => {
    const document = await request(test.relay.url).get('/openapi.json');
    const { paths } = document.body as Described;
    for (const { path, errors, response } of Object.values(operations)) {
      const responses = paths[path]?.get.responses ?? {};
      const answer = responses['200']?.content?.['application/json']?.example;
      expect(response.parse(answer)).toEqual(answer);
      const codes = Object.entries(responses).flatMap(([status, { content }]) =>
        Object.entries(content?.['application/problem+json']?.examples ?? {}).map(([code, { value }]) => {
          expect(problem.parse(value)).toMatchObject({ code, status: Number(status) });
          return code;
        }),
      );
      expect(codes.sort()).toEqual([...errors, ...commonErrors].sort());
    }
  });

  it('come from the relay alone: no page names another host', async () => {
    for (const path of ['/docs', '/docs/start.js', '/docs/errors']) {
      const { text, headers } = await request(test.relay.url).get(path).expect(200);
      expect(text).not.toMatch(/https?:\/\//);
      expect(headers['content-security-policy']).toMatch(/default-src 'self'/);
    }
    await request(test.relay.url)
      .get('/docs/swagger-ui-bundle.js')
      .expect(200)
      .expect('Content-Type', /javascript/);
    await request(test.relay.url).get('/docs/swagger-ui.css').expect(200).expect('Content-Type', /css/);
  });

  it.each(['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'])(
    'send %s again only to those who do not have it',
    async (file) => {
      const get = (fields: Record<string, string>) => request(test.relay.url).get(`/docs/${file}`).set(fields);
      const { headers } = await get({}).expect(200);
      const { etag = '' } = headers;
      expect(etag).toMatch(/^"[\d.]+"$/);
      const again = await get({ 'If-None-Match': etag, 'X-Request-Id': 'again' }).expect(304);
      expect(again.headers).toMatchObject({ etag, 'x-request-id': 'again' });
      expect(again.headers['content-security-policy']).toBe(headers['content-security-policy']);
      await request(test.relay.url).head(`/docs/${file}`).set('If-None-Match', etag).expect(304);
      // of another version; and what is not looked at may be ignored (RFC 9110, sections 13.1.1, 13.1.4 and 14.2)
      for (const fields of [
        { 'If-None-Match': '"1.0.0"' },
        { 'If-Match': '"1.0.0"' },
        { 'If-Unmodified-Since': 'Sat, 01 Jan 2000 00:00:00 GMT' },
        { Range: 'bytes=99999999-' },
      ])
        expect((await get(fields).expect(200)).headers['content-length']).toBe(headers['content-length']);
    },
  );

  it('hold one copy of a file, however many are sent it', async () => {
    const get = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n';
    const before = process.memoryUsage().arrayBuffers;
    const reader = await connectRaw(test.relay.url);
    reader.send(get.repeat(400));
    await reader.until((received) => received.includes('HTTP/1.1 200 OK', 1));
    reader.socket.pause();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 ** 2);
    reader.socket.destroy();
  });

  it.each(['/docs/swagger-ui-bundle.js', '/docs', '/openapi.json'])(
    'refuse at %s a request whose body is none, and find no fault of their own',
    async (path) => {
      const head = `GET ${path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-Request-Id: no-body\r\n\r\n`;
      const { text, error } = await exchangeRaw(test.relay.url, `${head}ZZ\r\n`);
      expect(error).toBe('');
      expect(text).toMatch(/^HTTP\/1\.1 (200 OK|400 Bad Request)\r\n/);
      expect(parseRaw(text).isWhole).toBe(true);
      await request(test.relay.url).get(path).expect(200); // until then the file has been read for the first, too
      expect(test.logged.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );

  it('say of every error its status, what it means and what to do', async () => {
    const { text } = await request(test.relay.url).get('/docs/errors');
    const rows = [...text.matchAll(/<tr id="(\w+)">(.*)<\/tr>/g)].map(([, code = '', cells = '']) => [
      code,
      [...cells.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell),
    ]);
    expect(rows).toEqual(
      Object.entries(problemKinds).map(([code, { status, title }]) => [
        code,
        [
          `<code>${code}</code>`,
          String(status),
          expect.stringMatching(whole(`${title}. `)),
          expect.stringMatching(whole()),
        ],
      ]),
    );
  });

  it.each(['/openapi.json', '/docs', '/docs/errors', '/docs/swagger-ui.css'])(
    'answer at %s those who read, and leave the rest to the upstream',
    async (path) => {
      const page = await request(test.relay.url).get(path).set('X-Request-Id', 'read').expect(200);
      const head = await request(test.relay.url).head(path).expect(200);
      expect(page.headers['x-request-id']).toBe('read');
      expect(head.headers['content-length']).toBe(page.headers['content-length']);
      const preflight = (method: string) =>
        request(test.relay.url)
          .options(path)
          .set({ Origin: 'https://example.org', 'Access-Control-Request-Method': method });
      const allowed = await preflight('GET').expect(204);
      expect(allowed.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD',
      });
      for (const relayed of [
        preflight('POST'),
        request(test.relay.url).options(path),
        request(test.relay.url).post(path),
      ])
        expect((await relayed).headers['via']).toBe('1.1 lunch-relay');
    },
  );

  it.each(['/docs/', '/docs/nothing', '/Docs', '/openapi.json/'])('leave %s to the upstream', async (path) => {
    const response = await request(test.relay.url).get(path);
    expect(response.headers['via']).toBe('1.1 lunch-relay');
  });
});

/** A sentence or more, after what stands before it. */
const whole = (before = '') => new RegExp(`^${before}.+\\.$`);

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { commonErrors, operations } from '../src/contract.ts';
import { problemKinds } from '../src/errors.ts';
import { startTestRelay, type TestRelay } from './support/relay.ts';

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
    const { openapi, paths } = response.body as {
      openapi: string;
      paths: Record<string, { get: { operationId: string; responses: object } }>;
    };
    expect(openapi).toMatch(/^3\.1\./);
    for (const [operationId, { path, errors }] of Object.entries(operations)) {
      expect(paths[path]?.get.operationId).toBe(operationId);
      const statuses = [200, 304, ...[...errors, ...commonErrors].map((code) => problemKinds[code].status)].map(String);
      expect(Object.keys(paths[path]?.get.responses ?? {}).sort()).toEqual([...new Set(statuses)].sort());
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

  it.each(['/docs/', '/docs/nothing', '/Docs', '/openapi.json/'])('leave %s to the upstream', async (path) => {
    const response = await request(test.relay.url).get(path);
    expect(response.headers['via']).toBe('1.1 lunch-relay');
  });
});

/** A sentence or more, after what stands before it. */
const whole = (before = '') => new RegExp(`^${before}.+\\.$`);

import { expect } from '@jest/globals';
import request from 'supertest';

/** Asks a relay for what it refuses because of one parameter. */
export async function expectInvalid(url: string, path: string, parameter: string, detail: RegExp): Promise<void> {
  const response = await request(url).get(path).expect(400).expect('Content-Type', 'application/problem+json');
  expect(response.body).toMatchObject({
    code: 'invalid_request',
    parameter,
    detail: expect.stringMatching(detail) as unknown,
  });
}

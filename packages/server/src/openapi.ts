/** The OpenAPI 3.1 document of the typed API, made from the contract. */
import type { ZodObject } from 'zod';
import { createDocument } from 'zod-openapi';
import { commonErrors, type OperationId, operations, problem } from './contract.ts';
import { type ProblemCode, problemKinds } from './errors.ts';
import { answers, problemOf } from './examples.ts';

/** Of an answer that reached the lunch-menu API (RateLimit header fields for HTTP). */
const limits = {
  RateLimit: {
    description: 'What is left of the requests with which the client may start calls to the lunch-menu API',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': { description: 'How many a client has in which time', schema: { type: 'string' } },
} as const;

const waiting = {
  'Retry-After': { description: 'Seconds to wait, where that is known', schema: { type: 'integer' } },
} as const;

const headers = {
  ...limits,
  Age: { description: 'Seconds since the relay got it', schema: { type: 'integer' } },
  'Cache-Control': {
    description: '`public, max-age=` its whole lifetime, from which `Age` is to be subtracted',
    schema: { type: 'string' },
  },
  'Cache-Status': { description: 'How the relay’s cache handled the request (RFC 9211)', schema: { type: 'string' } },
  ETag: { description: 'For `If-None-Match`', schema: { type: 'string' } },
  'X-Request-Id': { description: 'Names the request in the relay’s log', schema: { type: 'string' } },
} as const;

export function createOpenApiDocument(): ReturnType<typeof createDocument> {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Lunch Relay',
      version: '0.1.0',
      description:
        'Today’s lunch on the SciLifeLab campuses. Every URI that is not listed here is relayed to the lunch-menu API: `/URI` answers as its `/api/URI` does, and so does `/relay_anything/URI` for every URI.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This relay' }],
    security: [], // nothing asks for credentials
    paths: Object.fromEntries(
      Object.entries(operations).map(([operationId, operation]) => [
        operation.path,
        { get: toOperation(operationId as OperationId, operation) },
      ]),
    ),
  });
}

type Operations = typeof operations;

function toOperation(operationId: OperationId, operation: Operations[keyof Operations]) {
  const { path, query } = operation.parameters as { path?: ZodObject; query?: ZodObject };
  const byStatus = Map.groupBy(
    [...operation.errors, ...commonErrors],
    (code: ProblemCode) => problemKinds[code].status,
  );
  const failures = [...byStatus].map(
    ([status, codes]) =>
      [
        String(status),
        {
          description: codes.map((code) => `\`${code}\`: ${problemKinds[code].title}.`).join(' '),
          ...((status === 429 || status === 503) && { headers: { ...waiting, ...(status === 429 && limits) } }),
          content: {
            'application/problem+json': {
              schema: problem,
              examples: Object.fromEntries(
                codes.map((code) => [code, { summary: problemKinds[code].title, value: problemOf(code) }]),
              ),
            },
          },
        },
      ] as const,
  );
  return {
    operationId,
    summary: operation.summary,
    description: operation.description,
    requestParams: { ...(path && { path }), ...(query && { query }) },
    responses: {
      '200': {
        description: operation.summary,
        headers,
        content: { 'application/json': { schema: operation.response, example: answers[operationId] } },
      },
      '304': { description: 'Not modified since the `ETag` of `If-None-Match`' },
      ...Object.fromEntries(failures),
    },
  };
}

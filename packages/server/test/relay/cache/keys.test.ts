/** Under which key a response is kept, which of them answers, and who waits for one and the same. */
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { flightOf, keyOf, keysOf, selectFrom, toCached } from '../../../src/relay/cache/keys.ts';
import type { StoredResponse } from '../../../src/relay/cache/store.ts';
import type { RelayCall } from '../../../src/relay/origin.ts';
import { createUpstreamBase } from '../../../src/upstream/base.ts';

const BASE = createUpstreamBase('http://upstream.example/api');
const call = (rawHeaders: string[]) =>
  ({ request: { method: 'GET', rawHeaders }, target: '/x?y' }) as unknown as RelayCall;

const stored = (variesWith: string[], variant: string, more: Partial<StoredResponse> = {}): StoredResponse => ({
  status: 200,
  reason: 'OK',
  httpVersion: '1.1',
  headers: [],
  requestedAt: 0,
  respondedAt: 0,
  body: Buffer.from('45678'),
  path: '/x',
  variesWith,
  variant,
  ...more,
});

describe('a key', () => {
  it('is the upstream’s path and query, apart for those that have Origin', () => {
    expect(keyOf(call(['X', '1']), BASE)).toBe('- /api/x?y');
    expect(keyOf(call(['Origin', 'http://a.example']), BASE)).toBe('o /api/x?y');
    expect(keysOf('/x?y', BASE)).toEqual(['- /api/x?y', 'o /api/x?y']);
  });

  it('has several responses, of which the newest answers that fits the request', () => {
    const [a, b, older] = [stored(['foo'], '[["foo","1"]]'), stored([], '[]'), stored([], '[]')];
    const select = (rawHeaders: string[], resource = [a, b, older]) =>
      selectFrom(resource, toCached({ rawHeaders } as IncomingMessage));
    expect(select(['Foo', '1'])).toBe(a);
    expect(select(['Foo', '2'])).toBe(b);
    expect(select([], [a])).toBeUndefined();
  });

  it('has parts, which answer those that ask for what they hold', () => {
    const part = stored([], '[]', { status: 206, headers: ['Content-Range', 'bytes 4-8/10'] });
    expect(selectFrom([part], toCached({ rawHeaders: ['Range', 'bytes=4-5'] } as IncomingMessage))).toBe(part);
    expect(selectFrom([part], toCached({ rawHeaders: ['Range', 'bytes=1-2'] } as IncomingMessage))).toBeUndefined();
    expect(selectFrom([part], toCached({ rawHeaders: [] as string[] } as IncomingMessage))).toBeUndefined();
  });

  it('is waited for by those that send the same in all that its responses vary with', () => {
    const resource = [stored(['foo'], ''), stored(['bar'], '')];
    const flight = (...rawHeaders: string[]) => flightOf('k', resource, { method: 'GET', rawHeaders });
    expect(flight('Foo', '1', 'Bar', '2', 'X', '3')).toBe('k [["bar","2"],["foo","1"]]');
    expect(flight('Foo', '1')).toBe('k [["bar",null],["foo","1"]]');
  });

  it('is of GET where a request has no method', () => {
    expect(toCached({ rawHeaders: ['A', '1'] } as IncomingMessage)).toEqual({ method: 'GET', rawHeaders: ['A', '1'] });
    expect(toCached({ method: 'HEAD', rawHeaders: [] as string[] } as IncomingMessage).method).toBe('HEAD');
  });
});

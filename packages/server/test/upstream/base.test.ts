import { describe, expect, it } from '@jest/globals';
import { createUpstreamBase } from '../../src/upstream/base.ts';

describe('the upstream’s URI space', () => {
  it.each([
    ['https://host/api', '/', '/api'],
    ['https://host/api/', '/', '/api'],
    ['https://host/api', '/?x=1', '/api?x=1'],
    ['https://host/api', '/restaurant/', '/api/restaurant/'],
    ['https://host/api', '//x', '/api//x'],
    ['https://host', '/', '/'],
    ['https://host', '/?x', '/?x'],
    ['https://host', '/a', '/a'],
  ])('of %s takes %s for %s', (url, target, path) => {
    expect(createUpstreamBase(url).toUpstream(target)).toBe(path);
  });

  it.each([
    ['https://host/api', 'https://host/api/a?b#c', '/a?b#c'],
    ['https://host/api', 'http://host/api/a', '/a'], // W9 behind TLS
    ['https://host/api', 'http://host:80/api/a', '/a'],
    ['https://host/api', 'https://host/api', '/'],
    ['https://host/api', 'sibling', '/restaurant/sibling'],
    ['https://host/api', 'https://host/apis', undefined],
    ['https://host/api', 'https://host:8443/api/a', undefined],
    ['https://host:8443/api', 'http://host/api/a', undefined],
    ['https://host/api', 'https://HOST/api/a', '/a'],
    ['https://host/api', 'https://host.evil.example/api/a', undefined],
    ['https://host/api', 'https://host@evil.example/api/a', undefined],
    ['https://host/api', 'https://host/api/../a', undefined],
    ['https://host/api', 'ftp://host/api/a', undefined],
    ['https://host/api', 'http://[', undefined],
    ['http://host', '/a', '/a'],
  ])('of %s: a redirect to %s is %s of the relay', (url, location, path) => {
    expect(createUpstreamBase(url).toRelay(location, '/api/restaurant/nanna')).toBe(path);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ConfigError, parseConfig } from '../src/config.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

describe('the configuration', () => {
  it('has a default for everything, the real upstream included', () => {
    expect(parseConfig({})).toEqual({
      PORT: 8080,
      ADMIN_HOST: '127.0.0.1',
      ADMIN_PORT: 8081,
      UPSTREAM_URL: 'https://menu.dckube.scilifelab.se/api',
      UPSTREAM_TIMEOUT_MS: 10_000,
      UPSTREAM_CONCURRENCY: 2,
      UPSTREAM_CALLS_PER_MINUTE: 60,
      UPSTREAM_RETRIES: 1,
      UPSTREAM_BREAKER: true,
      UPSTREAM_WARMING: false,
      CACHE_MEMORY_BYTES: 33_554_432,
      LOG_LEVEL: 'info',
      BODY_IDLE_TIMEOUT_MS: 30_000,
      RELAY_DEFAULT_TTL_MS: 0,
      RELAY_REQUEST_DIRECTIVES: false,
      RELAY_STALE_IF_ERROR_MS: 3_600_000,
      RELAY_UPGRADES: false,
      TRUST_PROXY: expect.any(Function),
      SHUTDOWN_TIMEOUT_MS: 10_000,
    });
  });

  it('takes an empty value for none, and leaves foreign variables alone', () => {
    expect(parseConfig({ PORT: '', REDIS_URL: '', HOSTNAME: 'x', REDIS_PORT_6379_TCP: 'tcp://10.0.0.1:6379' })).toEqual(
      parseConfig({}),
    );
  });

  it('is frozen', () => {
    expect(Object.isFrozen(parseConfig({}))).toBe(true);
  });

  it('lists every problem at once', () => {
    expect(
      problemsOf({
        PORT: '99999',
        ADMIN_PORT: 'x',
        UPSTREAM_URL: 'ftp://x',
        UPSTREAM_TIMEOUT_MS: '1',
        LOG_LEVEL: 'loud',
        UPSTREAM_URI: 'x',
        UPSTREAM_TIMEOUT: '1',
      }),
    ).toEqual([
      expect.stringMatching(/^PORT: /),
      expect.stringMatching(/^ADMIN_PORT: must be a port/),
      'UPSTREAM_URL: must be an http: or https: URL',
      expect.stringMatching(/^UPSTREAM_TIMEOUT_MS: /),
      expect.stringMatching(/^LOG_LEVEL: /),
      'UPSTREAM_URI: no such setting; did you mean UPSTREAM_URL?',
      'UPSTREAM_TIMEOUT: no such setting; did you mean UPSTREAM_TIMEOUT_MS?',
    ]);
  });

  it.each(['http://x/api?y=1', 'http://x/api#y', 'http://user:secret@x/api', 'x', '/api'])(
    'refuses %s for the upstream',
    (url) => {
      expect(problemsOf({ UPSTREAM_URL: url })).toHaveLength(1);
    },
  );

  it.each([
    ['PORT', ' '],
    ['PORT', '1e3'],
    ['UPSTREAM_TIMEOUT_MS', '-1'],
    ['UPSTREAM_CALLS_PER_MINUTE', '1.5'],
    ['UPSTREAM_BREAKER', 'yes'],
    ['REDIS_URL', 'redis://h/abc'],
    ['TRUST_PROXY', 'everybody'],
    ['TRUST_PROXY', '10.0.0.0/99'],
    ['TRUST_PROXY', '-1'],
    ['REDIS_URL', 'redis://:p%zz@h'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(`^${name}: must be `)]);
  });

  it('wants two ports, unless any will do', () => {
    expect(problemsOf({ PORT: '8081' })).toEqual(['ADMIN_PORT: must be another port than PORT']);
    expect(problemsOf({ PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });

  it('never repeats a secret', () => {
    expect(problemsOf({ REDIS_URL: 'http://:secret@redis' }).join()).not.toContain('secret');
    expect(problemsOf({ UPSTREAM_URL: 'http://user:secret@x' }).join()).not.toContain('secret');
  });
});

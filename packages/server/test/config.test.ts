import { describe, expect, it } from '@jest/globals';
import { type Config, ConfigError, parseConfig } from '../src/config.ts';
import { configurationPage, effectiveSettings, helpText } from '../src/configText.ts';
import { settings } from '../src/settings.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return [];
}

const settingsOf = (environment: Record<string, string>, files: Record<string, string> = {}) =>
  parseConfig(environment, (path) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(), { code: 'ENOENT' });
    return text;
  });

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
      CACHE_MEMORY_BYTES: 12_582_912,
      CLIENT_RATE_LIMIT: 30,
      LOG_FORMAT: 'json',
      LOG_HITS_ONE_IN: 100,
      LOG_LEVEL: 'info',
      SHED_LAG_MS: 1_000,
      SHUTDOWN_GRACE_MS: 1_000,
      WORKERS: 1,
      BODY_IDLE_TIMEOUT_MS: 30_000,
      RELAY_DEFAULT_TTL_MS: 0,
      RELAY_REQUEST_DIRECTIVES: 'ignore',
      RELAY_STALE_IF_ERROR_MS: 3_600_000,
      RELAY_UPGRADES: false,
      TRUST_PROXY: expect.any(Function),
      SHUTDOWN_TIMEOUT_MS: 10_000,
    });
  });

  it('takes an empty value for none, and leaves foreign variables alone', () => {
    expect(
      parseConfig({
        PORT: '',
        REDIS_URL: '',
        HOSTNAME: 'x',
        LOG: 'x',
        REDIS: 'x',
        MARKERS: 'x',
        REDIS_PORT_6379_TCP: 'tcp://10.0.0.1:6379',
      }),
    ).toEqual(parseConfig({}));
  });

  it.each([
    ['RELAY_TIMEOUT_MS', 'RELAY_TIMEOUT_MS: no such setting'],
    ['RELAY_STALE_IF_ERORR_MS', 'RELAY_STALE_IF_ERORR_MS: no such setting; did you mean RELAY_STALE_IF_ERROR_MS?'],
    ['RELAY_STALE_IF_ERROR', 'RELAY_STALE_IF_ERROR: no such setting; did you mean RELAY_STALE_IF_ERROR_MS?'],
    ['UPSTREAM_CALLS_PER_MIN', 'UPSTREAM_CALLS_PER_MIN: no such setting; did you mean UPSTREAM_CALLS_PER_MINUTE?'],
    ['WORKER', 'WORKER: no such setting; did you mean WORKERS?'],
    ['REDIS_URL_FIEL', 'REDIS_URL_FIEL: no such setting; did you mean REDIS_URL_FILE?'],
  ])('knows no %s', (name, problem) => {
    expect(problemsOf({ [name]: '1' })).toEqual([problem]);
  });

  it('leaves alone what Kubernetes tells of services that are called as its settings begin', () => {
    const told = ['RELAY_PORT', 'RELAY_SERVICE_HOST', 'RELAY_SERVICE_PORT_HTTP', 'UPSTREAM_PORT_8080_TCP_ADDR'];
    expect(problemsOf(Object.fromEntries(told.map((name) => [name, 'x'])))).toEqual([]);
  });

  it('takes a secret from a file, without the line end behind it', () => {
    const { REDIS_URL } = settingsOf({ REDIS_URL_FILE: '/run/url' }, { '/run/url': 'redis://:secret@redis\n' });
    expect(REDIS_URL).toBe('redis://:secret@redis');
  });

  it.each([
    [{ REDIS_URL_FILE: '/none' }, 'REDIS_URL_FILE: the file must be readable (ENOENT)'],
    [{ REDIS_URL_FILE: '/empty' }, 'REDIS_URL_FILE: the file must not be empty'],
    [
      { REDIS_URL_FILE: '/good', REDIS_URL: 'redis://:secret@x' },
      'REDIS_URL_FILE: must not be set together with REDIS_URL',
    ],
    [{ REDIS_URL_FILE: '/bad' }, 'REDIS_URL: must be a redis: or rediss: URL'],
  ])('refuses %o', (environment, problem) => {
    const files = { '/empty': '\n', '/good': 'redis://y', '/bad': 'http://:secret@y' };
    const read = () => settingsOf(environment, files);
    expect(read).toThrow(problem);
    expect(read).not.toThrow('secret');
  });

  it.each(['0', '65', 'all', '1.5'])('refuses WORKERS=%s', (WORKERS) => {
    expect(problemsOf({ WORKERS })).toEqual(['WORKERS: must be auto, or a number of processes from 1 to 64']);
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
    expect(problemsOf({ PORT: '8081', WORKERS: 'few' })).toHaveLength(2);
    expect(problemsOf({ PORT: '0', ADMIN_PORT: '0' })).toEqual([]);
  });

  it('never repeats a secret', () => {
    expect(problemsOf({ REDIS_URL: 'http://:secret@redis' }).join()).not.toContain('secret');
    expect(problemsOf({ UPSTREAM_URL: 'http://user:secret@x' }).join()).not.toContain('secret');
    expect(effectiveSettings({ REDIS_URL: 'redis://:secret@x' })).toContain('REDIS_URL=(secret)\n');
    expect(effectiveSettings({ REDIS_URL_FILE: '/run/url' })).toContain('REDIS_URL=(secret)\n');
  });

  it('tells of every setting its purpose, range and default, by which it could be set', () => {
    const told = [helpText(), configurationPage()];
    for (const { name, purpose, range, fallback } of settings) {
      expect([name, purpose, range]).not.toContain('');
      for (const text of told) expect(text).toContain(name);
      const byDefault = parseConfig({})[name as keyof Config];
      if (fallback !== '') expect(parseConfig({ [name]: fallback })[name as keyof Config]).toEqual(byDefault);
    }
  });
});

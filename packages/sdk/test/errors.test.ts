/** LunchErrors of other copies and realms, and what is none. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import vm from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { isLunchError, LunchError } from '@lunch-relay/sdk';

/** The class as another realm has it: with another Error, and from another copy of the module. */
function errorOfAnotherRealm(): unknown {
  const source = stripTypeScriptTypes(readFileSync('packages/sdk/src/errors.ts', 'utf8')).replace(/^export /gm, '');
  return vm.runInNewContext(`${source}; new LunchError('rate_limited', 'Wait.', { retryAfterMs: 1000 })`);
}

describe('isLunchError', () => {
  it('knows errors of its own and of another realm', () => {
    const foreign = errorOfAnotherRealm();
    expect(foreign).not.toBeInstanceOf(LunchError);
    expect(foreign).not.toBeInstanceOf(Error);
    for (const error of [foreign, new LunchError('rate_limited', 'Wait.')]) {
      expect(isLunchError(error)).toBe(true);
      expect(isLunchError(error, 'timeout', 'rate_limited')).toBe(true);
      expect(isLunchError(error, 'timeout')).toBe(false);
    }
  });

  it.each([undefined, null, 'timeout', new Error('x'), { kind: 'timeout', name: 'LunchError' }])(
    'knows that %p is none',
    (error) => {
      expect(isLunchError(error)).toBe(false);
    },
  );
});

describe('a LunchError', () => {
  it.each([
    ['rate_limited', true],
    ['upstream_unavailable', true],
    ['timeout', true],
    ['connection', true],
    ['not_cached', false],
    ['not_found', false],
    ['invalid_request', false],
    ['invalid_response', false],
    ['relay_error', false],
    ['a kind of a later version', false],
  ])('of the kind %s: is it worth a retry? %s', (kind, retryable) => {
    expect(new LunchError(kind, 'x')).toMatchObject({ kind, retryable, suggestions: [], name: 'LunchError' });
  });

  it('has a cause only where there is one', () => {
    expect('cause' in new LunchError('timeout', 'x')).toBe(false);
    expect(new LunchError('timeout', 'x', { cause: 0 }).cause).toBe(0);
  });
});

/** The path guard under targets put together of all that was ever used to climb. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../test/support/runs.ts';
import { RelayError } from '../../src/errors.ts';
import { ASTERISK, parseRequestTarget } from '../../src/relay/requestTarget.ts';

const RUNS = runs({ seed: 9112, numRuns: 2_000 });

const PARTS =
  '. .. / // \\ ; ? # % %2e %2E %252e %25 %2f %2F %252f %5c %255c %00 %09 %20 %0d%0a %3b %3f %23 %c0%ae %c0%af %c1%9c %e0%80%ae %u002e %u2215 %61 a bc api restaurant relay_anything'.split(
    ' ',
  );
const target = fc.array(fc.constantFrom(...PARTS), { maxLength: 8 }).map((parts) => `/${parts.join('')}`);

/** Undefined for what is refused. */
function parsed(sent: string): string | undefined {
  try {
    return parseRequestTarget(sent);
  } catch (error) {
    if (error instanceof RelayError) return undefined;
    throw error;
  }
}

/** What servers behind servers make of a path: each decodes what the one before has passed on. */
function readings(path: string): string[] {
  const all = [path];
  for (let layer = 0; layer < 5; layer++) {
    const last = all.at(-1) ?? '';
    all.push(last.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
  }
  return all;
}

describe('a target that passes', () => {
  it('holds no dot segment, however often it is decoded', () => {
    fc.assert(
      fc.property(target, (sent) => {
        const [path = ''] = (parsed(sent) ?? '/').split('?', 1);
        for (const reading of readings(path)) {
          for (const segment of reading.split(/[/\\]/)) expect(['.', '..']).not.toContain(segment);
        }
      }),
      RUNS,
    );
  });

  it('names for a parser of URLs what it names for a reader', () => {
    fc.assert(
      fc.property(target, (sent) => {
        const [path = ''] = (parsed(sent) ?? '/').split(/[?#]/, 1);
        const { pathname } = new URL(`http://upstream/api${path}`);
        expect(pathname.split('/')).toHaveLength(`/api${path}`.split(/[/\\]/).length);
        expect(pathname).toMatch(/^\/api(?:\/|$)/);
      }),
      RUNS,
    );
  });

  it('is the one that was sent, and passes again', () => {
    fc.assert(
      fc.property(fc.oneof(target, fc.webUrl({ withQueryParameters: true }), fc.string({ unit: 'binary' })), (sent) => {
        const passed = parsed(sent);
        if (passed === undefined || passed === ASTERISK) return;
        expect(sent.endsWith(passed) || `/${sent}`.endsWith(passed) || passed === '/' || passed[1] === '?').toBe(true);
        expect(passed).toMatch(/^\//);
        expect(parsed(passed)).toBe(passed);
      }),
      RUNS,
    );
  });
});

describe('a target without dots', () => {
  it('passes untouched', () => {
    const harmless = fc.array(fc.constantFrom('/', '%20', ';a=1', 'a', 'å', '%C3%A5', '%25', '~', ':', '@'));
    fc.assert(
      fc.property(harmless, (parts) => {
        expect(parsed(`/${parts.join('')}`)).toBe(`/${parts.join('')}`);
      }),
      RUNS,
    );
  });
});

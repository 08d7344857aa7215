/** The measurements run at all and write what they promise; how quick anything is, no test can say. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';

const out = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-smoke-'));
afterAll(() => rmSync(out, { recursive: true }));

/** A machine that tests many things at once is slow. */
const PATIENCE_MS = 60_000;

async function measure(file: string, words: readonly string[]): Promise<string> {
  const program = ['--conditions=@lunch-relay/source', `bench/${file}.ts`, ...words, '--out', out];
  const { stdout } = await promisify(execFile)('node', program, { timeout: PATIENCE_MS });
  return stdout;
}

const written = (file: string): unknown => JSON.parse(readFileSync(path.join(out, file), 'utf8'));

describe('the suite', () => {
  it(
    'compares, and writes what every figure comes from',
    async () => {
      const words = '--relay source --only raw-hit --contestants relay,floor --connections 4 --seconds 1 --rounds 1';
      const page = await measure('compare', words.split(' '));
      const figure = expect.any(Number);
      const round = {
        requests: figure,
        requestsPerSecond: figure,
        p50Ms: figure,
        p99Ms: figure,
        maxMs: figure,
        failures: 0,
        cpuUsPerRequest: figure,
        rssBytes: figure,
      };
      const spread = { median: figure, least: figure, most: figure };
      const standing = { rounds: [round], median: round, requestsPerSecond: spread };
      const relay = { ...standing, name: 'relay', ratio: spread };
      const floor = { ...standing, name: 'floor', ratio: { median: 1, least: 1, most: 1 } };
      expect(written('comparison.json')).toMatchObject({
        kind: 'comparison',
        machine: { cores: figure, node: process.version },
        seconds: 1,
        rounds: 1,
        comparisons: [
          { scenario: 'raw-hit', connections: 4, bodyBytes: 1_024, comparedWith: 'floor', standings: [floor, relay] },
        ],
      });
      expect(page).toContain('| relay |');
      expect(readdirSync(out)).toEqual(expect.arrayContaining(['comparison.md', 'raw-hit-4.svg']));
    },
    PATIENCE_MS,
  );

  it(
    'storms: one call to the upstream for each thing, and no error',
    async () => {
      await measure('storm', ['--relay', 'source', '--clients', '200', '--latency-ms', '5']);
      expect(written('storm.json')).toMatchObject({ statuses: { 200: 200 }, isAnswered: true, isKind: true });
    },
    PATIENCE_MS,
  );

  it('refuses what it does not know', async () => {
    await expect(measure('compare', ['--only', 'raw-hits'])).rejects.toThrow(
      'there is no raw-hits, only typed-hit, raw-hit',
    );
    await expect(measure('compare', ['--rounds', 'many'])).rejects.toThrow(
      '--rounds must be a number from 1 to 100, not "many"',
    );
  });
});

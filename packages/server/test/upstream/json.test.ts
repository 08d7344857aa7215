/** JSON calls to a real server: what comes back, and what each fault is called. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Simulator, startSimulator } from '@lunch-relay/upstream-sim';
import type { RelayError } from '../../src/errors.ts';
import { createUpstreamBase } from '../../src/upstream/base.ts';
import { createGuard } from '../../src/upstream/guard.ts';
import { createJsonClient, type JsonClient } from '../../src/upstream/json.ts';
import { createRateBudget } from '../../src/upstream/rate.ts';

const now = () => performance.now();
const BRIEF_MS = 300;
const openGuard = () =>
  createGuard({ concurrency: 0, retries: 0, breaker: false, rate: createRateBudget(0, now), now, random: () => 0 });

let simulator: Simulator;
let client: JsonClient;
const outcomes: string[] = [];
beforeAll(async () => {
  simulator = await startSimulator({ clock: () => Date.parse('2026-11-23T10:00:00Z') });
  const base = createUpstreamBase(simulator.url);
  client = createJsonClient({
    base,
    guard: openGuard(),
    timeoutMs: 10_000,
    onCall: (outcome) => outcomes.push(outcome),
  });
});
afterAll(async () => {
  await client.close();
  await simulator.close();
});

const failureOf = (path: string) =>
  client.getJson(path).then(
    () => undefined,
    (error: unknown) => error as RelayError,
  );
const redirect = (to: string) => `/_sim/redirect?status=307&to=${encodeURIComponent(to)}`;

describe('a JSON call', () => {
  it('gives the document with the upstream’s date and max-age', async () => {
    outcomes.length = 0;
    expect(await client.getJson('/restaurant/nanna')).toMatchObject({
      found: true,
      document: { restaurant: { title: 'Restaurang Nanna Svartz' } },
      date: Date.parse('2026-11-23T10:00:00Z'),
      maxAgeMs: 10_800_000,
    });
    expect(await client.getJson('/restaurant/nosuch')).toEqual({ found: false });
    expect(outcomes).toEqual(['ok', 'not_found']);
  });

  it('follows redirects by path, whatever scheme and host they name for the upstream', async () => {
    const paths = ['/api/version', `${simulator.url}/version`, '../version'];
    for (const to of paths)
      expect(await client.getJson(redirect(to))).toMatchObject({
        found: true,
        document: { version: expect.any(String) as unknown },
      });
  });

  it.each([
    ['another host', 'https://example.org/api/version'],
    ['another port', 'http://127.0.0.1:1/api/version'],
    ['a path outside of the base', '/version'],
    ['a path that climbs out', '/api/../version'],
    ['a scheme that is not HTTP', 'file:///etc/passwd'],
  ])('does not follow a redirect to %s', async (_, to) => {
    simulator.resetRequests();
    expect(await failureOf(redirect(to))).toMatchObject({
      code: 'upstream_invalid_response',
      detail: expect.stringContaining('redirect') as unknown,
    });
    expect(simulator.requestCount()).toBe(1);
  });

  it('gives up on redirects that do not end', async () => {
    expect(await failureOf(redirect(redirect(redirect(redirect('/api/version')))))).toMatchObject({
      code: 'upstream_invalid_response',
    });
    simulator.clearFaults();
  });

  it.each([
    ['/_sim/bytes?size=1100000', 'upstream_invalid_response'],
    ['/_sim/status/418', 'upstream_error'],
    ['/_sim/status/204', 'upstream_error'],
    ['/_sim/headers', 'upstream_invalid_response'],
  ])('calls the answer to %s %s', async (path, code) => {
    expect(await failureOf(path)).toMatchObject({ code });
  });

  it('calls broken JSON unusable', async () => {
    simulator.setFault('/version', {
      kind: 'status',
      status: 200,
      body: '{"version":',
      contentType: 'application/json',
    });
    expect(await failureOf('/version')).toMatchObject({ code: 'upstream_invalid_response' });
    simulator.clearFaults();
  });

  it('calls an answer late that does not come in time', async () => {
    simulator.setFault('/version', { kind: 'hang' });
    const base = createUpstreamBase(simulator.url);
    const brief = createJsonClient({ base, guard: openGuard(), timeoutMs: BRIEF_MS });
    await expect(brief.getJson('/version')).rejects.toMatchObject({ code: 'upstream_timeout' });
    await brief.close();
    simulator.clearFaults();
  });

  it('says that an upstream that is not there cannot be reached', async () => {
    for (const url of ['http://127.0.0.1:1/api', 'http://no-such-host.invalid/api']) {
      const lost = createJsonClient({ base: createUpstreamBase(url), guard: openGuard(), timeoutMs: 2_000 });
      await expect(lost.getJson('/restaurant')).rejects.toMatchObject({ code: 'upstream_unreachable' });
      await lost.close();
    }
  });
});

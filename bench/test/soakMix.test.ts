import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startTestRelay, type TestRelay } from '../../packages/server/test/support/relay.ts';
import type { Kind } from '../load/openLoop.ts';
import { answerOf } from '../replay.ts';
import { hitsOf, isAsWanted } from '../soakMix.ts';

let test: TestRelay;
beforeAll(async () => {
  test = await startTestRelay();
});
afterAll(() => test.close());

async function statusesOf(mix: readonly Kind[]) {
  const asked = mix.map(async ({ name, path, fields }) => {
    const { status } = await answerOf(test.relay.url + path, fields);
    return [name, { [status]: 1 }] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

it('asks for what is answered as it is to be, also once the cache has been emptied', async () => {
  const mix = await hitsOf(test.relay.url);
  expect(await statusesOf(mix)).toMatchObject({ typed: { 200: 1 }, 'not modified': { 304: 1 } });
  test.setNow(Date.parse('2026-11-23T10:00:05Z'));
  await fetch(`${test.relay.adminUrl}/cache`, { method: 'DELETE' });
  expect(isAsWanted(await statusesOf(mix))).toBe(true);
});

it.each([
  [{ typed: { 200: 9 }, 'not modified': { 304: 1 } }, true],
  [{ typed: { 200: 9 }, 'not modified': { 304: 1, 200: 1 } }, false],
  [{ typed: { 200: 9 }, 'not modified': { 200: 1 } }, false],
  [{ typed: { 200: 8, 503: 1 } }, false],
  [{ typed: { 304: 9 } }, false],
  [{ typed: { 0: 1 } }, false],
])('%j is as wanted: %j', (statuses, wanted) => {
  expect(isAsWanted(statuses)).toBe(wanted);
});

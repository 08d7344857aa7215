/** What `--json` prints, by the schema that is documented. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { useLunch } from '../support/running.ts';

const running = useLunch({ settings: { UPSTREAM_TIMEOUT_MS: '300' } });
const { lunch, onDay } = running;

const schema = JSON.parse(readFileSync('docs/cli/output.schema.json', 'utf8')) as object;
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

async function documentOf(words: string, circumstances = {}): Promise<Record<string, unknown>> {
  const { stdout } = await lunch(`${words} --json`, circumstances);
  const document = JSON.parse(stdout) as Record<string, unknown>;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  return document;
}

it.each([
  ['nanna jorpes', 'menus'],
  ['solna', 'menus'],
  ['random', 'menus'],
  ['find lax', 'dishes'],
  ['find xyzzy', 'dishes'],
  ['list', 'restaurants'],
  ['', 'restaurants'],
  ['fav list', 'favourites'],
  ['config get', 'settings'],
])('lunch %s is of the kind %s', async (words, kind) => {
  expect(await documentOf(words)).toMatchObject({ schemaVersion: 1, kind });
});

it('holds the one setting that was asked for', async () => {
  expect(await documentOf('config get timeout')).toEqual({
    schemaVersion: 1,
    kind: 'settings',
    settings: { timeout: { value: '15', from: 'default' } },
  });
});

it.each([
  'open nanna --no-browser',
  'open nanna',
  'config path',
  'config set timeout 3',
  'config unset timeout',
  'fav add nanna',
  'fav remove nanna',
  'completion bash',
  'help',
])('lunch %s has none, and does nothing', async (words) => {
  const command = /^(?:(?:config|fav) )?\w+/.exec(words)?.[0];
  expect(await lunch(`${words} --json`, { environment: { LUNCH_BROWSER: 'false' } })).toEqual({
    stdout: '',
    stderr: `lunch: "lunch ${command}" prints no JSON; leave out --json\n`,
    exitCode: 2,
  });
});

it('holds what failed beside the rest, and what is from disk', () =>
  onDay(1, async (now) => {
    running.test.simulator.setFault('/restaurant/omni', { kind: 'hang' });
    expect(await documentOf('nanna omni', { now })).toMatchObject({
      menus: [{ identifier: 'nanna', offline: false }],
      failures: [{ identifier: 'omni', code: 'upstream_timeout' }],
    });
    const environment = { LUNCH_RELAY_URL: 'http://127.0.0.1:1' };
    expect(await documentOf('nanna', { now, environment })).toMatchObject({ menus: [{ offline: true }] });
  }));

it('refuses other documents', () => {
  expect(validate({ schemaVersion: 1, kind: 'menus', menus: [{}] })).toBe(false);
  expect(validate({ schemaVersion: 2, kind: 'favourites', favourites: [] })).toBe(false);
});

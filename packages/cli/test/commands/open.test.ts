/** `lunch open`, with a browser that is a script. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { useLunch } from '../support/running.ts';

const { lunch, home } = useLunch();

function browser(script: string, name = 'browser'): string {
  const file = path.join(home, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const MAP = 'https://www.openstreetmap.org/?mlat=59.34867&mlon=18.0278#map=19/59.34867/18.0278';
const SITE = 'https://ki.hors.se/17/3/restaurang-nanna-svartz/';

it.each([
  ['open nanna', MAP],
  ['open nanna --map', MAP],
  ['open nanna --website', SITE],
])('lunch %s opens the URL and prints it', async (words, url) => {
  const opened = path.join(home, 'opened');
  const environment = { LUNCH_BROWSER: `${browser(`printf '%s|' "$@" > '${opened}'`)} --new-window` };
  expect(await lunch(words, { environment })).toEqual({ stdout: `${url}\n`, stderr: '', exitCode: 0 });
  expect(readFileSync(opened, 'utf8')).toBe(`--new-window|${url}|`);
});

it.each([
  ['a path with a space', 'LUNCH_BROWSER', '{my browser}', ''],
  ['a program and an option', 'LUNCH_BROWSER', '{browser} --new', '--new|'],
  ['%s in place of the URL', 'BROWSER', '{browser} --url=%s --last', '', '--url=URL|--last|'],
  ['a list, of which the first is not there', 'BROWSER', '/nowhere/browser:{browser}', ''],
  ['a list, of which the first fails', 'BROWSER', 'false %s:{browser} --new', '--new|'],
  ['a program with a colon', 'BROWSER', '{a:b}', ''],
])('takes for a browser %s', async (_what, variable, value, before, told = `${before}URL|`) => {
  const opened = path.join(home, 'opened');
  rmSync(opened, { force: true });
  const named = value.replace(/\{(.*)\}/, (_, name: string) => browser(`printf '%s|' "$@" > '${opened}'`, name));
  expect(await lunch('open nanna', { environment: { [variable]: named } })).toEqual({
    stdout: `${MAP}\n`,
    stderr: '',
    exitCode: 0,
  });
  expect(readFileSync(opened, 'utf8')).toBe(told.replace('URL', MAP));
});

it('prints the URL also where no browser can be started, and says so', async () => {
  for (const BROWSER of ['/nowhere/browser', browser('exit 3')]) {
    const { stdout, stderr, exitCode } = await lunch('open nanna', { environment: { BROWSER } });
    expect(stdout).toBe(`${MAP}\n`);
    expect(stderr).toMatch(/^lunch: the browser \(.+\) could not be started: .+ BROWSER names another\.\n$/);
    expect(exitCode).toBe(1);
  }
});

it.each([
  ['open delta --website', 'no website is known of Café Delta', 1],
  ['open nanna jons', 'open takes one restaurant', 2],
  ['open solna', 'open takes one restaurant', 2],
  ['open nana', 'there is no restaurant or region "nana". Did you mean nanna?', 3],
])('lunch %s', async (words, message, exitCode) => {
  expect(await lunch(words)).toEqual({ stdout: '', stderr: `lunch: ${message}\n`, exitCode });
});

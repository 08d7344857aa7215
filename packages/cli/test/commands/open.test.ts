/** `lunch open`, with a browser that is a script. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { useLunch } from '../support/running.ts';

const { lunch, home } = useLunch();

function browser(script: string): string {
  const file = path.join(home, 'browser');
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

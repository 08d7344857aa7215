/** The packed SDK, bundled, in a page and in a worker of a real browser: of another origin than the relay. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { startTestRelay, type TestRelay } from '../../packages/server/test/support/relay.ts';
import { bundle, npm, tarball, writeProject } from '../support/tarballs.ts';
import { ANSWERED, ASKING, watchLists } from './asking.ts';
import { CLOSED_NETWORK } from './chromium.ts';
import { describeWith } from './programs.ts';

const PROGRAM = `
import { createEtagCache, createLunchClient, isLunchError } from '@lunch-relay/sdk';
${ASKING}
globalThis.ask = async (baseUrl) => ({
  ...(await askRelay(baseUrl)),
  nowhere: await kindOf(createLunchClient({ baseUrl: 'http://127.0.0.1:1', retries: 0 }).listRestaurants()),
  left: await kindOf(createLunchClient({ baseUrl }).listRestaurants({}, { signal: AbortSignal.abort('left') })),
});`;

const FILES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><link rel="icon" href="data:,"><script src="/bundle.js"></script>',
  '/worker.js': 'importScripts("/bundle.js"); onmessage = ({ data }) => ask(data).then(postMessage);',
};

const EXPECTED = { ...ANSWERED, nowhere: 'connection', left: 'left' };

/** What the evaluated functions find in the browser. */
declare const ask: (baseUrl: string) => Promise<unknown>;
declare const Worker: new (
  url: string,
) => { postMessage(data: string): void; onmessage: (event: { data: unknown }) => void };

describeWith('chromium', 'the SDK in a browser', (executablePath) => {
  let test: TestRelay;
  let browser: Browser;
  let site: http.Server;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'lunch-relay-browser-'));
    writeProject(folder, { 'package.json': '{"private":true,"type":"module"}', 'index.js': PROGRAM });
    await npm(['install', tarball('sdk')], folder);
    await bundle(folder, 'index.js', 'bundle.js');
    const files: Readonly<Record<string, string>> = {
      ...FILES,
      '/bundle.js': readFileSync(path.join(folder, 'bundle.js'), 'utf8'),
    };
    site = http.createServer(({ url = '/' }, response) => {
      response.setHeader('Content-Type', url === '/' ? 'text/html' : 'text/javascript').end(files[url] ?? '');
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    test = await startTestRelay();
    browser = await chromium.launch({ executablePath, args: CLOSED_NETWORK });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    site.closeAllConnections();
    site.close();
    await test.close();
    rmSync(folder, { recursive: true });
  });

  async function openPage() {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    return page;
  }

  it('works in a page, and gets its 304 across origins', async () => {
    const page = await openPage();
    const listStatuses = watchLists(test);
    expect(await page.evaluate((url) => ask(url), test.relay.url)).toEqual(EXPECTED);
    expect(await listStatuses(2)).toEqual([200, 304]);
    await page.close();
  }, 30_000);

  it('works in a worker', async () => {
    const page = await openPage();
    const answer = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const worker = new Worker('/worker.js');
          worker.onmessage = ({ data }) => resolve(data);
          worker.postMessage(url);
        }),
      test.relay.url,
    );
    expect(answer).toEqual(EXPECTED);
    await page.close();
  }, 30_000);
});

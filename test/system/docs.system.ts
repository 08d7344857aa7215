/** `/docs` in a real browser without any network but the relay. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { operations } from '../../packages/server/src/contract.ts';
import { startTestRelay, type TestRelay } from '../../packages/server/test/support/relay.ts';
import { until } from '../../packages/server/test/support/until.ts';
import { tryOut } from '../support/tryOut.ts';
import { CLOSED_NETWORK } from './chromium.ts';
import { describeWith } from './programs.ts';

describeWith('chromium', '/docs in a browser', (executablePath) => {
  let test: TestRelay;
  let browser: Browser;
  beforeAll(async () => {
    test = await startTestRelay();
    browser = await chromium.launch({ executablePath, args: CLOSED_NETWORK });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await test.close();
  });

  interface Opened {
    readonly page: Page;
    /** Requests that would leave the machine. */
    readonly foreign: string[];
    readonly errors: string[];
  }

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const page = await browser.newPage(options);
    const foreign: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(test.relay.url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(test.relay.url + path);
    return { page, foreign, errors };
  }

  it('shows the operations, and an answer when one is tried out', async () => {
    const { page, foreign, errors } = await open('/docs');
    await expect(page.locator('.opblock-summary-path').allTextContents()).resolves.toEqual(
      // between them stand places where a line may be broken
      Object.values(operations).map(({ path }) => expect.stringMatching(path.split('/').join('\u200b?/'))),
    );
    const { answer } = await tryOut(page);
    expect(await answer.textContent()).toContain('Restaurang Nanna Svartz');
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  it.each(['/docs', '/docs/errors'])(
    '%s makes the browser ask the upstream for nothing',
    async (path) => {
      test.simulator.resetRequests();
      const { page, foreign, errors } = await open(path);
      await page.waitForLoadState('networkidle');
      expect(test.simulator.requests.map(({ url }) => url)).toEqual([]);
      expect([foreign, errors]).toEqual([[], []]);
      await page.close();
    },
    60_000,
  );

  it('fits a telephone', async () => {
    const viewport = { width: 390, height: 844 };
    for (const path of ['/docs', '/docs/errors']) {
      const { page } = await open(path, { viewport, isMobile: true });
      if (path === '/docs') await tryOut(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      await page.close();
    }
  }, 60_000);

  it.each(['/docs', '/docs/errors'])(
    '%s is dark for whom likes it dark, at once when that changes',
    async (path) => {
      const { page } = await open(path, { colorScheme: 'light' });
      await page.locator('h1, h2').first().waitFor();
      const brightness = async () => {
        const colour = await page.evaluate<string>("getComputedStyle(document.querySelector('h1, h2')).color");
        return Math.min(...[...colour.matchAll(/\d+/g)].slice(0, 3).map(Number));
      };
      expect(await brightness()).toBeLessThan(80);
      await page.emulateMedia({ colorScheme: 'dark' });
      // colours change with the next frame that is drawn, or by a script of Swagger UI's
      await until(async () => (await brightness()) > 170);
      await page.close();
    },
    60_000,
  );
});

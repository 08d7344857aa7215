/** `/docs` in a real browser without any network but the relay. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startTestRelay, type TestRelay } from '../../packages/server/test/support/relay.ts';
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

  async function openDocs(): Promise<{ page: Page; foreign: string[]; errors: string[] }> {
    const page = await browser.newPage();
    const foreign: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(test.relay.url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${test.relay.url}/docs`);
    return { page, foreign, errors };
  }

  it('shows the operations, and an answer when one is tried out', async () => {
    const { page, foreign, errors } = await openDocs();
    const operation = page.locator('#operations-default-getRestaurant');
    await operation.click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('textbox').fill('nanna');
    await operation.getByRole('button', { name: 'Execute' }).click();
    const answer = operation.locator('.live-responses-table tbody .highlight-code');
    await answer.first().waitFor();
    expect(await answer.first().textContent()).toContain('Restaurang Nanna Svartz');
    expect(foreign).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);
});

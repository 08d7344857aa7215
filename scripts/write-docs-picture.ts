/**
 * Makes the picture of `/docs` that the README shows: one operation, tried out, in Chromium. No check holds it, since
 * other versions of Chromium and other fonts draw other dots.
 */
import { chromium } from 'playwright-core';
import { startTestRelay } from '../packages/server/test/support/relay.ts';
import { onPath } from '../test/support/onPath.ts';
import { tryOut } from '../test/support/tryOut.ts';
import { CLOSED_NETWORK } from '../test/system/chromium.ts';

const PICTURE = 'docs/pictures/docs.png';
/** Where the README says that a relay is; it must not be free for that. */
const SHOWN = 'http://localhost:8080';

/** Of the answer, in pixels: enough to see what it is. */
const BEGINNING = 200;

const executablePath = onPath('chromium');
if (executablePath === undefined) throw new Error('This needs Chromium: install it as "chromium".');
const test = await startTestRelay();
const browser = await chromium.launch({ executablePath, args: CLOSED_NETWORK });
try {
  const page = await browser.newPage({ viewport: { width: 800, height: 1_000 } });
  await page.route(`${SHOWN}/**`, async (route) => {
    const url = route.request().url().replace(SHOWN, test.relay.url);
    await route.fulfill({ response: await route.fetch({ url }) });
  });
  await page.goto(`${SHOWN}/docs`);
  const { operation, answer } = await tryOut(page);
  // nothing half faded in, and no cursor
  await page.addStyleTag({ content: '*{animation:none!important;transition:none!important;caret-color:transparent}' });
  const [top, bottom] = [await operation.boundingBox(), await answer.boundingBox()];
  if (top === null || bottom === null) throw new Error('The operation and its answer are not to be seen.');
  const height = bottom.y + BEGINNING - top.y;
  const clip = { x: top.x - 10, y: top.y - 8, width: top.width + 20, height: height + 8 };
  await page.screenshot({ path: PICTURE, clip, fullPage: true });
} finally {
  await browser.close();
  await test.close();
}

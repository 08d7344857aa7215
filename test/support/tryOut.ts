/** One restaurant's menu, asked for on the page of `/docs` as a visitor does it. */
import type { Locator, Page } from 'playwright-core';

/** Gives the operation and the answer, once that is there. */
export async function tryOut(page: Page): Promise<{ operation: Locator; answer: Locator }> {
  const operation = page.locator('#operations-default-getRestaurant');
  await operation.getByText('What one restaurant serves today').first().click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await operation.getByRole('textbox').fill('nanna');
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = operation.locator('.live-responses-table tbody .highlight-code').first();
  await answer.waitFor();
  return { operation, answer };
}

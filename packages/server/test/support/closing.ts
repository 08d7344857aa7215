import { afterEach } from '@jest/globals';

/** To be called where a test file begins: what is put into it is called after each test, the last first. */
export function closedAfterEach(): Array<() => unknown> {
  const closing: Array<() => unknown> = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  return closing;
}

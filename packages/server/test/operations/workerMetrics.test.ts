/** What several workers have counted, told as one, whoever of them has ended. */
import { describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { createWorkerMetrics } from '../../src/operations/workerMetrics.ts';

/** What a worker answers that has counted so many. */
function counted(count: number): Promise<object> {
  const registry = new Registry();
  new Counter({ name: 'things_total', help: 'Things', registers: [registry] }).inc(count);
  return registry.getMetricsAsJSON();
}

const total = (text: string) => Number(/^things_total (\d+)$/m.exec(text)?.[1]);

describe('what workers have counted', () => {
  it('is counted on while one does not answer, and after it has ended', async () => {
    const alive = new Set([1, 2]);
    const metrics = createWorkerMetrics((worker) => alive.has(worker));
    const second = await counted(2);
    expect(total(await metrics.read({ 1: await counted(40), 2: second }))).toBe(42);
    expect(total(await metrics.read({ 2: second }))).toBe(42);
    alive.delete(1);
    for (let scrape = 0; scrape < 2; scrape++) expect(total(await metrics.read({ 2: second }))).toBe(42);
  });

  it('is the same for two who ask at once when one has just ended', async () => {
    const alive = new Set([1, 2]);
    const metrics = createWorkerMetrics((worker) => alive.has(worker));
    const [first, second] = [await counted(40), await counted(2)];
    await metrics.read({ 1: first, 2: second });
    alive.delete(1);
    const texts = await Promise.all([metrics.read({ 2: second }), metrics.read({ 2: second })]);
    expect(texts.map(total)).toEqual([42, 42]);
  });

  it('is counted once of one that has answered two who asked, and ended before either was told', async () => {
    const alive = new Set([2]);
    const metrics = createWorkerMetrics((worker) => alive.has(worker));
    const answers = { 1: await counted(40), 2: await counted(2) };
    for (let scrape = 0; scrape < 2; scrape++) expect(total(await metrics.read(answers))).toBe(42);
  });
});

/**
 * What workers count, told as if they were one process. Counters never go down: what a worker had counted when it was
 * asked last stays counted while it gives no answer and after it has ended, else Prometheus would take all that the
 * others have ever counted for new.
 */
import { AggregatorRegistry } from 'prom-client';

type Metrics = readonly { readonly name: string; readonly type: string }[];

export interface WorkerMetrics {
  /** `answers` by the number of a worker, of those that have answered. In Prometheus' text format. */
  readonly read: (answers: Readonly<Record<string, object>>) => Promise<string>;
}

/** `isAlive` tells of the number of a worker. */
export function createWorkerMetrics(isAlive: (worker: number) => boolean): WorkerMetrics {
  const last = new Map<number, Metrics>();
  // those of whom only the sum is left: an answer of theirs that comes late is in it
  const summed = new Set<number>();
  let ofEnded: Promise<Metrics> = Promise.resolve([]);

  /** Of many that ended only the sum is kept. */
  function letGoOfEnded(): Promise<Metrics> {
    const ended = [...last].filter(([worker]) => !isAlive(worker));
    for (const [worker] of ended) {
      last.delete(worker);
      summed.add(worker);
    }
    const counts = ended.map(([, metrics]) => countsOf(metrics));
    if (counts.length > 0) ofEnded = ofEnded.then((before) => together([before, ...counts]).json());
    return ofEnded;
  }

  return {
    async read(answers) {
      for (const [worker, metrics] of Object.entries(answers))
        if (!summed.has(Number(worker))) last.set(Number(worker), metrics as Metrics);
      // both at the same moment: who asks beside may find that another has ended
      const gone = letGoOfEnded();
      const ofLiving = [...last].map(([worker, metrics]) => (worker in answers ? metrics : countsOf(metrics)));
      return together([...ofLiving, await gone]).text();
    },
  };
}

/** Without the states, which say something of the moment only. */
const countsOf = (metrics: Metrics) => metrics.filter(({ type }) => type === 'counter' || type === 'histogram');

function together(all: readonly Metrics[]) {
  const registry = AggregatorRegistry.aggregate([...all]);
  return {
    text: () => registry.metrics(),
    // its type, by the declarations a number, is a word
    json: async () => (await registry.getMetricsAsJSON()) as unknown as Metrics,
  };
}

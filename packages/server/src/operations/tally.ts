/**
 * A histogram for what happens with every request. prom-client's own looks up its labels anew for each value, which costs
 * as much as half of an answer that lies ready; here that is done once, and the registry reads the sums.
 */
import type { Histogram, Registry } from 'prom-client';

interface TallyOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, ascending; the last, which is infinite, is left out. */
  readonly buckets: readonly number[];
  readonly registry: Registry;
}

/** What has been observed under one set of labels. */
export interface Observed {
  readonly observe: (value: number) => void;
}

export interface Tally {
  /** To be kept by whoever observes: a second one of the same labels would be told beside the first. */
  readonly under: (labels: Readonly<Record<string, string>>) => Observed;
}

export function createTally({ name, help, buckets, registry }: TallyOptions): Tally {
  const all: Array<{ labels: Readonly<Record<string, string>>; counts: number[]; sum: number }> = [];

  /** In the form of prom-client: counts add up from bucket to bucket. */
  function values() {
    return all.flatMap(({ labels, counts, sum }) => {
      let count = 0;
      const bucketValues = [...buckets, '+Inf'].map((le, index) => {
        count += counts[index] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count };
      });
      return [
        ...bucketValues,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: count },
      ];
    });
  }

  const metric = { name, help, type: 'histogram', aggregator: 'sum' };
  // its types know only its own four classes; what it asks of a metric is this
  registry.registerMetric({
    ...metric,
    get: () => Promise.resolve({ ...metric, values: values() }),
  } as unknown as Histogram);

  return {
    under(labels) {
      const observed = { labels, counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 };
      all.push(observed);
      return {
        observe(value) {
          let index = 0;
          while (index < buckets.length && value > (buckets[index] ?? 0)) index++;
          observed.counts[index] = (observed.counts[index] ?? 0) + 1;
          observed.sum += value;
        },
      };
    },
  };
}

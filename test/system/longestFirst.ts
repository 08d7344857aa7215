/**
 * The order in which system tests begin, two at a time. What takes longest comes first, so that nothing is left alone at the
 * end; what looks at a clock, a browser or a terminal comes last, when there is little beside it. `nodes` finds the
 * versions of Node.js that `runtimes` has got.
 */
const ORDER = ['release', 'runtimes', 'readme', 'nodes', 'gigabytes', 'sdk', 'lunch', 'docs', 'terminal'];

const placeOf = (file: string) => ORDER.findIndex((name) => file.endsWith(`/${name}.system.ts`));

interface SystemTest {
  readonly path: string;
}

/** What Jest asks of a sequencer. */
export default class LongestFirst {
  sort<Test extends SystemTest>(tests: readonly Test[]): Test[] {
    return tests.toSorted((one, other) => placeOf(one.path) - placeOf(other.path));
  }

  /** Nothing that is known of earlier runs would change the order. */
  cacheResults(): void {}
}

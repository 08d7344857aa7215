/** deploy/alerts.yml against what a relay with everything really exports, and against the runbook. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Simulator, startSimulator } from '@lunch-relay/upstream-sim';
import { parse } from 'yaml';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type RelayProcess, startRelayProcess } from '../support/relayProcess.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const { groups } = parse(readFileSync('deploy/alerts.yml', 'utf8')) as { groups: Array<{ rules: Rule[] }> };
const rules = groups.flatMap((group) => group.rules);
const runbook = readFileSync('docs/operations.md', 'utf8');

/** Metrics in an expression, with the labels that are asked for. */
function metricsIn(expr: string): Array<{ name: string; labels: Array<[name: string, values: string[]]> }> {
  return [...expr.matchAll(/\b((?:lunch_relay|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = '', labels = '']) => ({
      name,
      labels: [...labels.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)].map(([, label = '', values = '']) => [
        label,
        values.split('|'),
      ]),
    }),
  );
}

let simulator: Simulator;
let redis: TestRedis;
let relay: RelayProcess;
let exported: string[];
let names: string[];
beforeAll(async () => {
  simulator = await startSimulator();
  redis = await startRedis();
  relay = startRelayProcess({ UPSTREAM_URL: simulator.url, REDIS_URL: redis.url, WORKERS: '2' });
  const { url, adminUrl } = await relay.listening;
  for (const path of ['/restaurant', '/restaurant/nanna', '/version']) await (await fetch(url + path)).arrayBuffer();
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  names = [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name);
  exported = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}, 60_000);
afterAll(async () => {
  relay.child.kill('SIGTERM');
  await relay.ended;
  await redis.stop();
  await simulator.close();
});

/** Values of labels that come about only when something happens; each is a member of a set in the source. */
const LATER: Readonly<Record<string, RegExp>> = {
  route: /^refused$/,
  outcome: /^upstream_(?:error|unreachable|timeout|invalid_response|suspended|rate_limited|overloaded)$/,
  result: /^(?:hit|stale|miss|error)$/,
  status_class: /^[1-5]xx$/,
};

describe('the alert rules', () => {
  it('name only metrics and labels that are exported', () => {
    const named = rules.flatMap(({ expr }) => metricsIn(expr));
    expect(named.length).toBeGreaterThanOrEqual(rules.length - 1); // `up` is Prometheus' own
    for (const { name, labels } of named) {
      const series = exported.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      expect([name, series.length > 0]).toEqual([name, true]);
      for (const [label, values] of labels) {
        expect([name, label, series.some((line) => line.includes(`${label}="`))]).toEqual([name, label, true]);
        for (const value of values) {
          const isThere = LATER[label]?.test(value) || series.some((line) => line.includes(`${label}="${value}"`));
          expect([name, label, value, isThere]).toEqual([name, label, value, true]);
        }
      }
    }
  });

  it('wait for no state that ends by itself sooner', () => {
    // the breaker is open for ten seconds at a time
    const open = rules.find(({ expr }) => expr.includes('breaker_state'));
    expect(open?.expr).toContain('state=~"open|half-open"');
  });

  it('leave what anybody can provoke at the door alone', () => {
    for (const { expr } of rules.filter(({ expr: text }) => text.includes('status_class="5xx"')))
      expect(expr).toContain('route!="refused"');
  });

  it('are each told of in the runbook, and say how urgent they are', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(runbook).toContain(`### ${alert}\n`);
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary).not.toBe('');
    }
    const told = [...runbook.matchAll(/^### (LunchRelay\w+)$/gm)].map(([, alert]) => alert);
    expect(told).toEqual(rules.map(({ alert }) => alert));
  });
});

describe('the metrics', () => {
  it('of the relay are each told of in the runbook, which names no other', () => {
    const told = [...runbook.matchAll(/^\| `(lunch_relay_\w+)` +\|/gm)].map(([, name]) => name);
    const own = names.filter((name) => name.startsWith('lunch_relay_'));
    expect(told.toSorted()).toEqual(own.toSorted());
  });

  it('have no label whose values grow without bound', () => {
    const values = new Map<string, Set<string>>();
    for (const line of exported.filter((text) => text.startsWith('lunch_relay_'))) {
      for (const [, label = '', value = ''] of line.matchAll(/(\w+)="([^"]*)"/g)) {
        values.set(label, (values.get(label) ?? new Set()).add(value));
      }
    }
    expect([...values.keys()].sort()).toEqual(['le', 'outcome', 'result', 'route', 'state', 'status_class', 'tier']);
  });
});

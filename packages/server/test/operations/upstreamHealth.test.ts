/** What the log says of the upstream, and when. */
import { describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/operations/log.ts';
import { tellHealth } from '../../src/operations/upstreamHealth.ts';

/** The levels of the lines that a row of outcomes leaves. */
function toldOf(outcomes: readonly string[]): string[] {
  const levels: string[] = [];
  const log = createLog('trace', {
    write: (line) => void levels.push((JSON.parse(line) as { level: string }).level),
  });
  const note = tellHealth('http://upstream/api', log);
  for (const outcome of outcomes) note(outcome);
  return levels;
}

describe('the health of the upstream', () => {
  it.each(['upstream_unreachable', 'upstream_timeout', 'upstream_error', 'upstream_rate_limited'])(
    'is told once when it begins to fail (%s), and once when it answers again',
    (outcome) => {
      expect(toldOf(['ok', outcome, outcome, 'not_found', 'ok'])).toEqual(['warn', 'info']);
    },
  );

  it.each(['upstream_overloaded', 'upstream_suspended'])('is nothing that %s tells of', (outcome) => {
    expect(toldOf([outcome, 'ok', outcome, 'upstream_timeout', outcome, 'upstream_timeout'])).toEqual(['warn']);
  });
});

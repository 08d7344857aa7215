import { describe, expect, it } from '@jest/globals';
import { useRelayProcesses } from './support/relayProcess.ts';
import { until } from './support/until.ts';

/** Tells on a signal which CommonJS files are loaded. */
const TELLING = `
import { createRequire } from 'node:module';
process.on('SIGUSR2', () => process.stderr.write(Object.keys(createRequire('file:///').cache).join('\\n') + '\\nend\\n'));`;

describe('a relay that has started', () => {
  const relays = useRelayProcesses({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TELLING)}`,
  });

  it('has nothing in memory that is large and that it does not use', async () => {
    const { child, said, listening } = relays.start();
    await listening;
    child.kill('SIGUSR2');
    await until(() => said.stderr.endsWith('\nend\n'));
    const loaded = said.stderr.split('\n');
    const has = (file: string) => loaded.some((name) => name.includes(`/node_modules/${file}`));
    expect(has('undici/lib/dispatcher/pool.js')).toBe(true);
    for (const file of ['undici/index.js', 'undici/lib/web/', 'pino-pretty/', '@redis/client/', 'redis/'])
      expect([file, has(file)]).toEqual([file, false]);
  });
});

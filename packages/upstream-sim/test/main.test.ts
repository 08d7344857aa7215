import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ask } from './client.ts';
import { useSimulator } from './running.ts';

const running = useSimulator();
const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

function start(...flags: string[]) {
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  return { child, exited: once(child, 'exit') as Promise<[number | null, string | null]> };
}

async function outcome(...flags: string[]) {
  const { child, exited } = start(...flags);
  const [output, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { output, error, code };
}

describe('the program', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'prints its URL, serves, and ends with 0 on %s',
    async (signal) => {
      const flags = ['--port', '0', '--wire', 'W4', '--latency-ms', '1', '--rate-limit', '1', '--reject-with', '429'];
      const { child, exited } = start(...flags);
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const url = line.toString().trim();
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api$/);
      expect((await ask(`${url}/restaurant`)).status).toBe(308);
      expect((await ask(`${url}/restaurant`)).status).toBe(429);
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
    },
    30_000,
  );

  it('explains flags that it cannot understand in one line and ends with 1', async () => {
    const explanations = new Map([
      ['--wire=W5', '--wire must be one of W4, W6, W9, not "W5"'],
      ['--port=x', '--port must be a whole number from 0 to 65535, not "x"'],
      ['--latency-ms=-3', '--latency-ms must be a whole number from 0 to 600000, not "-3"'],
      ['--rate-limit=', '--rate-limit must be a whole number from 0 to 1000000000, not ""'],
      ['--reject-with=500', '--reject-with must be one of 429, 503, not "500"'],
      ['--latency=3', "Unknown option '--latency'"],
      ['--port', "Option '--port <value>' argument missing"],
      ['surplus', "Unexpected argument 'surplus'."],
    ]);
    const outcomes = await Promise.all([...explanations.keys()].map((flag) => outcome(flag)));
    const expected = [...explanations.values()].map((line) => ({
      output: '',
      error: `upstream-sim: ${line}\n`,
      code: 1,
    }));
    expect(outcomes).toEqual(expected);
  }, 30_000);

  it('says that a port is taken and ends with 1', async () => {
    const { port } = new URL(running.simulator.origin);
    const { error, code } = await outcome('--port', port);
    expect({ error, code }).toEqual({ error: `upstream-sim: port ${port} on 127.0.0.1 is already in use\n`, code: 1 });
  }, 30_000);

  it('explains its flags', async () => {
    const { output, code } = await outcome('--help');
    expect(output).toContain('--reject-with CODE');
    expect(code).toBe(0);
  }, 30_000);
});

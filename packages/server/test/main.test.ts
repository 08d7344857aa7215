/** The real process: what it says, how it stops, how it refuses to start. */
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Simulator, startSimulator } from '@lunch-relay/upstream-sim';
import { type Program, startProgram } from './support/program.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

const started: Program[] = [];
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});

function start(settings: Record<string, string>) {
  const listeners = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' };
  const environment = { PATH: process.env['PATH'], UPSTREAM_URL: simulator.url, ...listeners, ...settings };
  const program = startProgram('packages/server/src/main.ts', [], environment);
  started.push(program);
  const { child, said } = program;
  const listening = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const { url, adminUrl } = JSON.parse(line) as { url?: string; adminUrl?: string };
      if (url && adminUrl) return { url, adminUrl };
    }
    throw new Error(`never listened: ${said.stderr}`);
  })();
  listening.catch(() => {}); // not every test waits for it
  return { ...program, listening };
}

describe('the relay process', () => {
  it('finishes what has begun on SIGTERM, and exits 0', async () => {
    simulator.setLatency(300);
    const { child, ended, listening } = start({});
    const { url, adminUrl } = await listening;
    const asked = fetch(`${url}/version`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGTERM');
    expect((await asked).status).toBe(200);
    expect(await ended).toBe(0);
    await expect(fetch(`${adminUrl}/livez`)).rejects.toThrow();
    simulator.setLatency(0);
  });

  it('cuts what does not finish in time', async () => {
    simulator.setFault('/version', { kind: 'hang' });
    const { child, ended, listening } = start({ SHUTDOWN_TIMEOUT_MS: '100' });
    const asked = fetch(`${(await listening).url}/version`);
    asked.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await expect(asked).rejects.toThrow();
    simulator.clearFaults();
  });

  it('says in one line that a port is in use, and exits 1', async () => {
    const { port } = new URL(simulator.origin);
    const publicPort = start({ PORT: port });
    expect(await publicPort.ended).toBe(1);
    expect(publicPort.said.stderr).toBe(
      `Cannot listen on 127.0.0.1:${port} (public): the port is in use. Stop what uses it, or set PORT.\n`,
    );
    const adminPort = start({ ADMIN_PORT: port });
    expect(await adminPort.ended).toBe(1);
    expect(adminPort.said.stderr).toMatch(/^Cannot listen on .* \(admin\): the port is in use\. .* ADMIN_PORT\.\n$/);
  });

  it('lists every mistake in its configuration, and exits 1', async () => {
    const { ended, said } = start({ PORT: 'x', UPSTREAM_URL: 'nowhere', LOG_LEVL: 'info' });
    expect(await ended).toBe(1);
    expect(said.stderr.split('\n')).toEqual([
      'The configuration is not valid:',
      '  PORT: must be a port: 0 to 65535',
      '  UPSTREAM_URL: must be an http: or https: URL',
      '  LOG_LEVL: no such setting; did you mean LOG_LEVEL?',
      '',
    ]);
  });

  it('starts without its upstream, says so once, and answers with problems', async () => {
    const { listening, said } = start({ UPSTREAM_URL: 'http://127.0.0.1:1/api' });
    const { url } = await listening;
    const response = await fetch(`${url}/restaurant/nanna`);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'upstream_unreachable' });
    expect((await fetch(`${url}/version`)).status).toBe(502);
    expect(said.stdout.match(/gives no answer/g)).toHaveLength(1);
  });
});

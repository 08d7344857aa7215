/** Clients of scripted servers, which are closed after each test. */
import { afterEach } from '@jest/globals';
import { createLunchClient, type LunchClientOptions } from '@lunch-relay/sdk';
import { inTurn, type Script, type ScriptedServer, startScripted } from './scripted.ts';

const open: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

export async function serve(...scripts: Script[]): Promise<ScriptedServer> {
  const server = await startScripted(inTurn(...scripts));
  open.push(server);
  return server;
}

export async function clientOf(scripts: Script[], options: Partial<LunchClientOptions> = {}) {
  const server = await serve(...scripts);
  return { server, client: createLunchClient({ baseUrl: server.url, ...options }) };
}

export async function elapsedMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

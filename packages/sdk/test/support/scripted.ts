/** Servers that answer as a script says: for what neither relay nor simulator can be made to do. */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request; `nth` counts from 0. */
export type Script = (response: ServerResponse, nth: number, request: IncomingMessage) => void;

export interface ScriptedServer {
  readonly url: string;
  /** The requests that came, in order. */
  readonly requests: readonly IncomingMessage[];
  close(): Promise<void>;
}

export async function startScripted(script: Script): Promise<ScriptedServer> {
  const requests: IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request);
    script(response, requests.length - 1, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Where nothing listens. Not just any low port: `fetch` refuses some without trying. */
export async function closedUrl(): Promise<string> {
  const server = await startScripted(hang);
  await server.close();
  return server.url;
}

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Script =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));

export const EMPTY_LIST = { restaurants: [] };

/** What `getRestaurant` needs at least. */
export const TODAY = {
  restaurant: { menu: [] },
  today: {
    identifier: 'a',
    name: 'A',
    region: 'Solna',
    date: '2026-11-23',
    status: 'served',
    dishes: [],
    notices: [],
    fetchedAt: '2026-11-23T10:00:00.000Z',
    stale: false,
  },
};

/** The connection ends instead of an answer. */
export const reset: Script = (response) => void response.socket?.resetAndDestroy();

/** The head promises more than comes. */
export const cut: Script = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
  response.write('{"restaurants":', () => response.socket?.destroy());
};

export const hang: Script = () => {};

/** The head at once, the body never. */
export const hangInBody: Script = (response) =>
  void response.writeHead(200, { 'Content-Type': 'application/json' }).write('{');

/** One script for each request; the last goes on. */
export const inTurn =
  (...scripts: Script[]): Script =>
  (response, nth, request) =>
    scripts[Math.min(nth, scripts.length - 1)]?.(response, nth, request);

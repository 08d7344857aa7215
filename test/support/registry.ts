/** A registry of packages on this machine: what `npm publish` sends and `npm view` asks for, and no more. */
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Packument {
  readonly versions: Record<string, { readonly dist: { readonly integrity: string } }>;
  readonly 'dist-tags': Record<string, string>;
}

export interface Registry {
  readonly url: string;
  /** By the name of the package. */
  readonly packages: ReadonlyMap<string, Packument>;
  /** Names of packages that nobody may publish. */
  readonly refused: Set<string>;
  close(): void;
}

export async function startRegistry(): Promise<Registry> {
  const packages = new Map<string, Packument>();
  const refused = new Set<string>();

  async function answer(request: IncomingMessage): Promise<readonly [status: number, body: unknown]> {
    const name = decodeURIComponent(new URL(request.url ?? '', 'http://registry').pathname.slice(1));
    const known = packages.get(name);
    if (request.method === 'GET') return known ? [200, known] : [404, { error: 'not_found' }];
    const sent = (await json(request)) as Packument;
    if (refused.has(name)) return [403, { error: 'forbidden' }];
    packages.set(name, {
      ...sent,
      versions: { ...known?.versions, ...sent.versions },
      'dist-tags': { ...known?.['dist-tags'], ...sent['dist-tags'] },
    });
    return [201, {}];
  }

  const server = http.createServer((request, response) => {
    void answer(request).then(([status, body]) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    packages,
    refused,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

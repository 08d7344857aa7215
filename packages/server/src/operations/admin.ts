/**
 * The admin listener's answers: is the process alive, may it get traffic, what does it count; and the purge of the cache.
 * Never on the public listener.
 */
import express, { type Express } from 'express';
import type { Registry } from 'prom-client';

interface AdminParts {
  readonly registry: Registry;
  /** False before the relay listens and while it drains. */
  readonly isReady: () => boolean;
  /** Told in `/readyz`; a tier that is down makes nothing unready, the relay serves on without it. */
  readonly tiers: ReadonlyArray<{ readonly name: string; state(): string }>;
  /** Lets go of what is stored for one relayed URI, or of all that any route has stored. */
  readonly purge: (uri?: string) => Promise<void>;
  /** Of the breaker in front of the upstream; told likewise. */
  readonly upstreamState: () => string;
}

export function createAdmin({ registry, isReady, tiers, purge, upstreamState }: AdminParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/livez', (_request, response) => {
    response.type('text').send('alive\n');
  });
  app.get('/readyz', (_request, response) => {
    const cache = Object.fromEntries(tiers.map((tier) => [tier.name, tier.state()]));
    response
      .status(isReady() ? 200 : 503)
      .json({ status: isReady() ? 'ready' : 'not ready', cache, breaker: upstreamState() });
  });
  app.delete('/cache', async (request, response) => {
    const { uri } = request.query;
    if (uri !== undefined && (typeof uri !== 'string' || !uri.startsWith('/'))) {
      response
        .status(400)
        .type('text')
        .send('uri must be one path of the relay, such as /version; without it, all goes\n');
      return;
    }
    await purge(uri);
    response.status(204).end();
  });
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return app;
}

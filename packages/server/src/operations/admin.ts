/** The admin listener's answers: is the process alive, may it get traffic, what does it count. Never on the public listener. */
import express, { type Express } from 'express';
import type { Registry } from 'prom-client';

interface AdminParts {
  readonly registry: Registry;
  /** False before the relay listens and while it drains. */
  readonly isReady: () => boolean;
  /** Told in `/readyz`; a tier that is down makes nothing unready, the relay serves on without it. */
  readonly tiers: ReadonlyArray<{ readonly name: string; state(): string }>;
  /** Of the breaker in front of the upstream; told likewise. */
  readonly upstreamState: () => string;
}

export function createAdmin({ registry, isReady, tiers, upstreamState }: AdminParts): Express {
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
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return app;
}

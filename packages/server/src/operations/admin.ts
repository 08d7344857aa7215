/**
 * The admin listener's answers: is the process alive, may it get traffic, what does it count; and the purge of the cache.
 * Never on the public listener.
 */
import express, { type Express } from 'express';

/** `starting`: it does not listen yet. `draining`: it has been told to stop. */
export type Readiness = 'starting' | 'ready' | 'draining';

/** How long its listener takes to stop at most: there is nothing to finish but a scrape. */
export const ADMIN_DRAIN_MS = 1_000;

interface AdminParts {
  readonly readiness: () => Readiness;
  /** Told in `/readyz`: what is down makes nothing unready, the relay serves on without it. */
  readonly detail: () => Promise<object> | object;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  readonly metricsType: string;
  /**
   * Lets go of what is stored for one relayed URI, or of all that any route has stored. Rejects if that is not certain; with
   * an error whose `status` is 400 if it is no URI of the relay's.
   */
  readonly purge: (uri?: string) => Promise<void>;
}

export function createAdmin({ readiness, detail, metrics, metricsType, purge }: AdminParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/livez', (_request, response) => {
    response.type('text').send('alive\n');
  });
  app.get('/readyz', async (_request, response) => {
    const status = readiness();
    response.status(status === 'ready' ? 200 : 503).json({ status, ...(await detail()) });
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
    try {
      await purge(uri);
    } catch (error) {
      const { message, status } = error as Error & { readonly status?: number };
      if (status === 400) response.status(400).type('text').send(`uri: ${message}\n`);
      else response.status(503).type('text').send(`not all is gone: ${message}\n`);
      return;
    }
    response.status(204).end();
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metricsType).send(await metrics());
  });
  return app;
}

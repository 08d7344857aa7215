/** http-proxy-middleware and nothing around it: what forwarding costs without cache, guard, checks, ids, log and metrics. */
import http from 'node:http';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { serve, taskOf } from './listening.ts';

const { target } = taskOf<{ target: string }>();
const agent = new http.Agent({ keepAlive: true, timeout: 30_000 });
const proxy = createProxyMiddleware<http.IncomingMessage, http.ServerResponse>({ target, agent });

serve(
  http.createServer((request, response) => {
    void proxy(request, response, () => response.writeHead(500).end());
  }),
);

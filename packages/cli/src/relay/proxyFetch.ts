/** `fetch` by way of the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. undici is loaded only where there is one. */
import { EnvHttpProxyAgent, fetch, type Response as ProxiedResponse } from 'undici';
import type { Io } from '../io.ts';

type Environment = Io['environment'];

/**
 * `http_proxy` leads to https: relays too where `https_proxy` names no other. Rejects as undici's `fetch` does. Throws for a
 * proxy whose URL is none.
 */
export function createProxyFetch(environment: Environment): (request: Request) => Promise<Response> {
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: proxyOf(environment, 'http_proxy'),
    httpsProxy: proxyOf(environment, 'https_proxy'),
    noProxy: environment['no_proxy'] ?? environment['NO_PROXY'] ?? '',
    // no tunnel where none is needed: many proxies allow CONNECT to port 443 only
    proxyTunnel: false,
  });
  return async ({ url, method, headers, signal }) => {
    const response: ProxiedResponse = await fetch(url, { method, headers: [...headers], signal, dispatcher });
    return response;
  };
}

/** Small letters first; `http:` where no scheme is said, as curl takes it; empty where none is named. */
function proxyOf(environment: Environment, name: 'http_proxy' | 'https_proxy'): string {
  const named = environment[name] || environment[name.toUpperCase()] || '';
  return named === '' || named.includes('://') ? named : `http://${named}`;
}

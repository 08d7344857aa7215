/** `fetch` by way of the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name. undici is loaded only where there is one. */
import { EnvHttpProxyAgent, fetch, type Response as ProxiedResponse } from 'undici';
import type { Io } from '../io.ts';

type Environment = Io['environment'];

/** Rejects as undici's `fetch` does. Throws for a proxy whose URL is none. */
export function createProxyFetch(environment: Environment): (request: Request) => Promise<Response> {
  const { httpProxy, httpsProxy } = proxiesOf(environment);
  const noProxy = environment['no_proxy'] ?? environment['NO_PROXY'] ?? '';
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy,
    // no tunnel where none is needed: many proxies allow CONNECT to port 443 only
    proxyTunnel: false,
  });
  return async ({ url, method, headers, signal }) => {
    const response: ProxiedResponse = await fetch(url, { method, headers: [...headers], signal, dispatcher });
    return response;
  };
}

/** By the conventions of curl: small letters first; undefined where none is named. */
function proxiesOf(environment: Environment) {
  const httpProxy = environment['http_proxy'] || environment['HTTP_PROXY'] || undefined;
  return { httpProxy, httpsProxy: environment['https_proxy'] || environment['HTTPS_PROXY'] || httpProxy };
}

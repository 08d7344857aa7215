/** An upstream that answers what a test says next, behind a relay that honours clients' directives, with a clock to set. */
import { MONDAY_11, startRelayTo } from './relay.ts';
import { startHttpUpstream } from './upstreams.ts';

type Fields = Readonly<Record<string, string | readonly string[]>>;

export interface NextAnswer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Fields;
  /** Default: `body 1`, `body 2`, … by request. */
  readonly body?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** What the upstream was asked for it: nothing, for the whole, or whether something has changed. */
  readonly upstream: 'not asked' | 'asked' | 'validated';
}

export interface TestOrigin {
  /** Of the relay. */
  readonly url: string;
  /** A path that nothing is stored for. */
  readonly freshPath: () => string;
  /** What the upstream answers from now on, its `Date` being the clock's unless it is given. */
  readonly answers: (answer: NextAnswer) => void;
  /** Nothing: the connection is reset. */
  readonly fails: () => void;
  readonly ask: (path: string, options?: { method?: string; headers?: Fields; body?: string }) => Promise<Reply>;
  readonly advance: (seconds: number) => void;
  /** A moment so many seconds from now, as HTTP writes it. */
  readonly date: (seconds: number) => string;
  readonly close: () => Promise<void>;
}

export async function startOrigin(settings: Readonly<Record<string, string>> = {}): Promise<TestOrigin> {
  let now = MONDAY_11;
  let paths = 0;
  let next: NextAnswer | 'reset' = {};
  const requests: Array<Record<string, unknown>> = [];
  const upstream = await startHttpUpstream((request, response) => {
    requests.push(request.headers);
    if (next === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const { status = 200, headers = {}, body = `body ${requests.length}` } = next;
    response.sendDate = false;
    if (headers['Date'] === undefined) response.setHeader('Date', new Date(now).toUTCString());
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const hasBody = status !== 304 && status !== 204 && request.method !== 'HEAD';
    if (hasBody) response.setHeader('Content-Length', Buffer.byteLength(body));
    response.writeHead(status).end(hasBody ? body : undefined);
  });
  const honouring = { UPSTREAM_CONCURRENCY: '0', RELAY_REQUEST_DIRECTIVES: 'honour' };
  const outside = { clock: () => now, random: () => 0.5 };
  const relay = await startRelayTo(upstream.url, { ...honouring, ...settings }, outside);
  return {
    url: relay.url,
    freshPath: () => `/${++paths}`,
    answers(answer) {
      next = answer;
    },
    fails() {
      next = 'reset';
    },
    async ask(path, { method = 'GET', headers = {}, body } = {}) {
      const before = requests.length;
      // Node's fetch adds fields of its own to conditional requests unless they are there
      const own = { 'Cache-Control': 'x', Pragma: 'x' };
      const given = Object.entries({ ...own, ...headers }).map(([name, value]) => [name, [value].flat().join(', ')]);
      const reply = await fetch(relay.url + path, {
        method,
        headers: Object.fromEntries(given) as Record<string, string>,
        redirect: 'manual',
        ...(body !== undefined && { body }),
      });
      const seen = requests[before];
      const isOwn = (field: string) => seen?.[field] !== undefined && headers[field] === undefined;
      return {
        status: reply.status,
        headers: reply.headers,
        body: await reply.text(),
        upstream: !seen ? 'not asked' : isOwn('if-none-match') || isOwn('if-modified-since') ? 'validated' : 'asked',
      };
    },
    advance(seconds) {
      now += seconds * 1_000;
    },
    date: (seconds) => new Date(now + seconds * 1_000).toUTCString(),
    async close() {
      await relay.close();
      await upstream.close();
    },
  };
}

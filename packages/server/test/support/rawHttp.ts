/** HTTP as it goes over the wire: for what an HTTP client would mend, hide or refuse to send. */
import net from 'node:net';

export interface RawResponse {
  readonly statusLine: string;
  /** In order and multiplicity, names as sent. */
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>;
  /** With chunked framing taken off. */
  readonly body: Buffer;
}

/** Sends a request head, and a body if given, on a connection of its own, and reads until the server closes it. */
export async function sendRaw(origin: string, lines: readonly string[], body = ''): Promise<RawResponse> {
  const { hostname, port } = new URL(origin);
  const socket = net.connect(Number(port), hostname);
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`, 'latin1');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return parse(Buffer.concat(chunks));
}

/** A GET or the like, with the Host field that a client would send. */
export function fetchRaw(
  url: string,
  { method = 'GET', headers = [] as readonly string[], body = '' } = {},
): Promise<RawResponse> {
  const { origin, host } = new URL(url);
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return sendRaw(
    origin,
    [`${method} ${url.slice(origin.length) || '/'} HTTP/1.1`, `Host: ${host}`, ...length, ...headers],
    body,
  );
}

function parse(bytes: Buffer): RawResponse {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  const framed = bytes.subarray(end + 4);
  const isChunked = headers.some(([name, value]) => name.toLowerCase() === 'transfer-encoding' && value === 'chunked');
  return { statusLine, headers, body: isChunked ? unchunk(framed) : framed };
}

function unchunk(framed: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let rest = framed; rest.length > 0; ) {
    const lineEnd = rest.indexOf('\r\n');
    const size = Number.parseInt(rest.subarray(0, lineEnd).toString('latin1'), 16);
    if (!(size > 0)) break;
    parts.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    rest = rest.subarray(lineEnd + 2 + size + 2);
  }
  return Buffer.concat(parts);
}
